import { refusalText, type Refused } from '../../kernel/refusal.js';
import type { OpenRule } from './override.js';
import type { RunStateForbids } from './run-state.js';

/** What can come of dealing with a run, other than having done it. */
export type RunProblem =
  | { readonly kind: 'GateRunNotFound'; readonly runId: string }
  | RunStateForbids
  /** It was decided, and let the artefact through. */
  | { readonly kind: 'RunPassed'; readonly runId: string; readonly decisionId: string }
  /** No active waiver stands for these rules; or what they judged did not pass. */
  | { readonly kind: 'OverrideNotCovered'; readonly runId: string; readonly rules: readonly OpenRule[] }
  | ({ readonly kind: 'NotPermitted' } & Refused)
  | { readonly kind: 'FieldInvalid'; readonly where: string; readonly expected: string }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

export const RUN_MESSAGES: {
  readonly [K in RunProblem['kind']]: (problem: Extract<RunProblem, { kind: K }>) => string;
} = {
  GateRunNotFound: ({ runId }) => `There is no gate run ${runId}.`,
  RunStateForbids: ({ runId, state, action }) =>
    `Run ${runId} is ${state}: it does not allow to ${action} it.`,
  RunPassed: ({ runId }) => `Run ${runId} let the artefact through: there is nothing to send back.`,
  OverrideNotCovered: ({ rules }) =>
    `No active waiver stands for ${rules.map(({ ruleId, why }) => `${ruleId} (${why})`).join(', ')}.`,
  NotPermitted: (no) => refusalText(no),
  FieldInvalid: ({ where, expected }) => `input.${where}: expected ${expected}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
