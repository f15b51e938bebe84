import { z } from 'zod';

/** What is counted. Two bases are never added, compared or averaged. */
export const COVERAGE_BASES = ['statement', 'line', 'block-statement', 'instruction'] as const;
export type CoverageBasis = (typeof COVERAGE_BASES)[number];

export type FileCoverage = { readonly path: string; readonly covered: number; readonly total: number };

/** Integers, compared as integers; a percentage is nobody's input. Never compare two different bases. */
export type Coverage = {
  readonly covered: number;
  readonly total: number;
  readonly basis: CoverageBasis;
  /** The file's own totals, where it states any; judged by what was recomputed from the files. */
  readonly declared: { readonly covered: number; readonly total: number } | null;
  /** Sorted by path, each once. */
  readonly files: readonly FileCoverage[];
};

const count = z.int().min(0);
const counted = z.strictObject({ covered: count, total: count });

export const coverageSchema = counted.extend({
  basis: z.enum(COVERAGE_BASES),
  declared: counted.nullable(),
  files: z.array(counted.extend({ path: z.string() })),
});
