import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { Activation, Standing } from './activation.js';
import type { ChecklistVersion } from './checklist.js';
import type { Published } from '../policy.store.js';

/** Checklist versions and their activations, which are only added. Lives on one transaction. */
export interface ChecklistStore {
  /** Until our transaction ends nobody else publishes or activates this checklist, or holds it. */
  lock(orgId: string, chkId: string): Promise<void>;
  /** The version in force, which no activation replaces before our transaction ends. Any number may hold it. */
  hold(orgId: string, chkId: string): Promise<number | null>;
  /** Which of these policy versions were retired. */
  retired(
    orgId: string,
    digests: readonly Digest[],
  ): Promise<readonly { readonly policyId: string; readonly policyVersion: string }[]>;
  standing(orgId: string, chkId: string): Promise<Standing>;
  /** Newest first. */
  versions(orgId: string, chkId: string): Promise<readonly ChecklistVersion[]>;
  publishedUnder(orgId: string, key: IdempotencyKey): Promise<ChecklistVersion | undefined>;
  activatedUnder(orgId: string, key: IdempotencyKey): Promise<Activation | undefined>;
  publish(orgId: string, version: ChecklistVersion, published: Published): Promise<void>;
  activate(orgId: string, activation: Activation, key: IdempotencyKey): Promise<void>;
}
