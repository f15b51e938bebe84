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
  | 'export'
  | 'organisation'
  | 'process'
  | 'hold'
  | 'coordinator'
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
  /** Personal fields beside it: which persons' are still there, and what they say where the key is at hand. */
  readonly bodies: readonly CheckedBody[];
}

export interface CheckedBody {
  readonly subject: string;
  readonly erased: boolean;
  readonly fields?: Readonly<Record<string, string>>;
}

/**
 * Holds something – decisions, waivers, blobs – against what the entries say of it. All checks are fed from one
 * reading: every readable entry of every organisation, in order, a page at a time.
 */
export interface DomainCheck {
  /** A check whose pages stand alone keeps nothing of them: memory must not grow with the number of decisions. */
  read(page: readonly CheckedEntry[]): Promise<readonly Finding[]>;
  /** After the last page of a full pass: rows that no entry records, and whatever needed all of them. */
  finish(): Promise<readonly Finding[]>;
  /** Whether `read` alone, on new entries only, is worth something: such a check runs in incremental passes too. */
  readonly standsAlone: boolean;
}

/** Where a later pass can go on: the tree up to there was verified, and had this root. */
export interface VerifiedUpTo {
  readonly size: number;
  readonly root: Buffer;
}

/** Accepted means: no findings. It covers `size` entries, which `root` stands for. */
export interface VerificationReport {
  readonly accepted: boolean;
  /** Of the latest checkpoint; 0 and the empty root before the first. */
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Entries that are newer than the checkpoint: checked one by one, but no tree covers them yet. */
  readonly notYetCovered: number;
  /** Entries that this pass read. */
  readonly entries: number;
  readonly findings: readonly Finding[];
}
