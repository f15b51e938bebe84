import type { Digest } from '../kernel/digest.js';

/** What can come of handing in a source archive, other than success. Nothing is kept then. */
export type SourceProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  | { readonly kind: 'SourceTooLarge'; readonly limitBytes: number };

/** What can come of asking for a scan, other than success. */
export type ScanProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  /** Never handed in, or removed since: sources are kept until they are scanned, and no longer. */
  | { readonly kind: 'SourceNotFound'; readonly digest: Digest }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** What can come of running one, other than a result: all mean that somebody touched what is stored. */
export type ScanRunProblem =
  | { readonly kind: 'ScanNotFound'; readonly seq: number }
  | { readonly kind: 'EvidenceRefused'; readonly detail: string }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

type Problem = SourceProblem | ScanProblem;

export const SCAN_PROBLEM_MESSAGES: {
  readonly [K in Problem['kind']]: (problem: Extract<Problem, { kind: K }>) => string;
} = {
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  ArtefactNotFound: ({ artId, digest }) => `${artId} is not registered with digest ${digest}.`,
  SourceNotFound: ({ digest }) => `There is no source ${digest}: hand it in, it is kept until it is scanned.`,
  SourceTooLarge: ({ limitBytes }) =>
    `The source is larger than ${String(limitBytes)} bytes. Nothing was kept.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
