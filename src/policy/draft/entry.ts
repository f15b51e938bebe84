import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { JsonObject } from '../../kernel/canonical-json.js';
import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft, EntryKind, EntrySubject } from '../../ledger/entry.js';
import { listedFiles } from './content.js';
import {
  outcomeDigest,
  retirementDigest,
  reviewDigest,
  revisionDigest,
  type Retirement,
  type Review,
  type ReviewOutcome,
  type Revision,
} from './draft.js';
import type { PolicyState } from './lifecycle.js';

/** What every step in the work on a policy has in common, on its way into the ledger. */
export interface DraftStep {
  readonly before: PolicyState;
  readonly after: PolicyState;
  readonly actor: Actor;
  readonly context: ProcessContext;
  readonly at: Instant;
  readonly key: IdempotencyKey;
}

/** Names of subjects: the verifier finds rows by them. */
export const subjectOf = {
  revision: (policyId: string, revision: number): string => `policy-revision/${policyId}/${String(revision)}`,
  review: (reviewId: string): string => `policy-review/${reviewId}`,
  outcome: (reviewId: string, ordinal: number): string =>
    `policy-review-outcome/${reviewId}/${String(ordinal)}`,
  retirement: (policyId: string, version: string): string => `policy-retirement/${policyId}@${version}`,
};

/** A revision was saved, or the draft thrown away where it has no content. */
export function revisionEntry(revision: Revision, step: DraftStep): EntryDraft {
  const { policyId, revision: number, content } = revision;
  return entry(content ? 'policy.draft-saved' : 'policy.draft-discarded', step, {
    subjects: [{ name: subjectOf.revision(policyId, number), digest: revisionDigest(revision) }],
    details: {
      policyId,
      revision: number,
      ...(content && { content: content.digest, files: listedFiles(content.text).length }),
    },
  });
}

export function reviewRequestedEntry(review: Review, note: string, step: DraftStep): EntryDraft {
  return entry('policy.review-requested', step, {
    subjects: [{ name: subjectOf.review(review.reviewId), digest: reviewDigest(review) }],
    details: reviewDetails(review),
    prose: { note },
  });
}

export function reviewedEntry(
  review: Review,
  outcome: ReviewOutcome,
  said: { readonly comment: string; readonly reasonCode: string },
  step: DraftStep,
): EntryDraft {
  const { reviewId } = review;
  return entry('policy.reviewed', step, {
    subjects: [
      { name: subjectOf.review(reviewId), digest: reviewDigest(review) },
      { name: subjectOf.outcome(reviewId, outcome.ordinal), digest: outcomeDigest(review, outcome) },
    ],
    result: outcome.verdict === 'approve' ? 'APPROVED' : 'CHANGES_REQUESTED',
    details: { ...reviewDetails(review), ordinal: outcome.ordinal, reasonCode: said.reasonCode },
    prose: { comment: said.comment },
  });
}

export function retiredEntry(retirement: Retirement, reason: string, step: DraftStep): EntryDraft {
  const { policyId, version, digest } = retirement;
  return entry('policy.retired', step, {
    subjects: [
      { name: `${policyId}@${version}`, digest },
      { name: subjectOf.retirement(policyId, version), digest: retirementDigest(retirement) },
    ],
    policyDigests: [digest],
    details: { policyId, version },
    prose: { reason },
  });
}

const reviewDetails = (review: Review): JsonObject => ({
  policyId: review.policyId,
  reviewId: review.reviewId,
  review: review.ordinal,
  revision: review.revision,
  version: review.packVersion,
  content: review.content.digest,
  source: review.source,
  authors: review.authorIds.length,
});

interface Told {
  readonly subjects: readonly EntrySubject[];
  readonly details: JsonObject;
  readonly result?: string;
  readonly policyDigests?: readonly Digest[];
  /** In the words of who did it: encrypted with that person's key. */
  readonly prose?: Readonly<Record<string, string>>;
}

function entry(kind: EntryKind, step: DraftStep, { subjects, details, prose, ...facts }: Told): EntryDraft {
  const { before, after, actor, context, at, key } = step;
  const { orgId, principalId } = actor;
  return {
    orgId,
    kind,
    actor: { principalId },
    subjects,
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(actor, context),
      ...facts,
      stateBefore: before,
      stateAfter: after,
      details,
    },
    ...(prose && { personal: [{ principalId, fields: { ...prose } }] }),
    key,
  };
}
