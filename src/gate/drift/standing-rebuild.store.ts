/** How many rows of the read model were not what the entries say. */
export interface StandingDifferences {
  /** Rows that were not there. */
  readonly missing: number;
  /** Rows that said something else. */
  readonly changed: number;
  /** Rows that no entry tells of. */
  readonly invented: number;
  /** Entries of decisions that were read. */
  readonly decisions: number;
}

/** Makes the read model of standing decisions anew. Lives on one transaction, and acts for all organisations. */
export interface StandingRebuildStore {
  /**
   * Puts right what differs, up to where the reader of the ledger has come; nobody reads on meanwhile, and whoever
   * asks sees either the old rows or the new ones. What is still to be looked at (drift checks) stays as it is.
   */
  rebuild(): Promise<StandingDifferences>;
}
