import { refusalText } from '../../kernel/refusal.js';
import type { ReviewProblem } from './problem.js';
import { AUTHORING_MESSAGES } from '../messages.js';

const AS_WORDS: Readonly<Record<string, string>> = {
  absent: 'not there',
  in_review: 'under review',
};

/** English texts of what can come of the work on a policy. */
export const DRAFT_MESSAGES = {
  ...AUTHORING_MESSAGES,
  PolicyInvalid: ({ errors }) =>
    `The policy has ${String(errors.length)} mistake${errors.length === 1 ? '' : 's'}.`,
  PolicyDraftStale: ({ policyId, expectedVersion, currentVersion }) =>
    `Draft ${policyId} is at version ${String(currentVersion)}, and the edit was based on ${String(expectedVersion)}. Nothing was saved.`,
  PolicyDraftNotFound: ({ policyId }) => `There is no draft of policy ${policyId}.`,
  PolicyVersionNotFound: ({ policyId, version }) => `There is no ${policyId} ${version}.`,
  PolicyStateForbids: ({ policyId, state, action }) =>
    `Policy ${policyId} is ${AS_WORDS[state] ?? state}, which does not allow: ${action}.`,
  PolicyTestsMissing: ({ policyId }) => `Policy ${policyId} has no tests.`,
  PolicyTestsFailed: ({ failed }) => `${String(failed.length)} test${failed.length === 1 ? '' : 's'} failed.`,
  PolicyCoverageTooLow: ({ floor, files }) =>
    `The tests must reach ${String(floor)} % of each file; ${String(files.length)} lie${files.length === 1 ? 's' : ''} below.`,
  PolicyReviewNotFound: ({ reviewId }) => `There is no review ${reviewId}.`,
  PolicyReviewClosed: ({ state }) =>
    `This review is over: ${state === 'superseded' ? 'a later version of the draft was saved' : state.replace('-', ' ')}.`,
  ReviewerIsAuthor: () => 'Whoever wrote part of a policy cannot approve it.',
  AlreadyReviewed: () => 'You have reviewed this before; each approval needs another person.',
  PolicyNotApproved: ({ approvals, requiredApprovals }) =>
    `${String(approvals)} of ${String(requiredApprovals)} approvals by others than the authors.`,
  PolicyVersionTaken: ({ policyId, version }) =>
    `${policyId} ${version} is published already. A published version never changes: raise the number.`,
  NotPermitted: (no) => refusalText(no),
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
} satisfies {
  readonly [K in ReviewProblem['kind']]: (problem: Extract<ReviewProblem, { kind: K }>) => string;
};
