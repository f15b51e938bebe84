import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';

/** What is counted. Two bases are never added, compared or averaged. */
export const COVERAGE_BASES = ['statement', 'line', 'block-statement', 'instruction'] as const;
export type CoverageBasis = (typeof COVERAGE_BASES)[number];

/** First and last line, both included, counted from 1. */
export type LineRange = readonly [number, number];

/**
 * The lines a report speaks of; ranges are sorted, disjoint and as long as can be, and no line is in both lists.
 * A line of which some part ran is covered.
 */
export type FileLines = { readonly covered: readonly LineRange[]; readonly uncovered: readonly LineRange[] };

export type FileCoverage = {
  /**
   * Relative to the repository. `…/src/a.js`: only the end of the path is known, because the file names a
   * folder of the machine it was made on.
   */
  readonly path: string;
  readonly covered: number;
  readonly total: number;
  /** null where the format has no lines, or the report has more of them than are kept (`dropped` says so). */
  readonly lines: FileLines | null;
};

export const OTHER_MEASURES = ['statement', 'line', 'instruction', 'branch', 'function'] as const;

/** What else the file counts, for people to see: never judged in place of `covered` of `total`. */
export type OtherMeasure = {
  readonly measure: (typeof OTHER_MEASURES)[number];
  readonly covered: number;
  readonly total: number;
};

/** Integers, compared as integers; a percentage is nobody's input. Never compare two different bases. */
export type Coverage = {
  readonly covered: number;
  readonly total: number;
  readonly basis: CoverageBasis;
  /** The file's own totals, where it states any; judged by what was recomputed from the files. */
  readonly declared: { readonly covered: number; readonly total: number } | null;
  /** In the order of OTHER_MEASURES, each at most once, and never the basis. */
  readonly others: readonly OtherMeasure[];
  /** Sorted by path, each once. */
  readonly files: readonly FileCoverage[];
};

const count = z.int().min(0);
const counted = z.strictObject({ covered: count, total: count });
const ranges = z.array(z.tuple([z.int().min(1), z.int().min(1)]));

export const coverageSchema = counted.extend({
  basis: z.enum(COVERAGE_BASES),
  declared: counted.nullable(),
  others: z.array(counted.extend({ measure: z.enum(OTHER_MEASURES) })),
  files: z.array(
    counted.extend({
      path: z.string(),
      lines: z.strictObject({ covered: ranges, uncovered: ranges }).nullable(),
    }),
  ),
});

/** Coverage as `assay.evidence/1` kept it, without lines and other measures. */
export function upgradedCoverage(stored: JsonValue | undefined): JsonValue {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return stored ?? null;
  const coverage = stored as JsonObject;
  const files = Array.isArray(coverage['files']) ? (coverage['files'] as readonly JsonObject[]) : [];
  return { others: [], ...coverage, files: files.map((file) => ({ lines: null, ...file })) };
}
