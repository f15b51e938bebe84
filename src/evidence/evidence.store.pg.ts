import type { EntityManager } from 'typeorm';
import type { Digest } from '../kernel/digest.js';
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
          declared_format, source, collected_at, received_at, uploaded_by, entry_key, tool_run,
          encoding, part_set, part_number, part_of)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
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
        evidence.encoding,
        evidence.part?.set ?? null,
        evidence.part?.part ?? null,
        evidence.part?.of ?? null,
      ],
    );
    return rows.length === 1;
  }

  async find(orgId: string, evidenceId: string): Promise<Evidence | undefined> {
    const [row] = await this.manager.query<EvidenceRow[]>(
      `${SELECT_EVIDENCE} WHERE e.org_id = $1 AND e.evidence_id = $2`,
      [orgId, evidenceId],
    );
    return row && evidenceOf(row);
  }

  async findBytes(orgId: string, digest: Digest): Promise<Evidence | undefined> {
    const [row] = await this.manager.query<EvidenceRow[]>(
      `${SELECT_EVIDENCE} WHERE e.org_id = $1 AND (e.stored_digest = $2 OR e.received_digest = $2)
        ORDER BY e.received_at, e.evidence_id LIMIT 1`,
      [orgId, digest],
    );
    return row && evidenceOf(row);
  }

  async findTwin(evidence: Evidence, normaliser: string): Promise<EvidenceReport | undefined> {
    if (evidence.toolRun) return undefined;
    const [row] = await this.manager.query<ReportRow[]>(
      `SELECT r.evidence_id, r.org_id, r.format, r.format_version, r.kinds, r.state, r.reasons, r.tools,
              r.document_digest, r.normaliser, r.normalised_at, r.entry_key AS report_key
         FROM assay.evidence e JOIN assay.evidence_report r USING (evidence_id)
        WHERE e.org_id = $1 AND e.stored_digest = $2 AND e.evidence_id <> $3 AND e.tool_run IS NULL
          AND e.declared_format IS NOT DISTINCT FROM $4 AND r.normaliser = $5
          AND NOT r.kinds @> '["provenance"]'
        ORDER BY r.normalised_at LIMIT 1`,
      [evidence.orgId, evidence.storedDigest, evidence.evidenceId, evidence.declaredFormat, normaliser],
    );
    return row && reportOf(row);
  }

  async addReport(report: EvidenceReport): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.evidence_report
         (evidence_id, normaliser, org_id, format, format_version, kinds, state, reasons, document_digest,
          normalised_at, entry_key, tools)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
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
        JSON.stringify(report.tools),
      ],
    );
    return rows.length === 1;
  }

  async findReport(
    orgId: string,
    evidenceId: string,
    normaliser: string,
  ): Promise<EvidenceReport | undefined> {
    const [row] = await this.manager.query<ReportRow[]>(
      `SELECT evidence_id, org_id, format, format_version, kinds, state, reasons, tools, document_digest, normaliser,
              normalised_at, entry_key AS report_key
         FROM assay.evidence_report WHERE org_id = $1 AND evidence_id = $2 AND normaliser = $3`,
      [orgId, evidenceId, normaliser],
    );
    return row && reportOf(row);
  }
}
