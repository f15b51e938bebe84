import { digestOf } from '../../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { ContentListing } from './content.js';
import type { PolicyState } from './lifecycle.js';

/** One saved state of a policy in the making. Never changed; the highest number is the draft. */
export interface Revision {
  readonly orgId: string;
  readonly policyId: string;
  /** 1, 2, 3 …: what a save expects. */
  readonly revision: number;
  /** Null where this revision threw the draft away. */
  readonly content: ContentListing | null;
  readonly savedBy: string;
  readonly savedAt: Instant;
}

export type ReviewVerdict = 'approve' | 'request-changes';

/** What one person said of a review. */
export interface ReviewOutcome {
  /** 1, 2, … in order of arrival. */
  readonly ordinal: number;
  readonly reviewerId: string;
  readonly verdict: ReviewVerdict;
  readonly at: Instant;
  readonly authTime: number | null;
  readonly amr: readonly string[];
}

/** A frozen content that others look at. */
export interface Review {
  readonly reviewId: string;
  readonly orgId: string;
  readonly policyId: string;
  /** The policy's first, second … review. */
  readonly ordinal: number;
  readonly revision: number;
  /** The number under which it would be published. */
  readonly packVersion: string;
  /** The draft with the library modules it needs. */
  readonly content: ContentListing;
  /** Digest of manifest, Dutch texts and Rego: `source` of the version that comes of it. */
  readonly source: Digest;
  /** Who saved a revision since the last publication, sorted. Their approval counts for nothing. */
  readonly authorIds: readonly string[];
  readonly requestedBy: string;
  readonly requestedAt: Instant;
}

export interface ReviewRecord {
  readonly review: Review;
  readonly outcomes: readonly ReviewOutcome[];
  /** Its content became the version it names. */
  readonly published: boolean;
  /** A later revision was saved: what is reviewed is no longer what is meant. */
  readonly superseded: boolean;
}

export const REVIEW_STATES = ['open', 'changes-requested', 'superseded', 'published'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export function reviewStateOf(record: ReviewRecord): ReviewState {
  if (record.published) return 'published';
  if (sentBack(record)) return 'changes-requested';
  return record.superseded ? 'superseded' : 'open';
}

/** A draft at one revision, with everything that happened to exactly that. */
export interface DraftRecord {
  readonly revision: Revision;
  /** The highest revision there is: the draft itself, where it is this one. */
  readonly latest: number;
  /** Who saved a revision since the last publication, sorted. */
  readonly authorIds: readonly string[];
  /** Exactly this content compiled and kept the house rules. */
  readonly checked: boolean;
  /** The latest review of this revision. */
  readonly review: ReviewRecord | null;
  /** What was published of that review. */
  readonly published: { readonly version: string; readonly digest: Digest; readonly retired: boolean } | null;
}

/** Derived, never stored. A review of another revision says nothing about this one. */
export function stateOf(draft: DraftRecord | undefined): PolicyState {
  if (!draft?.revision.content) return 'absent';
  if (draft.published) return draft.published.retired ? 'retired' : 'published';
  if (draft.review && reviewStateOf(draft.review) === 'open') return 'in_review';
  return draft.checked || draft.review ? 'checked' : 'draft';
}

const sentBack = ({ outcomes }: ReviewRecord): boolean =>
  outcomes.some(({ verdict }) => verdict === 'request-changes');

/** Distinct persons who approved and wrote none of it: counted here, whatever a table or a policy says. */
export function countingApprovals({ review, outcomes }: ReviewRecord): number {
  const approving = outcomes.filter(
    ({ verdict, reviewerId }) => verdict === 'approve' && !review.authorIds.includes(reviewerId),
  );
  return new Set(approving.map(({ reviewerId }) => reviewerId)).size;
}

/** Over one revision: what the ledger's entry commits to. */
export const revisionDigest = ({ content, savedAt, ...revision }: Revision): Digest =>
  digestOf({
    model: 'assay.policy-revision/1',
    ...revision,
    content: content?.digest ?? null,
    savedAt: toRfc3339(savedAt),
  });

export const reviewDigest = ({ content, requestedAt, ...review }: Review): Digest =>
  digestOf({
    model: 'assay.policy-review/1',
    ...review,
    content: content.digest,
    requestedAt: toRfc3339(requestedAt),
  });

export const outcomeDigest = (review: Review, outcome: ReviewOutcome): Digest =>
  digestOf({
    model: 'assay.policy-review-outcome/1',
    review: reviewDigest(review),
    ...outcome,
    at: toRfc3339(outcome.at),
  });

/** A published version that no new checklist version may pin. Those that pin it go on judging. */
export interface Retirement {
  readonly orgId: string;
  readonly policyId: string;
  readonly version: string;
  readonly digest: Digest;
  readonly retiredBy: string;
  readonly at: Instant;
}

export const retirementDigest = (retirement: Retirement): Digest =>
  digestOf({ model: 'assay.policy-retirement/1', ...retirement, at: toRfc3339(retirement.at) });
