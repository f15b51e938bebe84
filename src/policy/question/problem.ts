import type { LedgerBusy } from '../../ledger/ledger.js';
import type { InvalidInput } from '../problem.js';

/** Why a policy has no answer. */
export type QuestionProblem =
  | { readonly kind: 'PolicyVersionNotFound'; readonly policyId: string; readonly version: string }
  | {
      readonly kind: 'EntrypointNotFound';
      readonly entrypoint: string;
      /** What can be asked of this version. */
      readonly entrypoints: readonly string[];
    }
  | { readonly kind: 'PolicyInputTooLarge'; readonly sizeBytes: number; readonly limitBytes: number }
  /** `cause` is stable; `detail` is what the engine said. */
  | { readonly kind: 'PolicyUnanswered'; readonly cause: UnansweredCause; readonly detail: string }
  | InvalidInput
  | LedgerBusy
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** UNDEFINED: no rule says anything of this input. FAULT: the evaluation failed. DEADLINE, BUSY: ask again. */
export type UnansweredCause = 'UNDEFINED' | 'FAULT' | 'DEADLINE' | 'BUSY';

export const QUESTION_MESSAGES: {
  readonly [K in QuestionProblem['kind']]: (problem: Extract<QuestionProblem, { kind: K }>) => string;
} = {
  PolicyVersionNotFound: ({ policyId, version }) => `${policyId} has no published version ${version}.`,
  EntrypointNotFound: ({ entrypoint, entrypoints }) =>
    `Nothing answers at ${entrypoint}. It can be asked at ${entrypoints.join(', ')}.`,
  PolicyInputTooLarge: ({ sizeBytes, limitBytes }) =>
    `The input has ${String(sizeBytes)} bytes, and at most ${String(limitBytes)} are taken.`,
  PolicyUnanswered: ({ cause, detail }) => `The policy gave no answer (${cause}): ${detail}`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  LedgerBusy: ({ waiting }) =>
    `${String(waiting)} entries wait to be recorded: ask again in a moment, with the same idempotency key.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
