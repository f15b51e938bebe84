import type { Digest } from '../kernel/digest.js';
import type { Evidence, EvidenceReport } from './evidence.js';

/** Evidence and what was made of it: rows that are only ever added. Lives on one transaction. */
export interface EvidenceStore {
  /** False when the id exists, and then nothing is written: `find` sees what does. */
  add(evidence: Evidence): Promise<boolean>;
  find(orgId: string, evidenceId: string): Promise<Evidence | undefined>;
  /** Some evidence of the organisation with these bytes, as they are stored or as they were received. */
  findBytes(orgId: string, digest: Digest): Promise<Evidence | undefined>;
  /**
   * The report of other evidence with the same bytes that was read in the same way; undefined where what it says
   * may rest on more than the bytes (signatures on statements, how a tool was run).
   */
  findTwin(evidence: Evidence, normaliser: string): Promise<EvidenceReport | undefined>;
  /** False when this normaliser's report of it exists, and then nothing is written. */
  addReport(report: EvidenceReport): Promise<boolean>;
  findReport(orgId: string, evidenceId: string, normaliser: string): Promise<EvidenceReport | undefined>;
}
