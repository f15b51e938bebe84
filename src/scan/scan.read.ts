import type { Digest } from '../kernel/digest.js';
import type { ScanTaskRecord, UsualDurations } from './scan.js';

/** What people look up about scans. */
export interface ScanRead {
  /** Empty when this organisation asked for no such scan; in the order of the scanners' names. */
  find(orgId: string, scanId: string): Promise<readonly ScanTaskRecord[]>;
  /** Of one artefact version, by scan, the newest first. At most 100. */
  about(orgId: string, artefact: { artId: string; digest: Digest }): Promise<readonly ScanTaskRecord[]>;
  /** Median of the last runs of each scanner that came to their end. */
  usualDurations(orgId: string): Promise<UsualDurations>;
}
