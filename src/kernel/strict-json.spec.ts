import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { parseJson, STRICT_JSON, type JsonFault, type JsonLimits } from './strict-json.js';

const value = (source: string | Uint8Array, limits?: Partial<JsonLimits>): unknown => {
  const read = parseJson(source, { ...STRICT_JSON, ...limits });
  if (!read.ok) throw new Error(JSON.stringify(read.problem));
  return read.value;
};
const problem = (source: string | Uint8Array, limits?: Partial<JsonLimits>): object => {
  const read = parseJson(source, { ...STRICT_JSON, ...limits });
  if (read.ok) throw new Error(`accepted: ${JSON.stringify(read.value)}`);
  return read.problem;
};
const exact = (double: number): boolean => !Number.isInteger(double) || Number.isSafeInteger(double);
/** A failing property prints its seed. */
const numRuns = 10_000;

describe('parseJson', () => {
  it('agrees with JSON.parse on every value JSON can say exactly', () => {
    const document = fc
      .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
      .filter((v) => allNumbers(v).every(exact));
    fc.assert(
      fc.property(document, fc.constantFrom(0, 1, '\t', '\r\n '), (given, indent) => {
        const text = JSON.stringify(given, null, indent);
        // Through text again: fast-check makes -0 and null prototypes, which JSON cannot say.
        expect(value(text)).toEqual(JSON.parse(JSON.stringify(JSON.parse(text))));
        expect(value(Buffer.from(text))).toEqual(value(text));
      }),
      { numRuns },
    );
  });

  it('never accepts what JSON.parse refuses, whatever character is changed', () => {
    const start = '{"a":[1,-2.5e+3,"x\\u00e9\\n",true,false,null,{}],"b":"ü😀"}';
    const characters = fc.constantFrom(
      ...Array.from('{}[]",:\\0123456789.eE+-truefalsn u\u0000\t\n\u00a0😀'),
    );
    fc.assert(
      fc.property(fc.nat(start.length), fc.nat(3), characters, (at, removed, character) => {
        const text = start.slice(0, at) + character + start.slice(at + removed);
        const read = parseJson(text);
        if (read.ok) expect(canonicalJson(read.value)).toBe(canonicalJson(unsigned(JSON.parse(text))));
        else if (accepts(text))
          expect(['DuplicateKey', 'LoneSurrogate', 'InexactNumber']).toContain(read.problem.fault);
      }),
      { numRuns },
    );
  });

  it.each<[JsonFault, string, number, number]>([
    ['Syntax', '', 1, 1],
    ['Syntax', '{"a":1,}', 1, 8],
    ['Syntax', '[1,\n 2,\n 03]', 3, 3],
    ['Syntax', '["a\tb"]', 1, 4],
    ['Syntax', '["a\\x"]', 1, 4],
    ['Syntax', '["\\u12g4"]', 1, 3],
    ['Syntax', '["open', 1, 7],
    ['Syntax', '[+1]', 1, 2],
    ['Syntax', '[1.]', 1, 3],
    ['Syntax', "{'a':1}", 1, 2],
    ['Syntax', '[NaN]', 1, 2],
    ['Syntax', '[1 /* no */]', 1, 4],
    ['TrailingText', '{}\n{}', 2, 1],
    ['TrailingText', '1 1', 1, 3],
    ['DuplicateKey', '{"a":1,\n  "\\u0061":2}', 2, 3],
    ['DuplicateKey', '{"__proto__":1,"__proto__":2}', 1, 16],
    ['LoneSurrogate', '["\\ud800"]', 1, 3],
    ['LoneSurrogate', '["\\udc00\\ud800"]', 1, 3],
    ['LoneSurrogate', '["ab\ud800"]', 1, 5],
    ['InexactNumber', '[9007199254740993]', 1, 2],
    ['InexactNumber', '[1e400]', 1, 2],
    ['InexactNumber', '[1e-400]', 1, 2],
    ['ByteOrderMark', '\ufeff{}', 1, 1],
  ])('refuses with %s: %j at line %i, column %i', (fault, text, line, column) => {
    expect(problem(text)).toMatchObject({ kind: 'InvalidJson', fault, line, column });
  });

  it('says where bytes stop being UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"ü":\n "a'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]);
    expect(problem(bytes)).toMatchObject({ fault: 'InvalidUtf8', line: 2, column: 4, offset: 9 });
    expect(problem(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toMatchObject({
      fault: 'InvalidUtf8',
      offset: 1,
    });
    expect(problem(Buffer.from([0x22, 0xc0, 0x80, 0x22]))).toMatchObject({ fault: 'InvalidUtf8', offset: 1 });
  });

  it('takes what the limits allow', () => {
    expect(value('\ufeff{}', { byteOrderMark: 'strip' })).toEqual({});
    expect(value('[12345678901234567890, 1e400, 5]', { inexactNumbers: 'text' })).toEqual([
      '12345678901234567890',
      '1e400',
      5,
    ]);
    expect(value('[[[]]]', { maxDepth: 3 })).toEqual([[[]]]);
    expect(problem('[[[{}]]]', { maxDepth: 3 })).toMatchObject({ fault: 'TooDeep', offset: 3 });
    expect(value('[[],[],[[]]]', { maxDepth: 3 })).toEqual([[], [], [[]]]);
  });

  it('reads __proto__ as an ordinary key and -0 as 0', () => {
    const read = value('{"__proto__":{"admin":true}}') as object;
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect((read as { admin?: boolean }).admin).toBeUndefined();
    expect(canonicalJson([value('-0') as number, value('-0.0e7') as number])).toBe('[0,0]');
  });

  it('reads megabytes in a fraction of a second', () => {
    const finding = {
      rule: 'B101',
      message: 'assert used "here"\n',
      path: 'src/a.py',
      line: 12,
      ok: [true, null, 0.5],
    };
    const text = JSON.stringify(Array.from({ length: 50_000 }, (_, id) => ({ ...finding, id })));
    const started = performance.now();
    expect(value(Buffer.from(text))).toHaveLength(50_000);
    expect(performance.now() - started).toBeLessThan(5_000); // 5 MB; about 0.1 s on an idle machine
  });
});

function allNumbers(given: unknown): number[] {
  if (typeof given === 'number') return [given];
  return typeof given === 'object' && given !== null ? Object.values(given).flatMap(allNumbers) : [];
}

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unsigned<T>(given: T): T {
  return JSON.parse(JSON.stringify(given)) as T;
}
