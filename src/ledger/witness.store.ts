import type { StoredCheckpoint } from './integrator.store.js';
import type { Tile, TileId } from './tile.js';

/** What witnesses need of the log, on one transaction of the integrator's role. */
export interface WitnessStore {
  /** The latest checkpoint, unless it is cosigned already. */
  awaiting(): Promise<StoredCheckpoint | undefined>;
  /** As wide as asked for, cut from wider tiles where need be; those that are not stored are missing. */
  tiles(ids: readonly TileId[]): Promise<readonly Tile[]>;
  /** Once for each checkpoint; a second time changes nothing. */
  cosign(size: number, note: string): Promise<void>;
}
