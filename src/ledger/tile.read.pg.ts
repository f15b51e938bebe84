import type { EntityManager } from 'typeorm';
import { HASH_BYTES } from './merkle.js';
import type { PublishedCheckpoint, TileRead } from './tile.read.js';
import type { Tile, TileId } from './tile.js';

interface CheckpointRow {
  readonly size: string;
  readonly root: Buffer;
  readonly note: string;
  readonly cosigned: string | null;
}

/**
 * Tiles as wide as asked for. A narrower one is the beginning of a wider one (C2SP tlog-tiles), so that every
 * width stays to be had, stored or not.
 */
export async function readTiles(manager: EntityManager, ids: readonly TileId[]): Promise<readonly Tile[]> {
  const rows = await manager.query<{ level: number; idx: string; wide: number; data: Buffer }[]>(
    `SELECT level, idx, wide, substring(stored.data FROM 1 FOR wide * ${String(HASH_BYTES)}) AS data
     FROM unnest($1::smallint[], $2::bigint[], $3::smallint[]) AS wanted(level, idx, wide)
     CROSS JOIN LATERAL (SELECT t.data FROM ledger.tile t
       WHERE t.level = wanted.level AND t.idx = wanted.idx AND t.width >= wanted.wide
       ORDER BY t.width LIMIT 1) AS stored`,
    [ids.map((id) => id.level), ids.map((id) => id.index), ids.map((id) => id.width)],
  );
  return rows.map(({ level, idx, wide, data }) => ({ level, index: Number(idx), width: wide, data }));
}

export class PgTileRead implements TileRead {
  constructor(private readonly manager: EntityManager) {}

  async checkpoint(wanted: { size?: number; cosigned?: true }): Promise<PublishedCheckpoint | undefined> {
    const [row] = await this.manager.query<CheckpointRow[]>(
      `SELECT size, root, note, cosigned FROM ledger.checkpoint
       WHERE ($1::bigint IS NULL OR size = $1) AND (NOT $2::boolean OR cosigned IS NOT NULL)
       ORDER BY size DESC LIMIT 1`,
      [wanted.size ?? null, wanted.cosigned ?? false],
    );
    return (
      row && {
        size: Number(row.size),
        root: row.root,
        note: row.note,
        cosigned: row.cosigned ?? undefined,
      }
    );
  }

  tiles(ids: readonly TileId[]): Promise<readonly Tile[]> {
    return readTiles(this.manager, ids);
  }

  async leaves({ start, end }: { start: number; end: number }): Promise<readonly Buffer[]> {
    const rows = await this.manager.query<{ seq: string; leaf: string }[]>(
      'SELECT seq, leaf FROM ledger.entry WHERE seq >= $1 AND seq < $2 ORDER BY seq',
      [start, end],
    );
    return rows.map(({ leaf }) => Buffer.from(leaf));
  }
}
