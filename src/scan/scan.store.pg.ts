import type { EntityManager } from 'typeorm';
import type { Instant } from '../kernel/clock.js';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { PROGRESS_CHANNEL } from '../kernel/progress-channel.js';
import { recordOf, SELECT_SCANS, type ScanRow } from './scan.read.pg.js';
import { topicOf, type ScanResult, type ScanTask, type ScanTaskRecord } from './scan.js';
import type { ScanStore, SourceRecord, SourceStore } from './scan.store.js';

export class PgScanStore implements ScanStore {
  constructor(private readonly manager: EntityManager) {}

  async add(task: ScanTask): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.scan (scan_id, scanner, org_id, art_id, artefact_digest, source_digest, checkout,
         requested_by, requested_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT ON CONSTRAINT scan_pk DO NOTHING RETURNING scan_id`,
      [
        task.scanId,
        task.scanner,
        task.orgId,
        task.artId,
        task.artefactDigest,
        task.source.digest,
        task.source.checkout,
        task.requestedBy,
        new Date(task.requestedAt),
        task.entryKey,
      ],
    );
    return rows.length === 1;
  }

  async find(orgId: string, scanId: string): Promise<readonly ScanTaskRecord[]> {
    const rows = await this.manager.query<ScanRow[]>(
      `${SELECT_SCANS} WHERE s.org_id = $1 AND s.scan_id = $2 ORDER BY s.scanner`,
      [orgId, scanId],
    );
    return rows.map(recordOf);
  }

  async begin(
    { scanId, scanner, orgId }: Pick<ScanTask, 'scanId' | 'scanner' | 'orgId'>,
    at: Instant,
  ): Promise<number> {
    const [row] = await this.manager.query<{ attempts: number }[]>(
      `INSERT INTO assay.scan_run AS r (scan_id, scanner, org_id, attempts, started_at) VALUES ($1, $2, $3, 1, $4)
       ON CONFLICT ON CONSTRAINT scan_run_pk DO UPDATE SET attempts = r.attempts + 1, started_at = $4
       RETURNING attempts`,
      [scanId, scanner, orgId, new Date(at)],
    );
    await this.#tell(scanId);
    return row?.attempts ?? 1;
  }

  async addResult(result: ScanResult): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.scan_result (scan_id, scanner, org_id, evidence_id, outcome, started_at, finished_at,
         entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT ON CONSTRAINT scan_result_pk DO NOTHING RETURNING scan_id`,
      [
        result.scanId,
        result.scanner,
        result.orgId,
        result.evidenceId,
        result.outcome,
        new Date(result.startedAt),
        new Date(result.finishedAt),
        result.entryKey,
      ],
    );
    if (rows.length === 1) await this.#tell(result.scanId);
    return rows.length === 1;
  }

  /** Whoever watches looks when this transaction has ended. */
  async #tell(scanId: string): Promise<void> {
    await this.manager.query('SELECT pg_notify($1, $2)', [PROGRESS_CHANNEL, topicOf(scanId)]);
  }
}

const UNFINISHED = `EXISTS (SELECT FROM assay.scan s WHERE s.org_id = o.org_id AND s.source_digest = o.digest
  AND NOT EXISTS (SELECT FROM assay.scan_result t WHERE t.scan_id = s.scan_id AND t.scanner = s.scanner))`;

export class PgSourceStore implements SourceStore {
  constructor(private readonly manager: EntityManager) {}

  async keep({ orgId, digest, sizeBytes, uploadedBy, uploadedAt }: SourceRecord): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.scan_source (org_id, digest, size_bytes, uploaded_by, uploaded_at)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT ON CONSTRAINT scan_source_pk DO UPDATE
         SET uploaded_by = $4, uploaded_at = $5, removed_at = NULL`,
      [orgId, digest, String(sizeBytes), uploadedBy, new Date(uploadedAt)],
    );
  }

  async isKept(orgId: string, digest: Digest): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `SELECT 1 FROM assay.scan_source WHERE org_id = $1 AND digest = $2 AND removed_at IS NULL FOR SHARE`,
      [orgId, digest],
    );
    return rows.length === 1;
  }

  async isNeeded(orgId: string, digest: Digest): Promise<boolean> {
    // Two statements: what others commit while the first one waits for the row, the second one sees.
    await this.manager.query(`SELECT 1 FROM assay.scan_source WHERE org_id = $1 AND digest = $2 FOR UPDATE`, [
      orgId,
      digest,
    ]);
    const rows = await this.manager.query<unknown[]>(
      `SELECT 1 FROM assay.scan_source o WHERE o.org_id = $1 AND o.digest = $2 AND ${UNFINISHED}`,
      [orgId, digest],
    );
    return rows.length > 0;
  }

  async noteRemoved(orgId: string, digest: Digest, at: Instant): Promise<void> {
    await this.manager.query(
      `UPDATE assay.scan_source SET removed_at = $3 WHERE org_id = $1 AND digest = $2 AND removed_at IS NULL`,
      [orgId, digest, new Date(at)],
    );
  }

  async unneeded(uploadedBefore: Instant): Promise<readonly { orgId: string; digest: Digest }[]> {
    const rows = await this.manager.query<{ org_id: string; digest: string }[]>(
      `SELECT o.org_id, o.digest FROM assay.scan_source o
        WHERE o.removed_at IS NULL AND o.uploaded_at < $1 AND NOT ${UNFINISHED}`,
      [new Date(uploadedBefore)],
    );
    return rows.map((row) => ({ orgId: row.org_id, digest: digestFrom(row.digest) }));
  }
}
