import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { PolicyVersion } from './policy-version.js';

export interface Published {
  readonly at: Instant;
  /** Null when the installation itself publishes its starter packs. */
  readonly by: string | null;
  readonly entryKey: IdempotencyKey;
}

/** Inserts only: what is published never changes. Inserting a version twice is a bug and throws. */
export interface PolicyStore {
  publishPolicy(orgId: string, version: PolicyVersion, published: Published): Promise<void>;
}
