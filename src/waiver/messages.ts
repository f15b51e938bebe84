import { refusalText } from '../kernel/refusal.js';
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
  NotTheRequester: () => 'Only whoever asked for a waiver can take the request back.',
  NotRenewable: ({ waiverId, state }) =>
    `Waiver ${waiverId} is ${state}: only one that was granted, and has run or runs, can be renewed.`,
  AttachmentNotFound: ({ digest }) => `No evidence with the digest ${digest} is stored here.`,
  DelegationNotFound: ({ delegationId }) => `You have no delegation ${delegationId}.`,
  DelegateNotFound: ({ delegateId }) => `There is nobody ${delegateId} to delegate to.`,
  DelegationNotInForce: ({ delegationId, state }) => `Delegation ${delegationId} is ${state}.`,
  FreshLoginRequired: ({ maxAgeMinutes, methods, missing }) =>
    [
      `Log in anew: this approval takes a login${maxAgeMinutes === null ? '' : ` of the last ${String(maxAgeMinutes)} minutes`}`,
      ...(methods.length > 0 ? [`by one of ${methods.join(', ')}`] : []),
      `(${missing.join(', ')} fall short).`,
    ].join(' '),
  SelfApproval: () => 'Whoever requests a waiver cannot approve it.',
  ApproverIsAuthor: () => 'The author of the artefact cannot approve a waiver for it.',
  AlreadyApproved: () => 'You have approved this waiver before; each approval needs another person.',
  NotPermitted: (no) => refusalText(no),
  ArtefactNotFound: ({ artId, digest }) => `${artId} is not registered with digest ${digest}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
