import type { IdempotencyKey } from '../../kernel/id.js';
import type { DraftRecord, Retirement, ReviewRecord, Revision } from './draft.js';
import type { PolicyVersion } from '../policy-version.js';

/** Questions about the work on policies. An organisation sees its own only. */
export interface DraftRead {
  /** The given revision or the latest, also where it threw the draft away; undefined where there is none. */
  find(orgId: string, policyId: string, revision?: number): Promise<DraftRecord | undefined>;
  /** Every policy that was ever worked on, by id: one row each, so a list of all is a short one. */
  all(orgId: string): Promise<readonly DraftRecord[]>;
  /** Newest first. */
  revisions(orgId: string, policyId: string): Promise<readonly Revision[]>;
  review(orgId: string, reviewId: string): Promise<ReviewRecord | undefined>;
  /** Newest first. */
  reviews(orgId: string, policyId: string): Promise<readonly ReviewRecord[]>;
  /** The review that a published version came of; undefined for what the installation published by itself. */
  reviewOf(orgId: string, version: PolicyVersion): Promise<ReviewRecord | undefined>;
  /** Under which the ledger keeps what was said: of the review itself, or of one of its outcomes. */
  entryKeyOf(orgId: string, reviewId: string, ordinal?: number): Promise<IdempotencyKey | undefined>;
  /** All of them, by policy and version: what a new checklist version must not pin. */
  retirements(orgId: string): Promise<readonly Retirement[]>;
  retirement(orgId: string, policyId: string, version: string): Promise<Retirement | undefined>;
  /** Published versions of a policy whose digest begins with these hexadecimal digits. */
  byDigestPrefix(orgId: string, policyId: string, hex: string): Promise<readonly string[]>;
}
