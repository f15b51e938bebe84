import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from './canonical-json.js';

const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }) as fc.Arbitrary<JsonValue>;

describe('canonical JSON', () => {
  it('is what the package canonicalize writes, wherever the value is exact', () => {
    let written = 0;
    fc.assert(
      fc.property(json, (value) => {
        let ours: string;
        try {
          ours = canonicalJson(value);
        } catch {
          return; // -0, large integers: the package would alter them in silence
        }
        written += 1;
        expect(ours).toBe(canonicalize(value));
      }),
      { numRuns: 10_000 },
    );
    expect(written).toBeGreaterThan(5_000);
  });

  it.each<[string, JsonValue, string]>([
    // RFC 8785 §3.2.3, the example of sorting by UTF-16 code units
    [
      'the order of keys of RFC 8785',
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
    // RFC 8785 §3.2.2
    [
      'the numbers and strings of RFC 8785',
      {
        numbers: [JSON.parse('333333333.33333329') as number, 1e30, 4.5, 2e-3, 1e-27],
        string: '€$\u000f\nA\'B"\\\\"/',
      },
      '',
    ],
  ])('writes %s', (_, value, expected) => {
    if (expected === '') {
      expect(() => canonicalJson(value)).toThrow('$.numbers[1]: beyond 2^53');
      const { numbers, string } = value as { numbers: number[]; string: string };
      expect(canonicalJson({ string, numbers: numbers.filter((n) => n !== 1e30) })).toBe(
        '{"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
      );
    } else expect(canonicalJson(value)).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['undefined', { a: [{ b: undefined }] }, '$.a[0].b: undefined is not JSON'],
    ['a hole in an array', [1, , 2], '$[1]: undefined is not JSON'], // eslint-disable-line no-sparse-arrays
    ['NaN', [NaN], '$[0]: NaN is not exact'],
    ['an infinity', { a: -Infinity }, '$.a: -Infinity is not exact'],
    ['-0', -0, '$: 0 is not exact'],
    ['an integer beyond 2^53', 2 ** 53, '$: beyond 2^53'],
    ['a lone surrogate', ['\ud800'], '$[0]: lone surrogate'],
    ['a key with one', { '\udc00': 1 }, '$: key with a lone surrogate'],
    ['a Map', { a: new Map() }, '$.a: not a plain object'],
    ['a Date', [new Date(0)], '$[0]: not a plain object'],
    ['a bigint', 1n, '$: bigint is not JSON'],
    ['toJSON', { toJSON: () => 1 }, '$.toJSON: function is not JSON'],
  ])('refuses %s, and says where', (_, value, message) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(new TypeError(message));
  });
});
