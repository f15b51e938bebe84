import type { Tile, TileId } from './tile.js';

export interface TreeState {
  readonly size: number;
  readonly root: Buffer;
}

export interface StoredCheckpoint extends TreeState {
  /** Signed note, our own signature only. */
  readonly note: string;
}

/** An entry to integrate: its bytes, and the hash that the database computed when it was appended. */
export interface UnintegratedEntry {
  readonly seq: number;
  readonly leaf: string;
  readonly leafHash: Buffer;
}

/** A `log.continued` entry: what was hashed, and what was signed. */
export interface ContinuedEntry {
  readonly seq: number;
  readonly leaf: string;
  readonly statement: string;
}

/** How things stand, read without a lock. */
export interface Glance {
  readonly state: TreeState;
  readonly latest: StoredCheckpoint | undefined;
  /** Whether an entry waits that the tree does not hold. */
  readonly pending: boolean;
}

/**
 * The tree in the database, on one transaction of the integrator's role. The state row is the fence: whoever
 * holds it sees the newest state and is alone until commit, even if two integrators believe that they lead.
 */
export interface IntegratorStore {
  glance(): Promise<Glance>;
  /** Whether this transaction leads; the others leave the work alone. */
  lead(): Promise<boolean>;
  /** Locks and reads the state. */
  state(): Promise<TreeState>;
  /** Entries from `seq` on, in order, at most `limit`. */
  entriesFrom(seq: number, limit: number): Promise<readonly UnintegratedEntry[]>;
  /** The tiles of exactly these names, in any order; those that are not stored are missing. */
  tiles(ids: readonly TileId[]): Promise<readonly Tile[]>;
  /** Stores new tiles and the state they make. A tile that exists already is corruption, and throws. */
  advance(state: TreeState, tiles: readonly Tile[]): Promise<void>;
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** Throws when this size has a checkpoint. */
  publish(checkpoint: StoredCheckpoint): Promise<void>;
  /** Where an operator declared that this log continues another, newest first; few if any. */
  continuations(): Promise<readonly ContinuedEntry[]>;
  /** Tells those who watch why nothing is signed; undefined when that is over. */
  noteRefusal(problem: string | undefined): Promise<void>;
}
