import type {
  PolicyDraft,
  PolicyFile,
  PolicyReview,
  PolicyReviewOutcome,
  PolicyReviewState,
  PolicyState as SdlState,
  PolicyTestOutcome,
} from '../../api/generated.js';
import { as, present } from '../../api/present.js';
import { showRefused } from '../../api/refused.js';
import { sha256 } from '../../kernel/digest.js';
import type { TestOutcome } from '../../rego/compiler.port.js';
import type { TestReport } from './check.service.js';
import type { DraftFile } from './content.js';
import { DRAFT_MESSAGES } from './messages.js';
import type { ReviewProblem } from './problem.js';
import {
  countingApprovals,
  reviewStateOf,
  stateOf,
  type DraftRecord,
  type ReviewOutcome,
  type ReviewRecord,
} from './draft.js';
import type { PolicyState } from './lifecycle.js';

/** As shown; the fields that cost a look-up or a question are resolved only when they are asked for. */
export type ShownDraft = Omit<PolicyDraft, 'files' | 'history' | 'review' | 'reviews' | 'viewerCan'> & {
  readonly record: DraftRecord;
  readonly review: ShownReview | null;
};
export type ShownReview = Omit<PolicyReview, 'files' | 'note' | 'outcomes' | 'viewerCan'> & {
  readonly record: ReviewRecord;
  readonly outcomes: readonly ShownOutcome[];
};
export type ShownOutcome = Omit<PolicyReviewOutcome, 'comment'> & {
  readonly record: ReviewRecord;
  readonly ordinal: number;
};

export const SHOWN_STATES: Readonly<Record<Exclude<PolicyState, 'absent'>, SdlState>> = {
  draft: 'DRAFT',
  checked: 'CHECKED',
  in_review: 'IN_REVIEW',
  published: 'PUBLISHED',
  retired: 'RETIRED',
};

export function showDraft(record: DraftRecord): ShownDraft {
  const { revision, latest, authorIds, review, published } = record;
  return {
    __typename: 'PolicyDraft',
    record,
    policyId: revision.policyId,
    version: revision.revision,
    latestVersion: latest,
    state: showState(stateOf(record)),
    digest: revision.content?.digest ?? null,
    savedBy: revision.savedBy,
    savedAt: revision.savedAt,
    authors: [...authorIds],
    review: review && showReview(review),
    published: published && {
      policyId: revision.policyId,
      version: published.version,
      digest: published.digest,
    },
  };
}

export function showReview(record: ReviewRecord): ShownReview {
  const { review } = record;
  return {
    __typename: 'PolicyReview',
    record,
    id: review.reviewId,
    policyId: review.policyId,
    ordinal: review.ordinal,
    draftVersion: review.revision,
    version: review.packVersion,
    state: showReviewState(record),
    digest: review.content.digest,
    authors: [...review.authorIds],
    requestedBy: review.requestedBy,
    requestedAt: review.requestedAt,
    outcomes: record.outcomes.map((outcome) => showOutcome(record, outcome)),
    approvals: countingApprovals(record),
  };
}

const showOutcome = (
  record: ReviewRecord,
  { ordinal, verdict, reviewerId, at }: ReviewOutcome,
): ShownOutcome => ({
  ...{ record, ordinal, at },
  outcome: verdict === 'approve' ? 'APPROVE' : 'REQUEST_CHANGES',
  reviewedBy: reviewerId,
});

export const showFile = ({ path, text }: DraftFile): PolicyFile => ({ path, text, digest: sha256(text) });

export function showTests({ outcomes, coverage }: TestReport): object {
  const bad = outcomes.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
  return as('PolicyTestReport', {
    passed: outcomes.filter(({ outcome }) => outcome === 'pass').length,
    failed: bad.length,
    outcomes: outcomes.map(showTest),
    coverage,
  });
}

/** The SDL says some facts in its own words: states and enums in capitals, a refusal as a message. */
export function showDraftProblem(problem: ReviewProblem): object {
  const shown = present(problem, DRAFT_MESSAGES);
  switch (problem.kind) {
    case 'PolicyStateForbids':
      return { ...shown, policyState: showState(problem.state) };
    case 'PolicyReviewClosed':
      return { ...shown, reviewState: SHOWN_REVIEW_STATES[problem.state] };
    case 'PolicyTestsFailed':
      return { ...shown, failed: problem.failed.map(showTest) };
    case 'PolicyDraftStale': {
      const files = problem.files.map(({ changedBy, change, ...file }) => ({
        ...{ ...file, change: upper(change) },
        changedBy: upper(changedBy),
      }));
      return { ...shown, files };
    }
    case 'NotPermitted':
      return showRefused(problem);
    default:
      return shown;
  }
}

const showTest = (test: TestOutcome): PolicyTestOutcome => ({
  name: test.name,
  package: test.package,
  outcome: upper(test.outcome),
  file: test.file,
  row: test.row,
  output: test.output,
  failedAt: test.failedAt,
});

const showState = (state: PolicyState): SdlState | null => (state === 'absent' ? null : SHOWN_STATES[state]);

const SHOWN_REVIEW_STATES = {
  open: 'OPEN',
  'changes-requested': 'CHANGES_REQUESTED',
  superseded: 'SUPERSEDED',
  published: 'PUBLISHED',
} as const satisfies Record<ReturnType<typeof reviewStateOf>, PolicyReviewState>;

const showReviewState = (record: ReviewRecord): PolicyReviewState =>
  SHOWN_REVIEW_STATES[reviewStateOf(record)];

/** Enum values of the SDL are the domain's words in capitals. */
export const upper = <T extends string>(word: T): Uppercase<T> => word.toUpperCase() as Uppercase<T>;
