import type { DraftFile } from './content.js';

export type FileChange = 'added' | 'changed' | 'removed';

/** One file that differs between two contents; a text is null where the file is not there. */
export interface FileDifference {
  readonly path: string;
  readonly change: FileChange;
  readonly before: string | null;
  readonly after: string | null;
}

/** Who moved a file away from the common base. */
export type ChangedBy = 'yours' | 'theirs' | 'both';

/** One file of a stale save that is not equal on both sides, with everything a merge needs but the caller's own text. */
export interface ConflictingFile {
  readonly path: string;
  readonly changedBy: ChangedBy;
  /** What happened on their side where they changed it, on yours otherwise. */
  readonly change: FileChange;
  readonly base: string | null;
  readonly theirs: string | null;
}

/** Sorted by path. */
export function differences(
  before: readonly DraftFile[],
  after: readonly DraftFile[],
): readonly FileDifference[] {
  const [old, now] = [textsOf(before), textsOf(after)];
  return pathsOf(before, after).flatMap((path) => {
    const [was, is] = [old.get(path) ?? null, now.get(path) ?? null];
    return was === is ? [] : [{ path, change: changeOf(was, is), before: was, after: is }];
  });
}

/** A three-way comparison. What both sides made equal is no conflict and is left out. Sorted by path. */
export function conflicts(sides: {
  readonly base: readonly DraftFile[];
  readonly yours: readonly DraftFile[];
  readonly theirs: readonly DraftFile[];
}): readonly ConflictingFile[] {
  const [bases, ours, others] = [textsOf(sides.base), textsOf(sides.yours), textsOf(sides.theirs)];
  return pathsOf(sides.base, sides.yours, sides.theirs).flatMap((path) => {
    const [base, yours, theirs] = [bases, ours, others].map((texts) => texts.get(path) ?? null) as [
      string | null,
      string | null,
      string | null,
    ];
    if (yours === theirs) return [];
    const changedBy = yours === base ? 'theirs' : theirs === base ? 'yours' : 'both';
    const change = changeOf(base, changedBy === 'yours' ? yours : theirs);
    return [{ path, changedBy, change, base, theirs }];
  });
}

const changeOf = (before: string | null, after: string | null): FileChange =>
  before === null ? 'added' : after === null ? 'removed' : 'changed';

const textsOf = (files: readonly DraftFile[]): ReadonlyMap<string, string> =>
  new Map(files.map(({ path, text }) => [path, text]));

const pathsOf = (...contents: readonly (readonly DraftFile[])[]): readonly string[] =>
  [...new Set(contents.flat().map(({ path }) => path))].sort();
