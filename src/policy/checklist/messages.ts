import type { ActivateChecklistProblem, PublishChecklistProblem } from './problem.js';

type ChecklistProblem = PublishChecklistProblem | ActivateChecklistProblem;

/** English texts of what can come of publishing and activating checklists, other than success. */
export const CHECKLIST_MESSAGES: {
  readonly [K in ChecklistProblem['kind']]: (problem: Extract<ChecklistProblem, { kind: K }>) => string;
} = {
  ChecklistInvalid: ({ errors }) => `The checklist cannot be published: ${String(errors.length)} mistake(s).`,
  PolicyNotPublished: ({ policyId, policyVersion, reasonCode }) =>
    `${policyId} ${policyVersion} ${reasonCode === 'retired' ? 'was retired' : 'is not published here'}.`,
  ChecklistNotFound: ({ chkId, version }) => `Checklist ${chkId}@${String(version)} was never published.`,
  ActivationStale: ({ chkId, expectedActivation, actualActivation, activeVersion }) =>
    `${chkId} was activated meanwhile: expected activation ${String(expectedActivation)}, ` +
    `found ${String(actualActivation)}, with version ${String(activeVersion)} in force.`,
  AccessWouldBeLost: ({ chkId, version }) =>
    `Under ${chkId}@${String(version)} you could not activate another version: it must be somebody who still can.`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
