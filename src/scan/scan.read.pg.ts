import type { EntityManager } from 'typeorm';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { isUuid, type IdempotencyKey } from '../kernel/id.js';
import type { ScanResult, ScanTaskRecord, UsualDurations } from './scan.js';
import type { ScanRead } from './scan.read.js';

/** The request's entry is found by its key, which is unique in the whole log. */
export const SELECT_SCANS = `
  SELECT s.scan_id, s.scanner, s.org_id, s.art_id, s.artefact_digest, s.source_digest, s.checkout, s.requested_by,
         s.requested_at, s.entry_key, i.seq, r.attempts, r.started_at AS begun_at,
         t.evidence_id, t.outcome, t.started_at, t.finished_at, t.entry_key AS result_key, e.stored_digest
    FROM assay.scan s
    LEFT JOIN ledger.idem i ON i.idem_key = s.entry_key
    LEFT JOIN assay.scan_run r ON r.scan_id = s.scan_id AND r.scanner = s.scanner
    LEFT JOIN assay.scan_result t ON t.scan_id = s.scan_id AND t.scanner = s.scanner
    LEFT JOIN assay.evidence e ON e.evidence_id = t.evidence_id`;

const MAX_SCANS = 100;
/** Runs of a scanner that its usual duration is taken from. */
const RECENT = 9;

export interface ScanRow {
  readonly scan_id: string;
  readonly scanner: string;
  readonly org_id: string;
  readonly art_id: string;
  readonly artefact_digest: string;
  readonly source_digest: string;
  readonly checkout: string | null;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly entry_key: IdempotencyKey;
  readonly seq: string | null;
  readonly attempts: number | null;
  readonly begun_at: Date;
  readonly evidence_id: string | null;
  readonly outcome: ScanResult['outcome'];
  readonly started_at: Date;
  readonly finished_at: Date;
  readonly result_key: IdempotencyKey;
  readonly stored_digest: string;
}

export class PgScanRead implements ScanRead {
  constructor(private readonly manager: EntityManager) {}

  async find(orgId: string, scanId: string): Promise<readonly ScanTaskRecord[]> {
    if (!isUuid(scanId)) return [];
    const rows = await this.manager.query<ScanRow[]>(
      `${SELECT_SCANS} WHERE s.org_id = $1 AND s.scan_id = $2 ORDER BY s.scanner`,
      [orgId, scanId],
    );
    return rows.map(recordOf);
  }

  async about(
    orgId: string,
    { artId, digest }: { artId: string; digest: Digest },
  ): Promise<readonly ScanTaskRecord[]> {
    const rows = await this.manager.query<ScanRow[]>(
      `${SELECT_SCANS}
         JOIN (SELECT scan_id FROM assay.scan WHERE org_id = $1 AND art_id = $2 AND artefact_digest = $3
                GROUP BY scan_id ORDER BY min(requested_at) DESC, scan_id DESC LIMIT ${String(MAX_SCANS)}) latest
           ON latest.scan_id = s.scan_id
        ORDER BY s.requested_at DESC, s.scan_id DESC, s.scanner`,
      [orgId, artId, digest],
    );
    return rows.map(recordOf);
  }

  async usualDurations(orgId: string): Promise<UsualDurations> {
    const rows = await this.manager.query<{ scanner: string; ms: number }[]>(
      `SELECT scanner, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms
         FROM (SELECT scanner, extract(epoch FROM finished_at - started_at) * 1000 AS ms,
                      row_number() OVER (PARTITION BY scanner ORDER BY finished_at DESC) AS age
                 FROM assay.scan_result WHERE org_id = $1 AND outcome IN ('FINISHED', 'PARTIAL')) recent
        WHERE age <= ${String(RECENT)} GROUP BY scanner`,
      [orgId],
    );
    return new Map(rows.map(({ scanner, ms }) => [scanner, ms]));
  }
}

export function recordOf(row: ScanRow): ScanTaskRecord {
  const { scan_id: scanId, scanner, org_id: orgId } = row;
  return {
    task: {
      scanId,
      scanner,
      orgId,
      artId: row.art_id,
      artefactDigest: digestFrom(row.artefact_digest),
      source: { digest: digestFrom(row.source_digest), checkout: row.checkout },
      requestedBy: row.requested_by,
      requestedAt: row.requested_at.getTime(),
      entryKey: row.entry_key,
    },
    seq: Number(row.seq),
    run: row.attempts === null ? null : { attempts: row.attempts, startedAt: row.begun_at.getTime() },
    result:
      row.evidence_id === null
        ? null
        : {
            ...{ scanId, scanner, orgId, evidenceId: row.evidence_id, outcome: row.outcome },
            startedAt: row.started_at.getTime(),
            finishedAt: row.finished_at.getTime(),
            entryKey: row.result_key,
            evidenceDigest: digestFrom(row.stored_digest),
          },
  };
}
