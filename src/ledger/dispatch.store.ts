import type { Instant } from '../kernel/clock.js';
import type { EntryKind } from './entry.js';
import type { RecordedEntry } from './recorded-entry.js';

/** An entry that a reader may have to act upon. */
export interface DispatchItem {
  readonly seq: number;
  readonly orgId: string;
  readonly kind: EntryKind;
}

/** Entries of one kind in the eyes of one reader. */
export interface Readership {
  readonly kind: EntryKind;
  readonly reader: string;
  /** Below this number the reader is known to have handled all of them; 0 when nothing is known. */
  readonly from: number;
}

export interface UnhandledQuery extends Readership {
  readonly dispatchedBefore: Instant;
  readonly limit: number;
}

/**
 * What readers of the ledger work from. Delivery is at least once: an item is marked after its job is added, and
 * may be added again after a crash. A reader that writes its result and `handled` in one transaction acts once.
 */
export interface DispatchStore {
  /** Oldest first. Items that another sweep holds at this moment are passed over. */
  undispatched(limit: number): Promise<readonly DispatchItem[]>;
  /** Oldest first: entries of a kind whose job was added before the instant and which `reader` has not handled. */
  unhandled(query: UnhandledQuery): Promise<readonly DispatchItem[]>;
  /** A greater `from` for the next time, if there is one: reading all of a long history again and again costs minutes. */
  settledBelow(readership: Readership): Promise<number>;
  /** The key that each of these entries was appended with, in hex. */
  keysOf(seqs: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Marking twice is harmless. */
  markDispatched(seqs: readonly number[]): Promise<void>;
  /** Notes that `reader` handled entry `seq`; false when it had already, and then nothing is written. */
  handled(reader: string, seq: number): Promise<boolean>;
  /** What the entry says; undefined when there is none. */
  recorded(seq: number): Promise<RecordedEntry | undefined>;
}
