import { z } from 'zod';
import { EVIDENCE_KINDS, type EvidenceKind, type Reason } from './evidence-state.js';

/**
 * FINISHED: the tool ended as it does when it has done its work. PARTIAL: it did, and said that it left something out.
 * FAILED: it ended otherwise, or was ended. NOT_RUN: it was never begun. NOTHING_TO_SCAN: the source holds nothing it
 * looks at, so that its silence says nothing.
 */
export const RUN_OUTCOMES = ['FINISHED', 'PARTIAL', 'FAILED', 'NOT_RUN', 'NOTHING_TO_SCAN'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/**
 * How our own worker ran the tool that made a piece of evidence: what the report itself does not say, or says wrongly.
 * Recorded beside the evidence and an input of its document.
 */
export type ToolRun = {
  /** Our name for it. */
  readonly scanner: string;
  /** As installed on the worker, whatever the report claims. Null where it is not installed. */
  readonly tool: { readonly name: string; readonly version: string | null };
  /** What it was asked for. */
  readonly kinds: readonly EvidenceKind[];
  readonly outcome: RunOutcome;
  readonly reasons: readonly Reason[];
  /** As a shell counts them; null where it did not end by itself. */
  readonly exitStatus: number | null;
  /** Files of the source that it looks at. */
  readonly files: number;
  /** Of its vulnerability database, RFC 3339; null where it has none or nobody knows. */
  readonly dataDate: string | null;
  /** Whether a report without a byte means that nothing was found, given the outcome FINISHED. */
  readonly emptyIsClean: boolean;
};

export const reasonSchema: z.ZodType<Reason> = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** The shape in which it is stored. */
export const toolRunSchema: z.ZodType<ToolRun> = z.strictObject({
  scanner: z.string(),
  tool: z.strictObject({ name: z.string(), version: z.string().nullable() }),
  kinds: z.array(z.enum(EVIDENCE_KINDS)),
  outcome: z.enum(RUN_OUTCOMES),
  reasons: z.array(reasonSchema),
  exitStatus: z.int().nullable(),
  files: z.int().min(0),
  dataDate: z.string().nullable(),
  emptyIsClean: z.boolean(),
});
