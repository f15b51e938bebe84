import { parseRego } from '../value/read-dump.js';
import type { RegoValue } from '../value/rego-value.js';
import { FORMATTING } from './formatting.js';

const context = { instant: 0, seed: '' };
const call = (name: string, text: string, operand: string): RegoValue | undefined =>
  FORMATTING[name]?.(context, text, parseRego(operand));

describe('sprintf', () => {
  it.each([
    ['%s is %d', '["a", 5]', 'a is 5'],
    [
      '%v',
      '[[1.50, "x\\ty", {2, set()}, {"k": null, [1]: true}]]',
      '[1.50, "x\\ty", {2, set()}, {"k": null, [1]: true}]',
    ],
    ['%d %f', '[1.0, 1e2]', '%!d(float64=1) 100.000000'],
    [
      '%d %s %v',
      '[123456789012345678901, 123456789012345678901, 2e308]',
      '123456789012345678901 123456789012345678901 2e308',
    ],
    ['%d %s', '["a", 1]', '%!d(string=a) %!s(int64=1)'],
    [
      '%05d|%-5d|%+d|%x|%#o|%U|%c|%q',
      '[-5, 5, 5, 255, 8, 233, 233, 10]',
      "-0005|5    |+5|ff|010|U+00E9|é|'\\n'",
    ],
    ['%.0f %.0f %.2f %g %e', '[0.5, 1.5, 0.005, 1e21, 1234.5]', '0 2 0.01 1e+21 1.234500e+03'],
    ['%8.3f|%-8.3f|%+08.3f', '[3.14159, 3.14159, 3.14159]', '   3.142|3.142   |+003.142'],
    ['%5s|%.1s|%q|%x', '["é", "éa", "\\u0001é", "hi"]', '    é|é|"\\x01é"|6869'],
    ['%[2]d %[1]d', '[1, 2]', '2 1'],
    ['%*d', '[5, 1]', '    1'],
    ['%d %d', '[1]', '1 %!d(MISSING)'],
    ['%d', '[1, "x"]', '1%!(EXTRA string=x)'],
    ['%[3]d %', '[1]', '%!d(BADINDEX) %!(NOVERB)'],
    ['%T %T %T', '[1, 1.0, 123456789012345678901]', 'int64 float64 *big.Int'],
  ])('of %j and %s is %j', (format, operands, answer) => {
    expect(call('sprintf', format, operands)).toBe(answer);
  });

  it('refuses what is no format, and no list of operands', () => {
    expect(() => call('sprintf', '%d', '{1}')).toThrow('operand 2 must be array but got set');
    expect(() => FORMATTING['sprintf']?.(context, 1, [])).toThrow('operand 1 must be string but got number');
  });
});

describe('strings.render_template', () => {
  const render = (template: string, data: string): RegoValue | undefined =>
    call('strings.render_template', template, data);

  it.each([
    [
      '{{range $i, $e := .x}}{{if $i}}, {{end}}{{$e.n}}{{else}}none{{end}}',
      '{"x": [{"n": "a"}, {"n": 2}]}',
      'a, 2',
    ],
    ['{{with .a}}{{.b}}{{else with .c}}{{.}}{{else}}-{{end}}', '{"c": "x"}', 'x'],
    ['a \n{{- .x -}}\n b {{/* no */}}.', '{"x": 1.50}', 'a1.50b .'],
    ['{{.missing}} {{.nil}} {{.m.deep}}', '{"nil": null, "m": {}}', '<undefined> <undefined> <undefined>'],
    ['{{.m}} {{.l}}', '{"m": {"b": 1, "a": [true, null]}, "l": ["x"]}', 'map[a:[true <nil>] b:1] [x]'],
    [
      '{{printf "%05d|%v" 42 .n | html}} {{len .s}} {{index .l 1}}',
      '{"n": "<", "s": "é", "l": [1, 2]}',
      '00042|&lt; 2 2',
    ],
    [
      '{{if and .a (or .b (not .c))}}yes{{end}}{{eq .s "x" "y"}}{{lt 1 2}}',
      '{"a": "1", "s": "y"}',
      'yestruetrue',
    ],
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" .x}}{{block "b" 1}}[{{.}}]{{end}}', '{"x": "é"}', '<é>[1]'],
    [
      '{{range .l}}{{if eq . "b"}}{{continue}}{{end}}{{if eq . "d"}}{{break}}{{end}}{{.}}{{end}}',
      '{"l": ["a", "b", "c", "d", "e"]}',
      'ac',
    ],
    [
      '{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}} {{range 3}}{{.}}{{end}} {{"\\u00e9"}} {{`\\`}} {{\'a\'}} {{0x1F}} {{1e3}}',
      '{}',
      '2 012 é \\ 97 31 1000',
    ],
  ])('of %j and %s is %j', (template, data, answer) => {
    expect(render(template, data)).toBe(answer);
  });

  it.each([
    ['{{.x', '{}', 'unclosed action'],
    ['{{if true}}', '{}', 'unexpected EOF'],
    ['{{nope}}', '{}', 'function "nope" not defined'],
    ['{{$x}}', '{}', 'undefined variable "$x"'],
    ['{{.a.b}}', '{"a": null}', 'nil pointer evaluating interface {}.b'],
    ['{{.a.b}}', '{"a": [1]}', "can't evaluate field b in type []interface {}"],
    ['{{eq .n 5}}', '{"n": 5}', 'incompatible types for comparison'],
    ['{{index .l 3}}', '{"l": [1, 2, 3]}', 'index out of range'],
    ['{{printf .n}}', '{"n": 5}', 'wrong type for value; expected string; got json.Number'],
    ['{{template "x"}}', '{}', 'template "x" not defined'],
    ['{{.x}}', '{"x": {1}}', 'a set cannot be a variable'],
    ['{{.x}}', '{"x": "\\u0001"}', 'invalid character in string escape code'],
    ['{{1+2i}}', '{}', 'complex numbers are not supported'],
  ])('of %j and %s errs: %s', (template, data, message) => {
    expect(() => render(template, data)).toThrow(message);
  });

  it('ends with an error, not with a full stack, where a template calls itself or is nested without end', () => {
    expect(() => render('{{define "t"}}{{template "t"}}{{end}}{{template "t"}}', '{}')).toThrow('depth');
    expect(() => render('{{if true}}'.repeat(100_000), '{}')).toThrow('depth');
    expect(() => render(`{{${'('.repeat(100_000)}`, '{}')).toThrow('unclosed action');
    expect(() => render(`{{${'('.repeat(100_000)}1${')'.repeat(100_000)}}}`, '{}')).toThrow('depth');
    expect(render(`${'{{if true}}'.repeat(300)}x${'{{end}}'.repeat(300)}`, '{}')).toBe('x');
  });

  it('reads templates in linear time', () => {
    const started = performance.now();
    const spaces = ' '.repeat(200_000);
    expect(render(`${spaces}x${spaces}{{- /* ${spaces} */ -}} y`, '{}')).toHaveLength(200_002);
    expect(() => render(`{{${spaces}.a${spaces}`, '{}')).toThrow('unclosed action');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
