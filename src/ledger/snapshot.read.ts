import type { JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { StoredCheckpoint } from './integrator.store.js';
import type { Tile } from './tile.js';
import type { CosignedCheckpoint } from './verify-cosignatures.js';

/** Personal fields as stored. */
export interface SnapshotBody {
  readonly subject: string;
  readonly orgId: string;
  readonly retentionClass: string;
  /** Null when erased. */
  readonly ciphertext: Digest | null;
  /** Of the decrypted record; null when erased or when the snapshot holds no key; `unreadable` when it does not open. */
  readonly commitment: Digest | 'unreadable' | null;
  /** What was decrypted; undefined where nothing was. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** One entry with all that stands beside it; undefined where a row is missing. */
export interface SnapshotEntry {
  readonly seq: number;
  readonly leaf: string;
  readonly leafHash: Buffer;
  readonly contentDigest: Buffer;
  /** `columns` are the fact's filter columns by their name. */
  readonly fact: { readonly statement: string; readonly columns: JsonObject } | undefined;
  readonly idem: { readonly key: Buffer; readonly contentDigest: Buffer } | undefined;
  readonly bodies: readonly SnapshotBody[];
}

/** A row that belongs to no entry. */
export interface Stray {
  readonly what: 'fact' | 'idempotency' | 'body';
  readonly seq: number;
}

/** What the sequencer and the integrator believe. */
export interface Coordinators {
  readonly next: number;
  readonly size: number;
  readonly root: Buffer;
}

/** The whole ledger as of one moment. Every method may be called more than once and answers the same. */
export interface LedgerSnapshot {
  /** By `seq`, ascending, from one on. */
  entries(from?: number): AsyncIterable<SnapshotEntry>;
  /** By size, ascending, from one on. */
  checkpoints(from?: number): AsyncIterable<StoredCheckpoint & CosignedCheckpoint>;
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** Every stored width of one tile, narrowest first; empty when there is none. */
  tiles(level: number, index: number): Promise<readonly Tile[]>;
  strays(): Promise<readonly Stray[]>;
  coordinators(): Promise<Coordinators>;
}
