import type { JsonValue } from '../../kernel/canonical-json.js';
import { HOST_BUILTINS } from './table.js';

const context = { instant: 1_795_203_000_123, seed: 'seed' };
const call = (name: string, ...args: readonly JsonValue[]): unknown =>
  HOST_BUILTINS.get(name)?.(context, ...args);

describe('host builtins', () => {
  it('answer the instant of the evaluation as the time, exactly', () => {
    expect(call('time.now_ns')).toBe(1_795_203_000_123_000_000n);
  });

  it('read times and versions', () => {
    expect(call('time.parse_rfc3339_ns', '2026-11-20T19:30:00Z')).toBe(1_795_203_000_000_000_000n);
    expect(call('semver.compare', '1.2.3', '1.10.0')).toBe(-1);
    expect(call('semver.is_valid', '1.2.3')).toBe(true);
    expect(call('semver.is_valid', 123)).toBe(false);
  });

  it('match one string or a collection of them against affixes', () => {
    expect(call('strings.any_prefix_match', 'src/a.ts', ['test/', 'src/'])).toBe(true);
    expect(call('strings.any_prefix_match', ['a', 'b'], 'c')).toBe(false);
    expect(call('strings.any_suffix_match', ['a.go', 'b.py'], ['.py'])).toBe(true);
    expect(call('strings.any_suffix_match', [], ['.py'])).toBe(false);
  });

  it.each<[string, readonly JsonValue[]]>([
    ['time.parse_rfc3339_ns', ['yesterday']],
    ['time.parse_rfc3339_ns', [1]],
    ['semver.compare', ['1.2.3', 'latest']],
    ['semver.compare', [1, 2]],
    ['strings.any_prefix_match', [['a', 1], 'a']],
    ['strings.any_suffix_match', ['a', { a: 'a' }]],
  ])('are undefined where OPA reports an error: %s %j', (name, args) => {
    expect(call(name, ...args)).toBeUndefined();
  });
});
