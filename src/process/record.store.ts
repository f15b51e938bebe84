import type { IdempotencyKey } from '../kernel/id.js';
import type { OrgOwned, RecordTable } from './record-table.js';

export interface Order<T> {
  readonly by: keyof T & string;
  readonly descending?: boolean;
  readonly limit?: number;
}

/** Finds records by their fields; null matches null. Without an order they come in any. */
export interface RecordRead {
  find<T extends OrgOwned>(
    table: RecordTable<T>,
    match: Partial<T> & OrgOwned,
    order?: Order<T>,
  ): Promise<readonly T[]>;
  /** The record that was stored under this key. */
  under<T extends OrgOwned>(
    table: RecordTable<T>,
    orgId: string,
    key: IdempotencyKey,
  ): Promise<T | undefined>;
  /** The key of the entry that recorded it: what a reader of personal fields asks with. */
  entryKeyOf<T extends OrgOwned>(
    table: RecordTable<T>,
    match: Partial<T> & OrgOwned,
  ): Promise<IdempotencyKey | undefined>;
}

/** Adds records; changes none. Lives on one transaction. */
export interface RecordStore extends RecordRead {
  /** Holds `what` (a case, a role) until the transaction ends: others who change it wait. */
  lock(orgId: string, what: string): Promise<void>;
  /** Throws when the primary key is taken: whoever adds holds the lock and has looked. */
  add<T extends OrgOwned>(table: RecordTable<T>, record: T, key: IdempotencyKey): Promise<void>;
}
