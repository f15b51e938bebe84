import type { EntityManager } from 'typeorm';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { PROGRESS_CHANNEL } from '../../kernel/progress-channel.js';
import { recordOf, SELECT_EXPORTS, type ExportRow } from './export.read.pg.js';
import { topicOf, type ExportPack, type ExportRecord, type ExportRequest, type ExportRun } from './export.js';
import type { ExportStore } from './export.store.js';

export class PgExportStore implements ExportStore {
  constructor(private readonly manager: EntityManager) {}

  async add(request: ExportRequest): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.export (export_id, org_id, query, checkpoint_size, checkpoint_note, previous_checkpoint,
         settings, requested_by, requested_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT ON CONSTRAINT export_pk DO NOTHING RETURNING export_id`,
      [
        request.exportId,
        request.orgId,
        canonicalJson({ ...request.query }),
        request.checkpoint.size,
        request.checkpoint.note,
        request.previousCheckpoint,
        canonicalJson(request.settings as unknown as JsonObject),
        request.requestedBy,
        new Date(request.requestedAt),
        request.entryKey,
      ],
    );
    return rows.length === 1;
  }

  async find(orgId: string, exportId: string): Promise<ExportRecord | undefined> {
    const [row] = await this.manager.query<ExportRow[]>(
      `${SELECT_EXPORTS} WHERE x.org_id = $1 AND x.export_id = $2`,
      [orgId, exportId],
    );
    return row && recordOf(row);
  }

  /** Whoever watches looks when this transaction has ended. */
  async #tell(exportId: string): Promise<void> {
    await this.manager.query('SELECT pg_notify($1, $2)', [PROGRESS_CHANNEL, topicOf(exportId)]);
  }

  async addPack(pack: ExportPack): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.export_pack (export_id, org_id, digest, size_bytes, counts, made_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT export_pack_pk DO NOTHING RETURNING export_id`,
      [
        pack.exportId,
        pack.orgId,
        pack.digest,
        pack.sizeBytes,
        canonicalJson({ ...pack.counts }),
        new Date(pack.madeAt),
        pack.entryKey,
      ],
    );
    await this.#tell(pack.exportId);
    return rows.length === 1;
  }

  async note(
    { exportId, orgId }: Pick<ExportRequest, 'exportId' | 'orgId'>,
    { state, done, total, startedAt, updatedAt, failure }: ExportRun,
  ): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.export_run (export_id, org_id, state, done, total, started_at, updated_at, failure)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT ON CONSTRAINT export_run_pk DO UPDATE
         SET state = $3, done = $4, total = $5, started_at = $6, updated_at = $7, failure = $8`,
      [exportId, orgId, state, done, total, new Date(startedAt), new Date(updatedAt), failure],
    );
    await this.#tell(exportId);
  }
}
