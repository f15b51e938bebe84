import type { EntityManager } from 'typeorm';
import type { StoredCheckpoint } from './integrator.store.js';
import type { Tile, TileId } from './tile.js';
import { readTiles } from './tile.read.pg.js';
import type { WitnessStore } from './witness.store.js';

export class PgWitnessStore implements WitnessStore {
  constructor(private readonly manager: EntityManager) {}

  async awaiting(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.manager.query<{ size: string; root: Buffer; note: string; open: boolean }[]>(
      'SELECT size, root, note, cosigned IS NULL AS open FROM ledger.checkpoint ORDER BY size DESC LIMIT 1',
    );
    return row?.open ? { size: Number(row.size), root: row.root, note: row.note } : undefined;
  }

  tiles(ids: readonly TileId[]): Promise<readonly Tile[]> {
    return readTiles(this.manager, ids);
  }

  async cosign(size: number, note: string): Promise<void> {
    await this.manager.query(
      'UPDATE ledger.checkpoint SET cosigned = $2 WHERE size = $1 AND cosigned IS NULL',
      [size, note],
    );
  }
}
