import { toRfc3339 } from '../kernel/clock.js';
import type { WaiverProblem } from './problem.js';

/** English texts of what can come of a waiver command. */
export const WAIVER_MESSAGES: {
  readonly [K in WaiverProblem['kind']]: (problem: Extract<WaiverProblem, { kind: K }>) => string;
} = {
  SelectorInvalid: ({ where, expected }) => `${where}: expected ${expected}.`,
  FieldInvalid: ({ where, expected }) => `${where}: expected ${expected}.`,
  WindowInvalid: ({ effectiveFrom, effectiveUntil, expected }) =>
    `The window ${toRfc3339(effectiveFrom)} to ${toRfc3339(effectiveUntil)} is not possible: expected ${expected}.`,
  TooLong: ({ maxDurationDays }) => `At most ${String(maxDurationDays)} days are allowed for this severity.`,
  WaiverNotFound: ({ waiverId }) => `There is no waiver ${waiverId}.`,
  NotOpen: ({ waiverId, state }) => `Waiver ${waiverId} is ${state}: this step is not possible any more.`,
  SelfApproval: () => 'Whoever requests a waiver cannot approve it.',
  ApproverIsAuthor: () => 'The author of the artefact cannot approve a waiver for it.',
  AlreadyApproved: () => 'You have approved this waiver before; each approval needs another person.',
  NotPermitted: ({ reasonCode }) => `The access policy refuses: ${reasonCode}.`,
  ArtefactNotFound: ({ artId, digest }) => `${artId} is not registered with digest ${digest}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
