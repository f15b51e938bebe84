import type { Actor } from '../kernel/actor.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { InvalidCursor, Page } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { EntryQuery, LedgerEntry, LedgerRead } from './ledger.read.js';

/** What people and auditors look up in the record; changes nothing. */
export class LedgerDesk {
  /** `vkey` is the log's public key in C2SP form: what a checkpoint is verified with. */
  constructor(
    private readonly read: LedgerRead,
    readonly vkey: string,
  ) {}

  entries(actor: Actor, query: EntryQuery): Promise<Result<Page<LedgerEntry>, InvalidCursor>> {
    return this.read.entries(actor.orgId, query);
  }

  entryByKey(actor: Actor, key: IdempotencyKey): Promise<LedgerEntry | undefined> {
    return this.read.entryByKey(actor.orgId, key);
  }

  entry(actor: Actor, seq: number): Promise<LedgerEntry | undefined> {
    return this.read.entry(actor.orgId, seq);
  }
}
