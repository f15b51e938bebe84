import { readPrettyTrace } from './pretty-trace.js';

const NAMES = new Map([['m0.rego', 'rules/a.rego']]);
const table = (...rows: readonly (readonly [string, string, string])[]): string => {
  // As Go's %-*s pads: widths in bytes, filled by characters.
  const width = (column: number): number =>
    Math.max(...rows.map((row) => Buffer.byteLength(row[column]!))) + 5;
  const pad = (cell: string, to: number): string => cell + ' '.repeat(to - [...cell].length);
  return rows.map(([place, step, vars]) => `${pad(place, width(0))}${pad(step, width(1))}${vars}\n`).join('');
};

describe('a trace as people read it', () => {
  it('gives every step with its place, depth and variables, whatever is in the texts', () => {
    const text = table(
      ['query:1', 'Enter data.a.x = _', '{}'],
      ['m0.rego:3', '| Enter data.a.x', '{}'],
      ['m0.rego:4', '| | Eval y = "é 😀     {z: 1}"', '{y: "é 😀     {z: 1}"}'],
      ['m0.rego:5', '| | Index data.a.f (matched 1 rule)', '{}'],
      ['m0.rego:6', '| | Note "(here)"', '{}'],
    );
    const { events, totalEvents } = readPrettyTrace(`${text}{\n  "a": 1\n}\n`, NAMES, 100);
    expect(totalEvents).toBe(5);
    expect(events).toEqual([
      { op: 'Enter', depth: 0, file: '', row: 1, node: 'data.a.x = _', message: '', locals: '' },
      { op: 'Enter', depth: 1, file: 'rules/a.rego', row: 3, node: 'data.a.x', message: '', locals: '' },
      {
        ...{ op: 'Eval', depth: 2, file: 'rules/a.rego', row: 4, message: '' },
        ...{ node: 'y = "é 😀     {z: 1}"', locals: '{y: "é 😀     {z: 1}"}' },
      },
      {
        op: 'Index',
        depth: 2,
        file: 'rules/a.rego',
        row: 5,
        node: 'data.a.f',
        message: 'matched 1 rule',
        locals: '',
      },
      { op: 'Note', depth: 2, file: 'rules/a.rego', row: 6, node: '', message: '(here)', locals: '' },
    ]);
  });

  it('counts what it leaves out, and finds nothing in an answer without steps', () => {
    const text = table(['query:1', 'Enter a', '{}'], ['query:1', '| Eval b', '{}']);
    expect(readPrettyTrace(text, NAMES, 1)).toMatchObject({ events: [{ op: 'Enter' }], totalEvents: 2 });
    expect(readPrettyTrace('true\n', NAMES, 1)).toEqual({ events: [], totalEvents: 0 });
    expect(readPrettyTrace('', NAMES, 1)).toEqual({ events: [], totalEvents: 0 });
  });
});
