import { overlap, readGlob, type GlobToken } from './glob-tokens.js';

type Glob = readonly GlobToken[];

/**
 * Whether some text matches both globs: the answers of github.com/yashtewari/glob-intersection, also where they depend
 * on which glob comes first. That one backtracks, in exponential time; its functions depend on nothing but what is
 * left of both globs, so that a table of their answers takes the product of the lengths.
 */
export function globsIntersect(first: string, second: string): boolean {
  const trimmed = trim(readGlob(first), readGlob(second));
  return trimmed !== undefined && intersect(...trimmed);
}

/** Without the tokens at both ends that match one by one, save one each; undefined when they do not match. */
function trim(a: Glob, b: Glob): readonly [Glob, Glob] | undefined {
  const plain = (i: number, j: number): boolean => a[i]?.flag === '' && b[j]?.flag === '';
  const match = (i: number, j: number): boolean => {
    const [left, right] = [a[i], b[j]];
    return left !== undefined && right !== undefined && overlap(left, right);
  };
  let from = 0;
  for (; plain(from, from); from++) if (!match(from, from)) return undefined;
  if (from > 0) from--;
  let [i, j] = [a.length - 1, b.length - 1];
  for (; i >= from && j >= from && plain(i, j); i--, j--) if (!match(i, j)) return undefined;
  const kept = i < a.length - 1 ? 1 : 0;
  return [a.slice(from, i + 1 + kept), b.slice(from, j + 1 + kept)];
}

/**
 * Answers for what is left of the first glob, per position in the second. Of two tokens with flags the one of the glob
 * in front is looked at; which is in front may change on the way.
 */
interface Row {
  /** Do they intersect, the first in front? */
  readonly normal: boolean[];
  /** And the second in front? */
  readonly turned: boolean[];
  /** Does it go on with the first's token any number of times? */
  readonly firstStar: boolean[];
  readonly secondStar: boolean[];
}

function intersect(a: Glob, b: Glob): boolean {
  let below: Row | undefined;
  for (let i = a.length; i >= 0; i--) {
    const row = emptyRow(b.length + 1);
    for (let j = b.length; j >= 0; j--) fill({ a, b, i, j, row, below });
    below = row;
  }
  return below?.normal[0] ?? false;
}

const emptyRow = (length: number): Row => ({
  normal: new Array<boolean>(length).fill(false),
  turned: new Array<boolean>(length).fill(false),
  firstStar: new Array<boolean>(length).fill(false),
  secondStar: new Array<boolean>(length).fill(false),
});

interface Cell {
  readonly a: Glob;
  readonly b: Glob;
  readonly i: number;
  readonly j: number;
  readonly row: Row;
  /** Of the next position in the first glob. */
  readonly below: Row | undefined;
}

function fill({ a, b, i, j, row, below }: Cell): void {
  const [left, right] = [a[i], b[j]];
  const match = left !== undefined && right !== undefined && overlap(left, right);
  const firstStar =
    left !== undefined &&
    (right === undefined
      ? i + 1 === a.length
      : goesOn({
          next: a[i + 1],
          other: right,
          rest: below?.normal[j],
          match,
          further: row.firstStar[j + 1],
        }));
  const secondStar =
    right !== undefined &&
    (left === undefined
      ? j + 1 === b.length
      : goesOn({
          next: b[j + 1],
          other: left,
          rest: row.turned[j + 1],
          match,
          further: below?.secondStar[j],
        }));
  [row.firstStar[j], row.secondStar[j]] = [firstStar, secondStar];
  if (!left || !right) {
    row.normal[j] = row.turned[j] = left === right;
    return;
  }
  const diagonal = { normal: below?.normal[j + 1] === true, turned: below?.turned[j + 1] === true };
  const viaFirst = (): boolean =>
    left.flag === '*'
      ? firstStar
      : match && (row.firstStar[j + 1] === true || (right.flag !== '' && below?.normal[j] === true));
  const viaSecond = (): boolean =>
    right.flag === '*'
      ? secondStar
      : match && (below?.secondStar[j] === true || (left.flag !== '' && row.turned[j + 1] === true));
  const plain = left.flag === '' && right.flag === '';
  row.normal[j] = plain ? match && diagonal.normal : left.flag !== '' ? viaFirst() : viaSecond();
  row.turned[j] = plain ? match && diagonal.turned : right.flag !== '' ? viaSecond() : viaFirst();
}

/** The starred token either ends here, where the one after it matches, or takes the other's token as well. */
function goesOn(step: {
  readonly next: GlobToken | undefined;
  readonly other: GlobToken;
  readonly rest: boolean | undefined;
  readonly match: boolean;
  readonly further: boolean | undefined;
}): boolean {
  const ends = step.next !== undefined && overlap(step.other, step.next) && step.rest === true;
  return ends || (step.match && step.further === true);
}
