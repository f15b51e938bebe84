import type { CheckProblem } from './problem.js';

/** English texts of the outcomes of authoring calls. */
export const AUTHORING_MESSAGES = {
  OpaUnavailable: ({ remedy }) => `The official OPA is needed for this and was not found. ${remedy}`,
  OpaBusy: ({ running, waiting }) =>
    `The compiler is busy (${String(running)} running, ${String(waiting)} waiting). Ask again.`,
  RegoInvalid: ({ errors }) => `Rego does not compile: ${String(errors.length)} mistake(s).`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
} satisfies {
  readonly [K in CheckProblem['kind']]: (problem: Extract<CheckProblem, { kind: K }>) => string;
};
