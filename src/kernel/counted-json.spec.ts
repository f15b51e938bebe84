import fc from 'fast-check';
import { parseCountedJson, type JsonSight } from './counted-json.js';
import { parseJson, type JsonLimits } from './strict-json.js';

const LIMITS: JsonLimits = { maxDepth: 6, byteOrderMark: 'strip', inexactNumbers: 'text' };

/** As the scanner of long lists sees them. */
function sightOf(text: string): JsonSight {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/gs, '');
  return { keys: outside.split(':').length - 1, hasMinus: outside.includes('-') };
}

/** Texts that are nearly JSON, or JSON that a lenient parser reads in its own way. */
const number = fc.oneof(
  fc.double().map(String),
  fc.maxSafeInteger().map(String),
  fc.constantFrom('0', '-0', '-0.0', '0.0', '1e-400', '-1e-400', '0e5', '1e400', '9007199254740993', '12.50'),
  fc.constantFrom(`0.${'0'.repeat(330)}1`, `${'1'.repeat(400)}e-400`, '01', '+1', '1.', '5E-324', '2e-324'),
);
const string = fc.oneof(
  fc.string().map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\ud800"', '"\\uD83D\\uDE00"', '"\\u0041"', '"\\\\ud800"', '":"', '"\\":\\""', '"é😀"'),
);
const name = fc.constantFrom(
  '"a"',
  '"b"',
  '"\\u0061"',
  '"__proto__"',
  '"1"',
  '"0"',
  '"a:b"',
  '"constructor"',
);
const { value: json } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    fc.oneof(number, string, fc.constantFrom('null', 'true', 'false', ' [ ]', '{ }')),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${key} :${value}`).join(',')}}`),
  ),
}));

it('answers what the strict reader answers, or nothing', () => {
  const seen = { same: 0, left: 0 };
  fc.assert(
    fc.property(
      json,
      fc.option(fc.tuple(fc.nat(), fc.constantFrom('', ',', '}', ']', '"', ':', '0'))),
      (given, cut) => {
        const at = cut ? cut[0] % (given.length + 1) : 0;
        const text = cut ? given.slice(0, at) + cut[1] + given.slice(at + 1) : given;
        if (!text.isWellFormed()) return;
        const counted = parseCountedJson(text, sightOf(text), LIMITS);
        if (counted === undefined) {
          seen.left += 1;
          return;
        }
        seen.same += 1;
        const strict = parseJson(text, LIMITS);
        expect(strict).toEqual({ ok: true, value: counted });
        expect(JSON.stringify(counted)).toBe(JSON.stringify(strict.ok && strict.value)); // -0, order of keys
      },
    ),
    { numRuns: 3000 },
  );
  expect(Math.min(seen.same, seen.left)).toBeGreaterThan(300); // both sides were tried
});

it.each([
  ['a key twice', '{"a":1,"a":2}'],
  ['a key twice, once with an escape', '[{"a":{"b":1,"\\u0062":2}}]'],
  ['a lone surrogate', '["\\ud800"]'],
  ['an integer that no double holds', '[9007199254740993]'],
  ['minus nothing', '[-0]'],
  ['a number that rounds to nothing', '[1e-400]'],
  ['one that does so without an exponent', `[0.${'0'.repeat(330)}1]`],
  ['a number beyond all', '[1e400]'],
  ['more depth than allowed', '[[[[[[[1]]]]]]]'],
  ['no JSON', '[1,]'],
])('leaves to the strict reader: %s', (_, text) => {
  expect(parseCountedJson(text, sightOf(text), LIMITS)).toBeUndefined();
});

it.each(['{"a":{"b":[0,"\\u0041",1.5,-3]},"c":":"}', '[[[[[[1]]]]]]', '{"__proto__":{"a":1}}', '[1e3]'])(
  'reads itself what nobody reads in another way: %s',
  (text) => {
    expect(parseCountedJson(text, sightOf(text), LIMITS)).toBeDefined();
  },
);
