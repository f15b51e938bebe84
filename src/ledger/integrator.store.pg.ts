import type { EntityManager } from 'typeorm';
import type {
  ContinuedEntry,
  Glance,
  IntegratorStore,
  StoredCheckpoint,
  TreeState,
  UnintegratedEntry,
} from './integrator.store.js';
import type { Tile, TileId } from './tile.js';

/** Any constant does: two transactions with this number do not both lead. */
const LEADER_LOCK = 0x61737379;

const LOST = 'ledger.intcoord has lost its row';

interface GlanceRow {
  readonly size: string;
  readonly root: Buffer;
  readonly signed_size: string | null;
  readonly signed_root: Buffer | null;
  readonly note: string | null;
  readonly pending: boolean;
}

export class PgIntegratorStore implements IntegratorStore {
  constructor(private readonly manager: EntityManager) {}

  /** `max` and not EXISTS: for that a planner expects a third of the table and reads it from the wrong end. */
  async glance(): Promise<Glance> {
    const [row] = await this.manager.query<GlanceRow[]>(
      `SELECT i.size, i.root, c.size AS signed_size, c.root AS signed_root, c.note,
         coalesce((SELECT max(seq) FROM ledger.entry) >= i.size, false) AS pending
       FROM ledger.intcoord i
         LEFT JOIN LATERAL (SELECT size, root, note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1) c ON true
       WHERE i.id = 1`,
    );
    if (!row) throw new Error(LOST);
    const { signed_size, signed_root, note, pending } = row;
    return {
      state: { size: Number(row.size), root: row.root },
      latest:
        signed_size !== null && signed_root && note !== null
          ? { size: Number(signed_size), root: signed_root, note }
          : undefined,
      pending,
    };
  }

  async lead(): Promise<boolean> {
    const [row] = await this.manager.query<{ leads: boolean }[]>(
      'SELECT pg_try_advisory_xact_lock($1) AS leads',
      [LEADER_LOCK],
    );
    return row?.leads === true;
  }

  async state(): Promise<TreeState> {
    const [row] = await this.manager.query<{ size: string; root: Buffer }[]>(
      'SELECT size, root FROM ledger.intcoord WHERE id = 1 FOR UPDATE',
    );
    if (!row) throw new Error(LOST);
    return { size: Number(row.size), root: row.root };
  }

  async entriesFrom(seq: number, limit: number): Promise<readonly UnintegratedEntry[]> {
    const rows = await this.manager.query<{ seq: string; leaf: string; leaf_hash: Buffer }[]>(
      'SELECT seq, leaf, leaf_hash FROM ledger.entry WHERE seq >= $1 ORDER BY seq LIMIT $2',
      [seq, limit],
    );
    return rows.map((row) => ({ seq: Number(row.seq), leaf: row.leaf, leafHash: row.leaf_hash }));
  }

  async tiles(ids: readonly TileId[]): Promise<readonly Tile[]> {
    const rows = await this.manager.query<{ level: number; idx: string; width: number; data: Buffer }[]>(
      `SELECT level, idx, width, data FROM ledger.tile
       JOIN unnest($1::smallint[], $2::bigint[], $3::smallint[]) AS wanted(level, idx, width)
         USING (level, idx, width)`,
      [ids.map((id) => id.level), ids.map((id) => id.index), ids.map((id) => id.width)],
    );
    return rows.map(({ level, idx, width, data }) => ({ level, index: Number(idx), width, data }));
  }

  async advance(state: TreeState, tiles: readonly Tile[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO ledger.tile (level, idx, width, data)
       SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])`,
      [
        tiles.map((tile) => tile.level),
        tiles.map((tile) => tile.index),
        tiles.map((tile) => tile.width),
        tiles.map((tile) => tile.data),
      ],
    );
    await this.manager.query('UPDATE ledger.intcoord SET size = $1, root = $2 WHERE id = 1', [
      state.size,
      state.root,
    ]);
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.manager.query<{ size: string; root: Buffer; note: string }[]>(
      'SELECT size, root, note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1',
    );
    return row && { size: Number(row.size), root: row.root, note: row.note };
  }

  async publish({ size, root, note }: StoredCheckpoint): Promise<void> {
    await this.manager.query('INSERT INTO ledger.checkpoint (size, root, note) VALUES ($1, $2, $3)', [
      size,
      root,
      note,
    ]);
  }

  async continuations(): Promise<readonly ContinuedEntry[]> {
    const rows = await this.manager.query<{ seq: string; leaf: string; statement: string }[]>(
      'SELECT seq, leaf, statement FROM ledger.continuation ORDER BY seq DESC',
    );
    return rows.map(({ seq, leaf, statement }) => ({ seq: Number(seq), leaf, statement }));
  }

  async noteRefusal(problem: string | undefined): Promise<void> {
    await this.manager.query(
      `UPDATE ledger.signing SET problem = $1,
         refused_at = CASE WHEN $1::text IS NULL THEN NULL ELSE coalesce(refused_at, clock_timestamp()) END
       WHERE id = 1 AND problem IS DISTINCT FROM $1::text`,
      [problem ?? null],
    );
  }
}
