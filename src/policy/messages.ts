import type { CheckProblem } from './problem.js';

/** English texts of the outcomes of authoring calls. */
export const AUTHORING_MESSAGES: {
  readonly [K in CheckProblem['kind']]: (problem: Extract<CheckProblem, { kind: K }>) => string;
} = {
  OpaUnavailable: ({ remedy }) => `The official OPA is needed for this and was not found. ${remedy}`,
  RegoInvalid: ({ errors }) => `Rego does not compile: ${String(errors.length)} mistake(s).`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
};
