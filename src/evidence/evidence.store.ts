import type { Evidence, EvidenceReport } from './evidence.js';

/** Evidence and what was made of it: rows that are only ever added. Lives on one transaction. */
export interface EvidenceStore {
  /** False when the id exists, and then nothing is written: `find` sees what does. */
  add(evidence: Evidence): Promise<boolean>;
  find(evidenceId: string): Promise<Evidence | undefined>;
  /** False when this normaliser's report of it exists, and then nothing is written. */
  addReport(report: EvidenceReport): Promise<boolean>;
  findReport(evidenceId: string, normaliser: string): Promise<EvidenceReport | undefined>;
}
