import { readLint } from './regal-output.js';

const violation = (title: string, row: number): object => ({
  title,
  description: `about ${title}`,
  category: 'style',
  level: 'error',
  related_resources: [{ description: 'documentation', ref: 'https://docs.example/rule' }],
  location: { col: 1, row, file: 'a.rego', text: 'x := 1', end: { col: 3, row } },
});

describe('what regal prints', () => {
  it('gives findings sorted by place', () => {
    const report = {
      violations: [violation('line-length', 9), violation('opa-fmt', 1)],
      summary: { files_scanned: 1, num_violations: 2 },
    };
    expect(readLint(JSON.stringify(report))).toEqual([
      {
        ...{ rule: 'opa-fmt', category: 'style', level: 'error', description: 'about opa-fmt' },
        ...{ file: 'a.rego', row: 1, column: 1 },
      },
      expect.objectContaining({ rule: 'line-length', row: 9 }),
    ]);
    expect(readLint('{"violations": null, "summary": {}}')).toEqual([]);
  });

  it('is never taken for "nothing found" when it is something else', () => {
    expect(() => readLint('')).toThrow();
    expect(() => readLint('{"violations": [{"title": "x"}]}')).toThrow();
  });
});
