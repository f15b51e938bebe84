import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import type { Severity } from '../../../src/formats/model/finding.js';
import { sampleRows } from './golden-tables.js';

/** A sample with its known answer: the golden specs assert these, docs/evidence-formats.md prints them. */
export interface FindingRow {
  readonly file: string;
  readonly format: string;
  /** What the uploader has to say, where the content does not. */
  readonly declaredFormat?: string;
  readonly state?: EvidenceDocument['state'];
  readonly reason?: string;
  readonly kinds?: readonly string[];
  readonly severities: Partial<Record<Severity, number>>;
  /** Distinct identities. */
  readonly distinct?: number;
  readonly shows: string;
}

export const SECRET_ROWS = sampleRows('secrets') as readonly FindingRow[];
export const CODE_ROWS = sampleRows('findings') as readonly FindingRow[];
