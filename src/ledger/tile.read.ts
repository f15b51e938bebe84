import type { Tile, TileId } from './tile.js';

/** A checkpoint as published: what strangers may rely on. */
export interface PublishedCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** Signed by the log. */
  readonly note: string;
  /** The same with the cosignatures of a quorum of witnesses; undefined while there is none. */
  readonly cosigned: string | undefined;
}

/** The tree as it is stored. Belongs to the installation: leaves and hashes tell nothing of an organisation. */
export interface TileRead {
  /** The checkpoint of this size, else the latest; of the cosigned ones only if asked so. */
  checkpoint(wanted: { size?: number; cosigned?: true }): Promise<PublishedCheckpoint | undefined>;
  /** As wide as asked for, cut from wider tiles where need be; those that are not stored are missing. */
  tiles(ids: readonly TileId[]): Promise<readonly Tile[]>;
  /** The exact bytes that the tree hashes, in order; fewer when there are fewer. */
  leaves(range: { start: number; end: number }): Promise<readonly Buffer[]>;
}
