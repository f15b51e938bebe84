import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { DraftRecord, Retirement, Review, ReviewOutcome, ReviewRecord, Revision } from './draft.js';

/** What a command left behind, found again by the key it was given under. */
export type DraftChange =
  | { readonly what: 'revision'; readonly policyId: string; readonly revision: number }
  | { readonly what: 'review'; readonly reviewId: string; readonly policyId: string }
  | { readonly what: 'outcome'; readonly reviewId: string }
  | { readonly what: 'retirement'; readonly policyId: string; readonly version: string };

/** Inserts only: nothing about the work on a policy is ever changed or removed. Lives on one transaction. */
export interface DraftStore {
  /**
   * The policy's latest revision with all that happened to it; undefined before the first. No other transaction
   * can change anything of this policy until ours has ended.
   */
  findForChange(orgId: string, policyId: string): Promise<DraftRecord | undefined>;
  find(orgId: string, policyId: string, revision: number): Promise<DraftRecord | undefined>;
  changeBy(orgId: string, key: IdempotencyKey): Promise<DraftChange | undefined>;
  addRevision(revision: Revision, key: IdempotencyKey): Promise<void>;
  /** Adding the same twice is harmless. */
  addCheck(check: {
    readonly orgId: string;
    readonly policyId: string;
    readonly contentDigest: Digest;
    readonly opaVersion: string;
    readonly at: Instant;
  }): Promise<void>;
  /** The number that the policy's next review bears. */
  nextReview(orgId: string, policyId: string): Promise<number>;
  addReview(review: Review, key: IdempotencyKey): Promise<void>;
  review(orgId: string, reviewId: string): Promise<ReviewRecord | undefined>;
  addOutcome(review: Review, outcome: ReviewOutcome, key: IdempotencyKey): Promise<void>;
  retirement(orgId: string, policyId: string, version: string): Promise<Retirement | undefined>;
  addRetirement(retirement: Retirement, key: IdempotencyKey): Promise<void>;
}
