import { refuseSources } from './sources.js';

const refused = (...paths: readonly string[]): readonly string[] =>
  refuseSources(paths.map((path) => ({ path, text: 'package a\n' }))).map(
    ({ file, message }) => `${file}: ${message}`,
  );

describe('refuseSources', () => {
  it('takes ordinary names', () => {
    expect(refused('a.rego', 'lib/levels.rego', 'rules/sast_severity/sast-severity_test.rego')).toEqual([]);
  });

  it.each([
    '../a.rego',
    '/a.rego',
    './a.rego',
    'a//b.rego',
    'a.json',
    '-a.rego',
    '.hidden.rego',
    'a b.rego',
    'a\\b.rego',
    '',
  ])('refuses %j', (path) => {
    expect(refused(path)).toHaveLength(1);
  });

  it('refuses names that some file system cannot keep apart', () => {
    expect(refused('a.rego', 'A.rego')).toEqual(['A.rego: the same file as a.rego']);
    expect(refused('a.rego', 'a.rego/b.rego')).toEqual(['a.rego/b.rego: lies in a.rego, which is a file']);
  });

  it('refuses nothing at all, and too much', () => {
    expect(refuseSources([])).toMatchObject([{ code: 'source_size_error' }]);
    expect(refuseSources([{ path: 'a.rego', text: 'x'.repeat(17 * 2 ** 20) }])).toMatchObject([
      { code: 'source_size_error' },
    ]);
  });
});
