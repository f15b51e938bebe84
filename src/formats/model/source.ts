import { z } from 'zod';
import type { LineRange } from './coverage.js';

export const CHANGE_STATUSES = ['added', 'modified', 'renamed', 'deleted'] as const;

/** One file of a patch. */
export type ChangedFile = {
  /** As it is called after the change; for a deleted file, before it. */
  readonly path: string;
  readonly status: (typeof CHANGE_STATUSES)[number];
  /** What it was called before, where that differs. */
  readonly from: string | null;
  /** Lines added or altered, in the numbering after the change; sorted, disjoint, as long as can be. */
  readonly lines: readonly LineRange[];
  /** The patch does not show its lines. */
  readonly binary: boolean;
};

/** What an artefact is made of, so that other evidence can be held against it. */
export type Source = {
  /** From a patch: sorted by path, each once. Null where the evidence is no patch. */
  readonly changed: readonly ChangedFile[] | null;
  /** From a list of files: those that coverage must speak of; sorted, each once. Null where it is no list. */
  readonly expected: readonly string[] | null;
};

export const sourceSchema = z.strictObject({
  changed: z
    .array(
      z.strictObject({
        path: z.string(),
        status: z.enum(CHANGE_STATUSES),
        from: z.string().nullable(),
        lines: z.array(z.tuple([z.int().min(1), z.int().min(1)])),
        binary: z.boolean(),
      }),
    )
    .nullable(),
  expected: z.array(z.string()).nullable(),
});
