import fc from 'fast-check';
import type { LineRange } from '../model/coverage.js';
import { normaliseEvidence } from '../normalise.js';
import { diffCoverage, type ReadCoverage } from './diff-coverage.js';
import { LineTally } from './line-tally.js';

const read = (text: string) => normaliseEvidence(Buffer.from(text));
const report = (text: string): ReadCoverage => {
  const { format, coverage } = read(text);
  if (!coverage) throw new Error('no coverage');
  return { format, coverage };
};
const patch = (text: string) => read(text).source?.changed ?? [];

const LCOV = 'SF:src/a.js\nDA:1,1\nDA:2,0\nDA:3,4\nend_of_record\n';
const PATCH = '--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,5 @@\n one\n+two\n+three\n+// four\n five\n';

it('counts changed lines that a report speaks of, and those a test reached', () => {
  expect(diffCoverage(patch(PATCH), [report(LCOV)])).toEqual({
    covered: 1,
    total: 2,
    files: [{ path: 'src/a.js', covered: 1, total: 2, uncovered: [[2, 2]] }],
    unmeasured: [],
  });
});

it('measures nothing where no changed line can be measured, and names files no report knows', () => {
  const comment = '--- a/src/a.js\n+++ b/src/a.js\n@@ -8 +8,2 @@\n x\n+// y\n';
  expect(diffCoverage(patch(comment), [report(LCOV)])).toMatchObject({
    covered: 0,
    total: 0,
    unmeasured: [],
  });
  const other = '--- a/src/b.js\n+++ b/src/b.js\n@@ -0,0 +1 @@\n+y\n';
  expect(diffCoverage(patch(other), [report(LCOV)])).toMatchObject({ total: 0, unmeasured: ['src/b.js'] });
  expect(diffCoverage(patch(PATCH), [])).toMatchObject({ total: 0, unmeasured: ['src/a.js'] });
});

it('takes a line for reached when one of two reports does', () => {
  const second = report('SF:src/a.js\nDA:2,7\nend_of_record\n');
  expect(diffCoverage(patch(PATCH), [report(LCOV), second])).toMatchObject({ covered: 2, total: 2 });
});

it.each([
  ['a Go module', 'mode: set\nex.test/m/src/a.js:1.1,3.2 1 1\n', 1],
  ['a source folder', 'SF:a.js\nDA:2,1\nend_of_record\n', 1],
  ['a machine', 'SF:/srv/x/src/a.js\nDA:2,1\nend_of_record\nSF:/srv/x/lib/b.js\nDA:2,1\nend_of_record\n', 1],
  ['two that fit', 'SF:a.js\nDA:2,1\nend_of_record\nSF:/srv/x/a.js\nDA:2,1\nend_of_record\n', 0],
  ['another folder', 'SF:other/src/a.js\nDA:2,1\nend_of_record\n', 0],
])('finds a file by what the report knows of it: %s', (_, text, files) => {
  expect(diffCoverage(patch(PATCH), [report(text)]).files).toHaveLength(files);
});

it('says what sets of lines say', () => {
  const lines = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 6 })));
  const ranges = (all: readonly (readonly [number, number])[]): readonly LineRange[] => {
    const tally = new LineTally();
    for (const [from, length] of all) tally.add(from, from + length, true);
    return tally.lines().covered;
  };
  const spread = (all: readonly LineRange[]): Set<number> =>
    new Set(all.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)));
  fc.assert(
    fc.property(lines, lines, lines, (changed, ran, not) => {
      const tally = new LineTally();
      for (const [from, length] of ran) tally.add(from, from + length, true);
      for (const [from, length] of not) tally.add(from, from + length, false);
      const kept = tally.lines();
      const file = { path: 'a.js', covered: 0, total: 0, lines: kept };
      const coverage = {
        covered: 0,
        total: 0,
        basis: 'line' as const,
        declared: null,
        others: [],
        files: [file],
      };
      const one = {
        path: 'a.js',
        status: 'modified' as const,
        from: null,
        lines: ranges(changed),
        binary: false,
      };
      const found = diffCoverage([one], [{ format: 'lcov', coverage }]);
      const [touched, covered, uncovered] = [one.lines, kept.covered, kept.uncovered].map(spread);
      const within = (lines_: Set<number> | undefined): number =>
        [...(lines_ ?? [])].filter((line) => touched?.has(line)).length;
      expect([found.covered, found.total]).toEqual([within(covered), within(covered) + within(uncovered)]);
    }),
    { numRuns: 500 },
  );
});
