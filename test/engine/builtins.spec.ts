import type { JsonValue } from '../../src/kernel/canonical-json.js';
import { canonicalJson } from '../../src/kernel/canonical-json.js';
import { answersOf, aRequest, compile, engineOver, toolchain, valueOf } from './kit.js';

/** Calls whose answers must be those of the compiler's own evaluator, undefined included. */
const CALLS: Readonly<Record<string, readonly (readonly JsonValue[])[]>> = {
  'time.parse_rfc3339_ns': [
    '2026-11-20T19:30:00Z',
    '2026-11-20T19:30:00.123456789+05:30',
    '2026-11-20T19:30:00,5Z',
    '2026-11-20T9:30:00Z',
    '2026-11-20T19:30:00.12345678912Z',
    '2026-11-20T19:30:00+24:60',
    '2026-11-20T19:30:00+25:00',
    '2026-11-20t19:30:00Z',
    '2026-11-20T19:30:00z',
    '2024-02-29T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-06-30T23:59:60Z',
    '2262-04-11T23:47:16.854775807Z',
    '2262-04-11T23:47:16.854775808Z',
    '1677-09-21T00:12:43.145224192Z',
    '1677-09-21T00:12:43.145224191Z',
    '0000-01-01T00:00:00Z',
    '',
  ].map((text) => [text]),
  'semver.is_valid': ['1.2.3', 'v1.2.3', '1.2', '1.2.3-01', '1.2.3-0a.b+c', '01.2.3', '', 7].map((text) => [
    text,
  ]),
  'semver.compare': [
    ['1.2.3', '1.10.0'],
    ['1.0.0-rc.1', '1.0.0'],
    ['1.0.0-2', '1.0.0-10'],
    // Not here: two unequal identifiers beyond 64 bits, over which OPA 1.22.0 itself loops for ever.
    ['1.0.0-a', '1.0.0-1'],
    ['1.0.0+a', '1.0.0+b'],
    ['1.0.0', 'latest'],
  ],
  'strings.any_prefix_match': [
    ['src/a.ts', 'src/'],
    [
      ['lib/a', 'src/b'],
      ['src/', 'test/'],
    ],
    [[], ['a']],
    [['😀a'], ['😀']],
    ['a', ''],
    [['a', 1], 'a'],
  ],
  'strings.any_suffix_match': [
    ['src/a.ts', '.ts'],
    [
      ['a.go', 'b.py'],
      ['.js', '.py'],
    ],
    ['a', []],
    [['b'], ['a', 2]],
  ],
};

describe('host builtins', () => {
  it.each(Object.entries(CALLS))(
    '%s answers as OPA does',
    async (name, calls) => {
      const args = calls[0]?.map((_, index) => `call[${String(index)}]`).join(', ') ?? '';
      // Text on both sides, because nanoseconds are beyond what JSON may carry; and inside a set comprehension a
      // call that errs leaves a hole instead of stopping everything.
      const text = `package p\n\nanswers := {$"{i}: {answer}" | some i, call in input; answer := ${name}(${args})}\n`;
      const bundle = await compile(text, 'p/answers');
      const engine = engineOver([bundle], { threads: 1 });
      const ours = answersOf(await engine.evaluate(aRequest(bundle, { input: canonicalJson(calls) })));
      await engine.close();
      const files = [{ path: 'policy.rego', text }];
      const theirs = valueOf(await toolchain().evaluate({ files, entrypoint: 'p/answers', input: calls }));
      expect(ours[0]).toEqual(theirs);
    },
    60_000,
  );
});
