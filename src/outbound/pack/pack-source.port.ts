/** One entry of the log, as the tree hashes it. */
export interface PackLeaf {
  readonly seq: number;
  /** The exact text of the leaf. */
  readonly leaf: string;
}

/** One decision that the request selects. */
export interface PackDecision extends PackLeaf {
  /** The exact text that was signed. */
  readonly statement: string;
  /**
   * Bodies of this entry that were erased by an entry below the checkpoint's size. Later erasures do not count:
   * the same request must give the same bytes for ever.
   */
  readonly erased: number;
  /** Pieces of evidence behind this decision of which secrets were masked before they were stored. */
  readonly masked: number;
}

/** The entry with which this log took over the entries of a former one. */
export interface PackContinuation extends PackLeaf {
  /** The exact text that was signed. */
  readonly statement: string;
}

/**
 * What a pack is made of: the ledger up to one checkpoint, and the decisions that one query selects of it.
 * Everything is asked for as a stream, so that memory does not grow with the log. Each method may be called more
 * than once and must answer the same: read from one snapshot, or by `seq` below the checkpoint's size.
 */
export interface PackSource {
  /** Every entry below the checkpoint's size, from 0, ascending, without gaps. Called once. */
  leaves(): AsyncIterable<PackLeaf>;
  /** The selected decisions below the checkpoint's size, ascending. Called about five times. */
  decisions(): AsyncIterable<PackDecision>;
  /** The entries `log.continued` of the organisation below the checkpoint's size, ascending; nearly always none. */
  continuations(): AsyncIterable<PackContinuation>;
  /**
   * Stored leaf hashes, 32 bytes each, of the entries `first` (included) to `end` (not included); at most 256.
   * Asked once per 256 entries that hold a selected decision, ascending.
   */
  leafHashes(first: number, end: number): Promise<readonly Buffer[]>;
}
