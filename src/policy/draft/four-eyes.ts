import { failed, ok, type Result } from '../../kernel/result.js';
import type { ReviewProblem } from './problem.js';
import { countingApprovals, reviewStateOf, type ReviewRecord, type ReviewVerdict } from './draft.js';

/**
 * Four eyes over the rules, whatever the access policy allows: only an open review takes verdicts, nobody speaks
 * twice, and no author approves. An author may send a policy back, which withdraws it.
 */
export function mayReview(
  record: ReviewRecord,
  reviewerId: string,
  verdict: ReviewVerdict,
): Result<void, ReviewProblem> {
  const { reviewId, authorIds } = record.review;
  const state = reviewStateOf(record);
  if (state !== 'open') return failed({ kind: 'PolicyReviewClosed', reviewId, state });
  if (record.outcomes.some((outcome) => outcome.reviewerId === reviewerId))
    return failed({ kind: 'AlreadyReviewed', reviewId });
  if (verdict === 'approve' && authorIds.includes(reviewerId))
    return failed({ kind: 'ReviewerIsAuthor', reviewId });
  return ok(undefined);
}

/** Enough others approved, and nobody sent it back. Never fewer than one, whatever is required. */
export function mayPublish(record: ReviewRecord, requiredApprovals: number): Result<void, ReviewProblem> {
  const { reviewId } = record.review;
  const state = reviewStateOf(record);
  if (state !== 'open') return failed({ kind: 'PolicyReviewClosed', reviewId, state });
  const [approvals, required] = [countingApprovals(record), Math.max(1, Math.ceil(requiredApprovals))];
  if (approvals >= required) return ok(undefined);
  return failed({ kind: 'PolicyNotApproved', reviewId, approvals, requiredApprovals: required });
}
