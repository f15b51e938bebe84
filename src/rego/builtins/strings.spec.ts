import { parseRego } from '../value/read-dump.js';
import { writeTerm } from '../value/write-term.js';
import { ENCODINGS } from './encodings.js';
import { STRINGS } from './strings.js';

const context = { instant: 0, seed: '' };

/** Operands and answer in Rego notation. */
function call(name: string, operands: string): string {
  const builtin = { ...STRINGS, ...ENCODINGS }[name];
  const answer = builtin?.(context, ...(parseRego(`[${operands}]`) as readonly string[]));
  return answer === undefined ? 'undefined' : writeTerm(answer);
}

describe('text builtins', () => {
  it.each([
    ['strings.any_prefix_match', '"src/a.ts", ["test/", "src/"]', 'true'],
    ['strings.any_prefix_match', '["b", "a"], {"ab", "c"}', 'false'],
    ['strings.any_prefix_match', '{"ab", "abc", "b"}, ["abcd", "abc"]', 'true'],
    ['strings.any_prefix_match', '[], ""', 'false'],
    ['strings.any_suffix_match', '["a.go", "b.py"], [".py"]', 'true'],
    ['strings.any_suffix_match', '["x😀"], ["😁", "😀"]', 'true'],
    ['strings.any_suffix_match', '[], [".py"]', 'false'],
    ['strings.count', '"cheese", "e"', '3'],
    ['strings.count', '"a😀", ""', '3'],
    ['strings.count', '"aaaa", "aa"', '2'],
    ['strings.split_n', '"a.b.c", ".", 2', '["a","b"]'],
    ['strings.split_n', '"a.b.c", ".", -2', '["b","c"]'],
    ['strings.split_n', '"a.b.c", ".", 0', '[]'],
    ['strings.split_n', '"a😀", "", 9223372036854775807', '["a","😀"]'],
    ['strings.split_n', '"a.b", ".", 1.0', '["a"]'],
    ['indexof_n', '"aaa", "aa"', '[0,1]'],
    ['indexof_n', '"😀x😀x", "x"', '[1,3]'],
    ['glob.quote_meta', '"a*b?[c]{d}\\\\"', '"a\\\\*b\\\\?\\\\[c\\\\]\\\\{d\\\\}\\\\\\\\"'],
    ['hex.encode', '"é"', '"c3a9"'],
    ['hex.decode', '"C3a9"', '"é"'],
    ['hex.decode', '"61ff80c3"', '"a���"'],
    ['base64url.encode_no_pad', '"??>"', '"Pz8-"'],
  ])('%s(%s) is %s', (name, operands, answer) => {
    expect(call(name, operands)).toBe(answer);
  });

  it.each([
    ['strings.any_prefix_match', '1, "a"', 'operand 1 must be one of {string, set, array} but got number'],
    [
      'strings.any_prefix_match',
      '["a", 1], "a"',
      'operand 1 must be array of strings but got array containing number',
    ],
    [
      'strings.any_suffix_match',
      '"a", {null}',
      'operand 2 must be set of strings but got set containing null',
    ],
    ['strings.split_n', '"a", ".", 1.5', 'operand 3 must be integer number but got floating-point number'],
    ['strings.split_n', '"a", ".", 1e0', 'operand 3 must be integer number but got floating-point number'],
    ['strings.split_n', '"a", ".", 9223372036854775808', 'operand 3 must be integer'],
    ['indexof_n', '"a", ""', 'empty search character'],
    ['hex.decode', '"6g"', 'invalid byte'],
    ['hex.decode', '"666"', 'odd length'],
  ])('%s(%s) errs: %s', (name, operands, message) => {
    expect(() => call(name, operands)).toThrow(message);
  });

  it('takes time linear in texts that repeat themselves', () => {
    const [given, wanted] = ['a'.repeat(400_000), `${'a'.repeat(100_000)}b`];
    const started = performance.now();
    expect(call('indexof_n', JSON.stringify([given, wanted]).slice(1, -1))).toBe('[]');
    const many = Array.from({ length: 20_000 }, (_, index) => `${given.slice(0, 50)}${index}`);
    expect(
      call(
        'strings.any_prefix_match',
        `${JSON.stringify(many)}, ${JSON.stringify(many.map((each) => `${each}x`))}`,
      ),
    ).toBe('false');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
