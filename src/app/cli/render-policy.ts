import { structuredPatch } from 'diff';
import { z } from 'zod';

const rows = z.array(z.object({ fromRow: z.number(), toRow: z.number() }));
/** What an answer may hold that a person wants to see; every part where the service gave it. */
export const policyAnswer = z.looseObject({
  __typename: z.string().optional(),
  message: z.string().optional(),
  version: z.union([z.number(), z.string()]).optional(),
  state: z.string().nullish(),
  changed: z.array(z.string()).optional(),
  errors: z
    .array(
      z.object({
        file: z.string(),
        row: z.number(),
        column: z.number(),
        code: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
  passed: z.number().optional(),
  failed: z.unknown().optional(),
  outcomes: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        outcome: z.string(),
        file: z.string().optional(),
        row: z.number().optional(),
        output: z.string().optional(),
      }),
    )
    .optional(),
  coverage: z
    .object({ files: z.array(z.object({ file: z.string(), percent: z.number(), notCovered: rows })) })
    .nullish(),
  currentVersion: z.number().optional(),
  expectedVersion: z.number().optional(),
  savedAt: z.union([z.string(), z.number()]).optional(),
  savedBy: z.string().optional(),
  files: z.unknown().optional(),
});
export type PolicyAnswer = z.output<typeof policyAnswer>;

/** From a path of the policy to one that a terminal opens. */
export type ShowPath = (path: string) => string;

/** Every mistake as `file:row:column`, then how many there are. */
export function renderMistakes(errors: NonNullable<PolicyAnswer['errors']>, show: ShowPath): string {
  const lines = errors.map(({ file, row, column, code, message }) =>
    row === 0
      ? `${show(file)}: ${code}: ${message}`
      : `${show(file)}:${String(row)}:${String(column)}: ${code}: ${message}`,
  );
  return [...lines, `${String(errors.length)} mistake${errors.length === 1 ? '' : 's'}`].join('\n');
}

/** Failed tests first, then what the tests do not reach. */
export function renderTests({ outcomes = [], coverage, passed = 0 }: PolicyAnswer, show: ShowPath): string {
  const bad = outcomes.filter(({ outcome }) => outcome === 'FAIL' || outcome === 'ERROR');
  const failures = bad.map(
    ({ file = '', row = 0, outcome, name = '', output = '' }) =>
      `${show(file)}:${String(row)}:1: ${outcome} ${name}${output === '' ? '' : `\n    ${output.trim().replaceAll('\n', '\n    ')}`}`,
  );
  const covered = (coverage?.files ?? []).flatMap(({ file, percent, notCovered }) => [
    `${show(file)}: ${String(percent)} % reached`,
    ...notCovered.map(({ fromRow }) => `${show(file)}:${String(fromRow)}:1: no test runs this`),
  ]);
  return [...failures, ...covered, `${String(passed)} passed, ${String(bad.length)} failed`].join('\n');
}

const conflictShape = z.array(
  z.object({
    path: z.string(),
    changedBy: z.enum(['YOURS', 'THEIRS', 'BOTH']),
    change: z.string(),
    base: z.string().nullable(),
    theirs: z.string().nullable(),
  }),
);

/** Both sides of a stale push: which file who changed, and of what both did, their text beside yours. */
export function renderConflict(answer: PolicyAnswer, yours: ReadonlyMap<string, string>): string {
  const files = conflictShape.parse(answer.files);
  const lines = files.flatMap(({ path, changedBy, change, theirs }) => [
    `${changedBy.toLowerCase().padEnd(6)} ${change.toLowerCase().padEnd(8)} ${path}`,
    ...(changedBy === 'BOTH'
      ? ['<<<<<<< yours', ...linesOf(yours.get(path)), '=======', ...linesOf(theirs), '>>>>>>> theirs']
      : []),
  ]);
  return [
    answer.message ?? '',
    `theirs: version ${String(answer.currentVersion)}, by ${answer.savedBy ?? '?'} at ${String(answer.savedAt)}`,
    ...lines,
  ].join('\n');
}

const linesOf = (text: string | null | undefined): readonly string[] =>
  text == null ? ['(not there)'] : text.replace(/\n$/, '').split('\n');

export interface ShownDifference {
  readonly path: string;
  readonly change: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Differences as lines that went and lines that came, without what both begin and end with. */
export function renderDifferences(files: readonly ShownDifference[]): string {
  if (files.length === 0) return 'no differences';
  return files
    .flatMap(({ path, change, before, after }) => [
      `${change.toLowerCase()} ${path}`,
      ...changedLines(before, after),
    ])
    .join('\n');
}

/** Changed lines with three of their neighbours, as `diff -u` shows them. */
function changedLines(before: string | null, after: string | null): string[] {
  const { hunks } = structuredPatch('', '', before ?? '', after ?? '', undefined, undefined, { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${String(oldStart)},${String(oldLines)} +${String(newStart)},${String(newLines)} @@`,
    ...lines,
  ]);
}
