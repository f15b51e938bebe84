import type { Digest } from '../kernel/digest.js';

/** What can come of registering an artefact version, other than success. */
export type RegisterProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  | { readonly kind: 'ProjectNotFound'; readonly project: string }
  /** The key, or the version, was used before with other facts. `seq` names that ledger entry where known. */
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** What can come of handing in evidence, other than success. Nothing refers to any stored byte then. */
export type EvidenceProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  /** The version must be registered first. */
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  | { readonly kind: 'EvidenceTooLarge'; readonly limitBytes: number }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** What can come of normalising: all but the first mean that somebody touched what is stored. */
export type NormaliseProblem =
  | { readonly kind: 'EvidenceNotFound'; readonly evidenceId: string }
  | { readonly kind: 'EvidenceBytesMissing'; readonly evidenceId: string; readonly digest: Digest }
  | {
      readonly kind: 'EvidenceBytesAltered';
      readonly evidenceId: string;
      readonly digest: Digest;
      readonly actual: Digest;
    }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

type Problem = RegisterProblem | EvidenceProblem;

export const EVIDENCE_PROBLEM_MESSAGES: {
  readonly [K in Problem['kind']]: (problem: Extract<Problem, { kind: K }>) => string;
} = {
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  ProjectNotFound: ({ project }) => `There is no project ${project}.`,
  ArtefactNotFound: ({ artId, digest }) => `${artId} is not registered with digest ${digest}.`,
  EvidenceTooLarge: ({ limitBytes }) =>
    `The report is larger than ${String(limitBytes)} bytes. Nothing was stored.`,
  IdempotencyConflict: () => 'This was handed in before with other facts. Nothing was stored.',
};
