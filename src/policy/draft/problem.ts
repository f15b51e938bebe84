import type { Refused } from '../../kernel/refusal.js';
import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type {
  FileCoverage,
  OpaBusy,
  OpaLimitExceeded,
  OpaUnavailable,
  RegoError,
  TestOutcome,
} from '../../rego/compiler.port.js';
import type { ReviewState } from './draft.js';
import type { ConflictingFile } from './diff.js';
import type { PolicyStateForbids } from './lifecycle.js';
import type { InvalidInput } from '../problem.js';

/** Everything that is wrong with a policy as written: manifest, texts, Rego and house rules, by file and row. */
export interface PolicyInvalid {
  readonly kind: 'PolicyInvalid';
  readonly errors: readonly RegoError[];
}

/** Somebody saved in between. Both sides are here, so that nothing is lost. */
export interface PolicyDraftStale {
  readonly kind: 'PolicyDraftStale';
  readonly policyId: string;
  /** What the caller's edit was based on. */
  readonly expectedVersion: number;
  readonly currentVersion: number;
  /** Null where the other side threw the draft away. */
  readonly currentDigest: Digest | null;
  readonly savedBy: string;
  readonly savedAt: Instant;
  /** Empty where the other side changed its mind to what the caller has. */
  readonly files: readonly ConflictingFile[];
}

export interface PolicyDraftNotFound {
  readonly kind: 'PolicyDraftNotFound';
  readonly policyId: string;
}
export interface PolicyVersionNotFound {
  readonly kind: 'PolicyVersionNotFound';
  readonly policyId: string;
  readonly version: string;
}
export interface IdempotencyConflict {
  readonly kind: 'IdempotencyConflict';
  readonly seq: number | null;
}
/** `reasonCode` is one of policies/access. */
export interface NotPermitted extends Refused {
  readonly kind: 'NotPermitted';
}

/** What can come of looking at sources with the compiler. */
export type ToolProblem = OpaUnavailable | OpaBusy | InvalidInput;
export type DraftCheckProblem = ToolProblem | PolicyInvalid;

export type DraftProblem =
  | DraftCheckProblem
  | PolicyDraftStale
  | PolicyDraftNotFound
  | PolicyVersionNotFound
  | PolicyStateForbids
  | IdempotencyConflict;

/** Why a policy is not good enough to be reviewed or published. */
export type QualityProblem =
  | PolicyInvalid
  | { readonly kind: 'PolicyTestsMissing'; readonly policyId: string }
  | { readonly kind: 'PolicyTestsFailed'; readonly failed: readonly TestOutcome[] }
  | {
      readonly kind: 'PolicyCoverageTooLow';
      /** Percent that every file of rules must reach. */
      readonly floor: number;
      readonly files: readonly FileCoverage[];
    };

export type ReviewProblem =
  | QualityProblem
  | DraftProblem
  | NotPermitted
  | { readonly kind: 'PolicyReviewNotFound'; readonly reviewId: string }
  /** It was sent back, published, or a later revision was saved. */
  | { readonly kind: 'PolicyReviewClosed'; readonly reviewId: string; readonly state: ReviewState }
  | { readonly kind: 'ReviewerIsAuthor'; readonly reviewId: string }
  | { readonly kind: 'AlreadyReviewed'; readonly reviewId: string }
  | {
      readonly kind: 'PolicyNotApproved';
      readonly reviewId: string;
      readonly approvals: number;
      readonly requiredApprovals: number;
    }
  /** The number is taken; what is published never changes. */
  | { readonly kind: 'PolicyVersionTaken'; readonly policyId: string; readonly version: string };

/** A limit that the sources exceed is a mistake of the sources. */
export const beyondLimit = ({ limit }: OpaLimitExceeded): InvalidInput => ({
  kind: 'InvalidInput',
  path: 'files',
  expected: `sources that the compiler handles within its limit of ${limit}`,
});
