import fc from 'fast-check';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { jsonOfDump, parseRego } from './read-dump.js';
import { toJson } from './rego-value.js';
import { writeTerm } from './write-term.js';

const json = (dump: string): unknown => toJson(parseRego(dump));

describe('a dumped Rego value', () => {
  it('is read as the JSON it stands for', () => {
    const exact = fc
      .jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
      .map((value) => JSON.stringify(value))
      .filter((text) => !/\d{16}|[eE]/.test(text));
    fc.assert(
      fc.property(exact, fc.constantFrom(0, 1), (text, indent) => {
        const value = JSON.parse(text) as JsonValue;
        expect(json(JSON.stringify(value, null, indent))).toEqual(value);
      }),
      { numRuns: 10_000 },
    );
  });

  it('writes sets as arrays in the order Rego has: by kind, then by value', () => {
    expect(json('{{1}, set(), {"a": 1}, {}, [2], [1, 9], "b", "a", 10, 9, true, false, null}')).toEqual([
      null,
      false,
      true,
      9,
      10,
      'a',
      'b',
      [1, 9],
      [2],
      {},
      { a: 1 },
      [],
      [1],
    ]);
  });

  it('orders strings by code point, as Go does, not by UTF-16 unit', () => {
    expect(json('{"😀", "\uffee"}')).toEqual(['\uffee', '😀']);
  });

  it('orders a set alike however it was dumped', () => {
    const members = fc.uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(members, fc.infiniteStream(fc.nat(1000)), (values, weights) => {
        const shuffled = values
          .map((value) => ({ value, weight: weights.next().value }))
          .sort((a, b) => a.weight - b.weight);
        const dump = (list: readonly unknown[]): string =>
          `{${list.map((value) => JSON.stringify(value)).join(', ')}}`;
        expect(json(dump(shuffled.map(({ value }) => value)))).toEqual(json(dump(values)));
      }),
    );
  });

  it('writes keys that are not strings as their JSON text, and refuses two that become one', () => {
    expect(json('{null: 1, 1: "one", [1]: 2, {2}: 3, "a": {true}}')).toEqual({
      null: 1,
      '1': 'one',
      '[1]': 2,
      '[2]': 3,
      a: [true],
    });
    expect(() => json('{1: "a", "1": "b"}')).toThrow('one JSON name');
  });

  it('gives numbers one spelling and refuses those a double would round', () => {
    expect(json('[1.0, 1e0, -0, 0.10, 1e3]')).toEqual([1, 1, 0, 0.1, 1000]);
    expect(() => json('[9007199254740993]')).toThrow('double');
    expect(() => json('1e999')).toThrow('double');
  });

  it('keeps the spelling of a number, for what prints it', () => {
    const spellings = ['1', '1.0', '1e3', '0.10', '2e308', '12345678901234567890', '1.5', '1e21', '0.1e-7'];
    expect(spellings.map((text) => writeTerm(parseRego(text)))).toEqual(spellings);
    expect(json('{1, 1.0, 1e0}')).toEqual([1]);
  });

  it('gives a fraction its zero, which Rego may leave out and a module cannot read without', () => {
    expect(['.5', '-.5', '.50', '-.0'].map((text) => writeTerm(parseRego(text)))).toEqual([
      '0.5',
      '-0.5',
      '0.50',
      '-0.0',
    ]);
  });

  it.each(['', '{', '[1', '[1,]', '{1:', '{1: 2, 3}', '{1, 2: 3}', '1 2', 'nil', '"open', '1.2.3', 'set('])(
    'is refused when it is %j',
    (dump) => {
      expect(() => json(dump)).toThrow();
    },
  );

  it('becomes the same JSON whether a shortcut is taken or not', () => {
    const number = fc.oneof(
      fc.stringMatching(/^-?(0|[1-9]\d{0,17})(\.\d{1,18})?([eE][+-]?\d{1,3})?$/),
      fc.constantFrom('-0', '-0.0', '0e5', '9007199254740993', '1e400', '1e-400', '1.5'),
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((each) => JSON.stringify(each)),
      fc.constantFrom('"-0"', '"3e45"', '"\\ud83d"', '"1e5, 2"', '"set()"', '"{1, 2}"', '"__proto__"'),
    );
    const { value } = fc.letrec<{ value: string }>((tie) => {
      const items = fc.array(tie('value'), { maxLength: 4 });
      const key = fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: number });
      return {
        value: fc.oneof(
          { depthSize: 'small' },
          ...[number, text, fc.constantFrom('null', 'true', 'false', 'set()')],
          items.map((list) => `[${list.join(', ')}]`),
          items.map((members) => (members.length === 0 ? 'set()' : `{${members.join(', ')}}`)),
          fc.dictionary(key, tie('value'), { maxKeys: 4 }).map(
            (entries) =>
              `{${Object.entries(entries)
                .map(([k, item]) => `${k}: ${item}`)
                .join(', ')}}`,
          ),
        ),
      };
    });
    const attempt = (read: () => unknown): unknown => {
      try {
        return read();
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
    };
    let taken = 0;
    fc.assert(
      fc.property(value, (dump) => {
        const short = attempt(() => JSON.parse(jsonOfDump(dump)) as unknown);
        taken += attempt(() => jsonOfDump(dump) === dump) === true ? 1 : 0;
        expect(short).toEqual(attempt(() => json(dump)));
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(2_000);
  });
});
