import fc from 'fast-check';
import type { RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { TIME } from './time.js';
import { ZONE_DATABASE, zoneNamed, zoneNames } from '../go/time-zones.js';

const context = { instant: 1_795_203_000_123, seed: 'seed' };
const call = (name: string, ...args: readonly RegoValue[]): RegoValue | undefined =>
  TIME[`time.${name}`]!(context, ...args);

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const zone = fc.constantFrom(...zoneNames());

describe('time', () => {
  it('is the instant of the evaluation, exactly', () => {
    expect(call('now_ns')).toBe(1_795_203_000_123_000_000n);
  });

  it('comes back from its own text, for every zone of the database', () => {
    fc.assert(
      fc.property(int64, zone, (nanos, name) => {
        const layout = '2006-01-02T15:04:05.999999999Z07:00:00';
        const text = call('format', [nanos, name, layout])!;
        expect(BigInt(call('parse_ns', layout, text) as number)).toBe(nanos);
      }),
      { numRuns: 2000 },
    );
  });

  it('differs from itself moved by days by as many, and is moved back to itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 33 }), fc.integer({ min: 0, max: 27 }), (seconds, days) => {
        const nanos = BigInt(seconds) * 1_000_000_000n;
        const moved = call('add_date', nanos, 0, 0, days)!;
        expect(call('diff', nanos, moved)).toEqual([0, 0, days, 0, 0, 0]);
        expect(BigInt(call('add_date', moved, 0, 0, -days) as number)).toBe(nanos);
      }),
    );
  });

  it.each<[string, readonly RegoValue[], string]>([
    [
      'parse_rfc3339_ns',
      ['yesterday'],
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    ['parse_rfc3339_ns', ['2021-02-29T00:00:00Z'], 'parsing time "2021-02-29T00:00:00Z": day out of range'],
    [
      'parse_ns',
      ['2006é', '2020'],
      'parsing time "2020" as "2006\\xc3\\xa9": cannot parse "" as "\\xc3\\xa9"',
    ],
    ['parse_ns', ['2006', '2020 '], 'parsing time "2020 ": extra text: " "'],
    ['parse_ns', ['2006', '1600'], 'time outside of valid range'],
    ['parse_duration_ns', ['1x'], 'time: unknown unit "x" in duration "1x"'],
    ['parse_duration_ns', ['1dx'], 'time: invalid duration "1dx"'],
    ['format', [[0, 'Nowhere']], 'unknown time zone Nowhere'],
    ['date', [2n ** 63n], 'timestamp too big'],
    ['date', [0.5], 'timestamp too big'],
    ['clock', [[]], 'operand 1 must be either number (ns) or [number (ns), string (tz)] but got array'],
    ['add_date', [0, 293, 0, 0], 'time outside of valid range'],
  ])('refuses as OPA does: %s %j', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(new BuiltinError(message));
  });

  it('knows no zone of the machine it runs on', () => {
    expect(() => call('format', [0, 'Local'])).toThrow('Local is not the same everywhere');
  });
});

describe('zones', () => {
  it('are of the release that is recorded', () => {
    expect(ZONE_DATABASE).toMatch(/^tzdb 20\d\d[a-z]$/);
    expect(zoneNames().length).toBeGreaterThan(590);
  });

  it('follow their rules beyond the end of the table', () => {
    const newYork = zoneNamed('America/New_York')!;
    const at = (text: string): string => newYork.at(Date.parse(text) / 1000).abbreviation;
    expect(at('2261-03-10T06:59:59Z')).toBe('EST');
    expect(at('2261-03-10T07:00:00Z')).toBe('EDT');
    expect(at('2261-11-03T05:59:59Z')).toBe('EDT');
    expect(at('2261-11-03T06:00:00Z')).toBe('EST');
  });

  it('hand over to one another without a gap', () => {
    fc.assert(
      fc.property(zone, fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), (name, unix) => {
        const found = zoneNamed(name)!;
        const { start, end, offset } = found.at(unix);
        expect(start <= unix && unix < end).toBe(true);
        if (Number.isFinite(end)) expect(found.at(end).start).toBe(end);
        expect(Math.abs(offset)).toBeLessThan(16 * 3600);
      }),
      { numRuns: 2000 },
    );
  });
});
