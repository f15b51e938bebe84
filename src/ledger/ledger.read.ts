import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { EntryKind } from './entry.js';
import type { StoredCheckpoint } from './integrator.store.js';
import type { PersonalRecord } from './personal.js';
import type { Pseudonym } from './pseudonym.js';
import type { RecordedEntry } from './recorded-entry.js';

/** An entry as stored, and as its statement tells it. */
export interface LedgerEntry {
  readonly seq: number;
  /** The database's clock at the append. Order is by `seq`, never by this. */
  readonly at: Instant;
  /** The exact text that the tree hashes. */
  readonly leaf: string;
  readonly leafHash: Digest;
  /** The exact text that is signed. */
  readonly statement: string;
  readonly recorded: RecordedEntry;
}

/** All that is given must match. */
export interface EntryFilter {
  readonly kind?: EntryKind;
  readonly gateId?: string;
  readonly artefactDigest?: Digest;
  readonly decisionId?: string;
  readonly waiverId?: string;
  readonly caseId?: string;
}

export interface EntryQuery extends PageRequest {
  readonly filter?: EntryFilter;
  /** Oldest first unless said otherwise. */
  readonly newestFirst?: boolean;
}

/** One person's fields in one entry: in clear, or gone with that person's key. */
export type PersonalDisclosure =
  | ({ readonly status: 'present'; readonly subject: Pseudonym } & PersonalRecord)
  | { readonly status: 'erased'; readonly subject: Pseudonym };

/** Questions to the record. An organisation sees its own entries only; the checkpoint is the installation's. */
export interface LedgerRead {
  /** `first` is capped at MAX_PAGE_SIZE. */
  entries(orgId: string, query: EntryQuery): Promise<Result<Page<LedgerEntry>, InvalidCursor>>;
  /** Undefined when there is none, or it is another organisation's. */
  entry(orgId: string, seq: number): Promise<LedgerEntry | undefined>;
  entryByKey(orgId: string, key: IdempotencyKey): Promise<LedgerEntry | undefined>;
  /** Undefined until the integrator has signed for the first time. */
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** One item for each person whose fields the entry of this key carried; empty when there is no such entry. */
  personalFields(orgId: string, key: IdempotencyKey): Promise<readonly PersonalDisclosure[]>;
}
