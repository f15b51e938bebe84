import fc from 'fast-check';
import { LineTally, lineCount, lineNumber } from './line-tally.js';

const told = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 9 }), fc.boolean()),
);

it('says of each line what a set of lines says, in ranges that neither touch nor overlap', () => {
  fc.assert(
    fc.property(told, told, (first, second) => {
      const [one, other] = [new LineTally(), new LineTally()];
      const [ran, not] = [new Set<number>(), new Set<number>()];
      for (const [tally, facts] of [
        [one, first],
        [other, second],
      ] as const)
        for (const [from, length, hit] of facts) {
          tally.add(from, from + length, hit);
          if (from > 0) for (let line = from; line <= from + length; line++) (hit ? ran : not).add(line);
        }
      one.addAll(other);
      const { covered, uncovered } = one.lines();
      const spread = (ranges: typeof covered): number[] =>
        ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
      expect(spread(covered)).toEqual([...ran].sort((a, b) => a - b));
      expect(spread(uncovered)).toEqual([...not].filter((line) => !ran.has(line)).sort((a, b) => a - b));
      expect(lineCount(covered)).toBe(ran.size);
      for (const ranges of [covered, uncovered])
        for (const [at, [from]] of ranges.entries())
          expect(from).toBeGreaterThan((ranges[at - 1]?.[1] ?? -1) + 1);
    }),
    { numRuns: 1000 },
  );
});

it('keeps a range of a thousand million lines as one', () => {
  const tally = new LineTally();
  tally.add(1, 999_999_999, false);
  tally.add(5, 5, true);
  expect(tally.lines()).toEqual({
    covered: [[5, 5]],
    uncovered: [
      [1, 4],
      [6, 999_999_999],
    ],
  });
});

it.each([
  ['7', 7],
  ['0', 0],
  [7, 7],
  ['', undefined],
  ['-1', undefined],
  [-1, undefined],
  ['1.5', undefined],
  [1.5, undefined],
  ['9999999999', undefined],
  [undefined, undefined],
])('reads %j as line %j', (text, line) => {
  expect(lineNumber(text)).toBe(line);
});
