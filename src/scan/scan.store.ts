import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { ScanResult, ScanTask, ScanTaskRecord } from './scan.js';

/** Scans that were asked for, and what came of them. Lives on one transaction. */
export interface ScanStore {
  /** False when the task exists, and then nothing is written. */
  add(task: ScanTask): Promise<boolean>;
  /** Of any organisation, for the worker and for a retry; in the order of the scanners' names. */
  find(orgId: string, scanId: string): Promise<readonly ScanTaskRecord[]>;
  /** Notes that an attempt begins; answers how many there were, this one included. */
  begin(task: Pick<ScanTask, 'scanId' | 'scanner' | 'orgId'>, at: Instant): Promise<number>;
  /** False when the task has its result, and then nothing is written: of two workers the first counts. */
  addResult(result: ScanResult): Promise<boolean>;
}

export interface SourceRecord {
  readonly orgId: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly uploadedBy: string;
  readonly uploadedAt: Instant;
}

/** Which source archives are kept. Lives on one transaction, and holds the row of a source until that ends. */
export interface SourceStore {
  /** Notes that the bytes are there, again if they had been removed. */
  keep(source: SourceRecord): Promise<void>;
  /** Whether the bytes are there; they stay until the transaction ends. */
  isKept(orgId: string, digest: Digest): Promise<boolean>;
  /** Whether a scan of this source has still to be done. Nobody can ask for another one until the transaction ends. */
  isNeeded(orgId: string, digest: Digest): Promise<boolean>;
  noteRemoved(orgId: string, digest: Digest, at: Instant): Promise<void>;
  /** Kept since before the instant, and needed by no scan. */
  unneeded(uploadedBefore: Instant): Promise<readonly { readonly orgId: string; readonly digest: Digest }[]>;
}
