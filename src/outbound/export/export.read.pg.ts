import type { EntityManager } from 'typeorm';
import { countMatching } from '../../kernel/count-matching.js';
import type { Digest } from '../../kernel/digest.js';
import { isUuid, type IdempotencyKey } from '../../kernel/id.js';
import {
  momentAfter,
  momentCursor,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../../kernel/page.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ExportRead } from './export.read.js';
import type {
  ExportFailure,
  ExportQuery,
  ExportRecord,
  ExportRun,
  ExportSettings,
  PackCounts,
} from './export.js';

/** The request's entry is found by its key, which is unique in the whole log. */
export const SELECT_EXPORTS = `
  SELECT x.export_id, x.org_id, x.query, x.checkpoint_size, x.checkpoint_note, x.previous_checkpoint, x.settings,
         x.requested_by, x.requested_at, x.entry_key, i.seq,
         p.digest, p.size_bytes, p.counts, p.made_at, p.entry_key AS pack_key,
         r.state, r.done, r.total, r.started_at, r.updated_at, r.failure
    FROM assay.export x
    LEFT JOIN ledger.idem i ON i.idem_key = x.entry_key
    LEFT JOIN assay.export_pack p ON p.export_id = x.export_id
    LEFT JOIN assay.export_run r ON r.export_id = x.export_id`;

export interface ExportRow {
  readonly export_id: string;
  readonly org_id: string;
  readonly query: ExportQuery;
  readonly checkpoint_size: string;
  readonly checkpoint_note: string;
  readonly previous_checkpoint: string | null;
  readonly settings: ExportSettings;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly entry_key: IdempotencyKey;
  readonly seq: string | null;
  readonly digest: Digest | null;
  readonly size_bytes: string | null;
  readonly counts: PackCounts | null;
  readonly made_at: Date | null;
  readonly pack_key: IdempotencyKey | null;
  readonly state: ExportRun['state'] | null;
  readonly done: string;
  readonly total: string;
  readonly started_at: Date;
  readonly updated_at: Date;
  readonly failure: ExportFailure | null;
}

export class PgExportRead implements ExportRead {
  constructor(private readonly manager: EntityManager) {}

  async find(orgId: string, exportId: string): Promise<ExportRecord | undefined> {
    if (!isUuid(exportId)) return undefined;
    const [row] = await this.manager.query<ExportRow[]>(
      `${SELECT_EXPORTS} WHERE x.org_id = $1 AND x.export_id = $2`,
      [orgId, exportId],
    );
    return row && recordOf(row);
  }

  async list(orgId: string, page: PageRequest): Promise<Result<Page<ExportRecord>, InvalidCursor>> {
    const first = pageSize(page);
    const from = momentAfter(page);
    if (!from.ok) return from;
    const after = from.value;
    const rows = await this.manager.query<ExportRow[]>(
      `${SELECT_EXPORTS} WHERE x.org_id = $1
         AND ($2::timestamptz IS NULL OR (x.requested_at, x.export_id) < ($2, $3::uuid))
       ORDER BY x.requested_at DESC, x.export_id DESC LIMIT $4`,
      [orgId, after ? new Date(after.at) : null, after?.id ?? null, first + 1],
    );
    const totalCount = await countMatching(this.manager, 'assay.export WHERE org_id = $1', [orgId]);
    const listed = pageOf(rows, { first, totalCount }, (row) =>
      momentCursor({ at: row.requested_at.getTime(), id: row.export_id }),
    );
    return ok({ ...listed, items: listed.items.map(recordOf) });
  }

  gateIsDefined(orgId: string, gateId: string): Promise<boolean> {
    return this.#isRecorded(`kind = 'gate.defined' AND gate_id = $2`, [orgId, gateId]);
  }

  artefactIsRegistered(orgId: string, digest: Digest): Promise<boolean> {
    return this.#isRecorded(`kind = 'artefact.registered' AND artefact_digest = $2`, [orgId, digest]);
  }

  async beginning(): Promise<string | undefined> {
    const [row] = await this.manager.query<{ ts_start: string }[]>(
      'SELECT ts_start FROM ledger.fact WHERE seq = 0',
    );
    return row?.ts_start;
  }

  async #isRecorded(condition: string, parameters: readonly string[]): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `SELECT FROM ledger.fact WHERE org_id = $1 AND ${condition} LIMIT 1`,
      [...parameters],
    );
    return rows.length > 0;
  }
}

export function recordOf(row: ExportRow): ExportRecord {
  const { export_id: exportId, org_id: orgId } = row;
  if (row.seq === null) throw new Error(`the entry of export ${exportId} is missing; run the verifier`);
  return {
    request: {
      exportId,
      orgId,
      query: row.query,
      checkpoint: { size: Number(row.checkpoint_size), note: row.checkpoint_note },
      previousCheckpoint: row.previous_checkpoint,
      settings: row.settings,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at.getTime(),
      entryKey: row.entry_key,
    },
    seq: Number(row.seq),
    pack:
      row.digest && row.size_bytes && row.counts && row.made_at && row.pack_key
        ? {
            exportId,
            orgId,
            digest: row.digest,
            sizeBytes: Number(row.size_bytes),
            counts: row.counts,
            madeAt: row.made_at.getTime(),
            entryKey: row.pack_key,
          }
        : null,
    run: row.state && {
      state: row.state,
      done: Number(row.done),
      total: Number(row.total),
      startedAt: row.started_at.getTime(),
      updatedAt: row.updated_at.getTime(),
      failure: row.failure,
    },
  };
}
