import { parseRego } from '../value/read-dump.js';
import { writeTerm } from '../value/write-term.js';
import { PATTERNS } from './patterns.js';

const context = { instant: 0, seed: '' };

function call(name: string, ...operands: readonly (string | number)[]): string {
  const answer = PATTERNS[name]?.(context, ...operands);
  return answer === undefined ? 'undefined' : writeTerm(answer);
}

describe('pattern builtins', () => {
  it.each([
    ['regex.find_n', ['a*', 'baaac', -1], '["","aaa",""]'],
    ['regex.find_n', ['[a-z]+', 'ab cd ef', 2], '["ab","cd"]'],
    ['regex.find_n', ['', 'a😀', -1], '["","",""]'],
    ['regex.find_n', ['^a', 'aa', -1], '["a"]'],
    ['regex.replace', ['-ab-axxb-', 'a(?P<mid>x*)b', '[$mid|${1}W|$1W|$$]'], '"-[|W||$]-[xx|xxW||$]-"'],
    ['regex.replace', ['abc', '', '-'], '"-a-b-c-"'],
    ['regex.replace', ['x', '(x)', '$constructor$__proto__!'], '"!"'],
    ['regex.split', ['a*', 'aab'], '["","b"]'],
    ['regex.split', ['a', ''], '[""]'],
    ['regex.split', ['', ''], '[]'],
    ['regex.template_match', ['urn.x:{[a-z]+}!', 'urn.x:abc!', '{', '}'], 'true'],
    ['regex.template_match', ['urn.x:{[a-z]+}!', 'urnxx:abc!', '{', '}'], 'false'],
    ['regex.globs_match', ['a.*[0-9]z', '.*b[4-6]z'], 'true'],
    ['regex.globs_match', ['a+', 'b*'], 'false'],
  ])('%s%j is %s', (name, operands, answer) => {
    expect(call(name, ...operands)).toBe(writeTerm(parseRego(answer)));
  });

  it.each([
    ['regex.find_n', ['(a)\\1', 'aa', -1], 'invalid escape sequence'],
    ['regex.find_n', ['(?=a)', 'a', -1], 'invalid or unsupported Perl syntax'],
    ['regex.find_n', ['a{1001}', 'a', -1], 'bad repetition|invalid repeat count'],
    ['regex.template_match', ['a{b', 'ab', '{', '}'], 'unbalanced braces'],
    ['regex.template_match', ['ab', 'ab', '{{', '}'], 'exactly one character long but is 2 long'],
    ['regex.template_match', ['a{(}c{)}', 'ac', '{', '}'], 'missing'],
    ['regex.globs_match', ['[a', 'a'], 'the input provided is invalid'],
    ['regex.globs_match', ['+', 'a'], 'the input provided is invalid'],
    ['regex.globs_match', ['a\\', 'a'], 'the input provided is invalid'],
  ])('%s%j errs: %s', (name, operands, message) => {
    expect(() => call(name, ...operands)).toThrow(new RegExp(message));
  });

  it('is not stalled by what stalls a backtracking matcher', () => {
    const started = performance.now();
    const hostile = 'a'.repeat(50_000);
    expect(call('regex.find_n', '(a+)+$', `${hostile}!`, -1)).toBe('[]');
    expect(call('regex.replace', `${hostile}!`, '^(a|a)*$', 'x')).toBe(JSON.stringify(`${hostile}!`));
    // OPA 1.22 takes time that doubles with each pair of these.
    expect(call('regex.globs_match', '.*a'.repeat(60), `${'.*a'.repeat(59)}.*b`)).toBe('false');
    expect(call('regex.globs_match', `${'a*'.repeat(500)}.+c`, `${'.*a'.repeat(500)}b`)).toBe('false');
    expect(call('regex.globs_match', '[\\u0000-\u{10ffff}]', '[\\u0000-\u{10ffff}]')).toBe('true');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('keeps many patterns in bounded memory', () => {
    for (let index = 0; index < 2_000; index++)
      expect(call('regex.find_n', `a{${index % 900},}b${index}`, `b${index}`, 1)).toBe(
        index % 900 === 0 ? `["b${index}"]` : '[]',
      );
  });
});
