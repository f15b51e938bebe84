/**
 * One part of a set: what is known about one artefact version in several files that only together say
 * something, such as a report for each package of a monorepo. Judged as one: a set of which a part is missing,
 * or cannot be relied on, is evidence of which nobody knows what it would say.
 */
export type EvidencePart = {
  /** Unique within the artefact version. */
  readonly set: string;
  /** From 1 to `of`. */
  readonly part: number;
  readonly of: number;
};

/** More files than this are not one report. */
export const MOST_PARTS = 10_000;

const SET = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$/;

/** What is wrong with it, if anything. */
export function partFault({ set, part, of }: EvidencePart): { path: string; expected: string } | undefined {
  if (!SET.test(set)) return { path: 'set', expected: 'a machine name such as sast/build-17' };
  if (!(Number.isInteger(of) && of >= 1 && of <= MOST_PARTS))
    return { path: 'of', expected: `a number of parts from 1 to ${String(MOST_PARTS)}` };
  if (!(Number.isInteger(part) && part >= 1 && part <= of))
    return { path: 'part', expected: 'the number of this part, from 1 to the number of parts' };
  return undefined;
}
