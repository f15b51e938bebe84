import type { RecordedEntry } from './recorded-entry.js';

/** Parts of the ledger itself, and of the domain tables that must agree with it. */
export type CheckedPart =
  | 'sequence'
  | 'leaf'
  | 'fact'
  | 'idempotency'
  | 'body'
  | 'tile'
  | 'checkpoint'
  | 'decision'
  | 'waiver'
  | 'grant'
  | 'gate'
  | 'artefact'
  | 'policy'
  | 'activation'
  | 'evidence'
  | 'blob';

/** One thing that is not as it was written, named so that a person can find the row. */
export interface Finding {
  readonly what: CheckedPart;
  /** The entry concerned, where there is one. */
  readonly seq?: number;
  readonly detail: string;
}

/** An entry whose statement could be read; a finding may still stand against it. */
export interface CheckedEntry {
  readonly seq: number;
  readonly recorded: RecordedEntry;
}

/**
 * Rebuilds something from the entries, in order, and compares it with what a table or a store says: decisions,
 * waivers, blobs. Gets every readable entry of every organisation, once.
 */
export type DomainCheck = (entries: AsyncIterable<CheckedEntry>) => Promise<readonly Finding[]>;

/** Accepted means: no findings. It covers `size` entries, which `root` stands for. */
export interface VerificationReport {
  readonly accepted: boolean;
  /** Of the latest checkpoint; 0 and the empty root before the first. */
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Entries that are newer than the checkpoint: checked one by one, but no tree covers them yet. */
  readonly notYetCovered: number;
  readonly findings: readonly Finding[];
}
