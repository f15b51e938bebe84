import type { EntityManager } from 'typeorm';
import type { Evidence, EvidenceReport } from './evidence.js';
import {
  evidenceOf,
  reportOf,
  SELECT_EVIDENCE,
  type EvidenceRow,
  type ReportRow,
} from './evidence.read.pg.js';
import type { EvidenceStore } from './evidence.store.js';

export class PgEvidenceStore implements EvidenceStore {
  constructor(private readonly manager: EntityManager) {}

  async add(evidence: Evidence): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.evidence
         (evidence_id, org_id, art_id, artefact_digest, stored_digest, received_digest, size_bytes, masked_count,
          declared_format, source, collected_at, received_at, uploaded_by, entry_key, tool_run)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       ON CONFLICT ON CONSTRAINT evidence_pk DO NOTHING RETURNING evidence_id`,
      [
        evidence.evidenceId,
        evidence.orgId,
        evidence.artId,
        evidence.artefactDigest,
        evidence.storedDigest,
        evidence.receivedDigest,
        String(evidence.sizeBytes),
        evidence.maskedCount,
        evidence.declaredFormat,
        evidence.source,
        new Date(evidence.collectedAt),
        new Date(evidence.receivedAt),
        evidence.uploadedBy,
        evidence.entryKey,
        evidence.toolRun && JSON.stringify(evidence.toolRun),
      ],
    );
    return rows.length === 1;
  }

  async find(evidenceId: string): Promise<Evidence | undefined> {
    const [row] = await this.manager.query<EvidenceRow[]>(`${SELECT_EVIDENCE} WHERE e.evidence_id = $1`, [
      evidenceId,
    ]);
    return row && evidenceOf(row);
  }

  async addReport(report: EvidenceReport): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.evidence_report
         (evidence_id, normaliser, org_id, format, format_version, kinds, state, reasons, document_digest,
          normalised_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT ON CONSTRAINT evidence_report_pk DO NOTHING RETURNING evidence_id`,
      [
        report.evidenceId,
        report.normaliser,
        report.orgId,
        report.format,
        report.formatVersion,
        JSON.stringify(report.kinds),
        report.state,
        JSON.stringify(report.reasons),
        report.documentDigest,
        new Date(report.normalisedAt),
        report.entryKey,
      ],
    );
    return rows.length === 1;
  }

  async findReport(evidenceId: string, normaliser: string): Promise<EvidenceReport | undefined> {
    const [row] = await this.manager.query<ReportRow[]>(
      `SELECT evidence_id, org_id, format, format_version, kinds, state, reasons, document_digest, normaliser,
              normalised_at, entry_key AS report_key
         FROM assay.evidence_report WHERE evidence_id = $1 AND normaliser = $2`,
      [evidenceId, normaliser],
    );
    return row && reportOf(row);
  }
}
