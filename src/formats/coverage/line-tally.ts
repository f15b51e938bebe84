import type { FileLines, LineRange } from '../model/coverage.js';

/** Beyond any source file; a larger number is not a line. */
const LAST_LINE = 2 ** 31 - 1;

/** A line number in text or as a number; 0 and above. Some tools write 0 for code that lies on no line. */
export function lineNumber(value: string | number | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= LAST_LINE
    ? number
    : undefined;
}

/**
 * Collects which lines of one file ran. A line told of twice, by two records, classes or runs, is covered when
 * one of them ran it. Memory grows with what was added, in ascending order with its gaps; time is linear there,
 * and n log n at worst.
 */
export class LineTally {
  readonly #covered: number[] = [];
  readonly #uncovered: number[] = [];

  /** Lines from `first` to `last`, both from 1; line 0 is no line and is passed over. */
  add(first: number, last: number, covered: boolean): void {
    if (first < 1 || last < first) return;
    const ranges = covered ? this.#covered : this.#uncovered;
    const end = ranges.length - 1;
    if (end > 0 && ranges[end] === first - 1) ranges[end] = last;
    else ranges.push(first, last);
  }

  addAll(other: LineTally): void {
    for (const [from, to] of pairs(other.#covered)) this.add(from, to, true);
    for (const [from, to] of pairs(other.#uncovered)) this.add(from, to, false);
  }

  lines(): FileLines {
    const covered = united(pairs(this.#covered));
    return { covered, uncovered: without(united(pairs(this.#uncovered)), covered) };
  }
}

/** How many lines the ranges hold. */
export const lineCount = (ranges: readonly LineRange[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

const pairs = (flat: readonly number[]): LineRange[] =>
  Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0]);

/** Sorted, disjoint, and joined where they touch. */
function united(ranges: LineRange[]): LineRange[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** `ranges` without the lines of `taken`; both as `united` gives them. */
function without(ranges: readonly LineRange[], taken: readonly LineRange[]): LineRange[] {
  const left: LineRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    let start = from;
    while ((taken[next]?.[1] ?? Infinity) < start) next++;
    for (let at = next; start <= to; at++) {
      const [takenFrom, takenTo] = taken[at] ?? [Infinity, Infinity];
      if (takenFrom > start) left.push([start, Math.min(to, takenFrom - 1)]);
      start = takenTo + 1;
    }
  }
  return left;
}
