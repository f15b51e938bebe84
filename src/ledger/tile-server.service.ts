import { entryBundle, slotsAt, TILE_WIDTH } from './tile.js';
import { parseTilePath } from './tile-path.js';
import type { TileRead } from './tile.read.js';

/**
 * The log as C2SP tlog-tiles, for whoever wants all of it. Serves what the published checkpoint covers and nothing
 * beyond, so that a mirror never holds what no signature stands for.
 */
export class TileServer {
  /** With `cosignedOnly` the published checkpoint is the last that a quorum of witnesses cosigned. */
  constructor(
    private readonly read: TileRead,
    private readonly cosignedOnly: boolean,
  ) {}

  /** The published signed note; undefined before the first. */
  async checkpoint(): Promise<string | undefined> {
    const published = await this.#published();
    return published && (published.cosigned ?? published.note);
  }

  /** The bytes of what `path`, below `tile/`, names; undefined when there is no such file. */
  async file(path: string): Promise<Buffer | undefined> {
    const wanted = parseTilePath(path);
    if (!wanted) return undefined;
    const { level, index, width } = wanted.id;
    const end = index * TILE_WIDTH + width;
    if (end > slotsAt(level, (await this.#published())?.size ?? 0)) return undefined;
    if (wanted.kind === 'hashes') {
      const [tile] = await this.read.tiles([wanted.id]);
      if (!tile) throw new Error(`a tile of the published tree is missing: ${path}`);
      return tile.data;
    }
    const leaves = await this.read.leaves({ start: index * TILE_WIDTH, end });
    if (leaves.length !== width) throw new Error(`entries of the published tree are missing: ${path}`);
    return entryBundle(leaves);
  }

  #published() {
    return this.read.checkpoint(this.cosignedOnly ? { cosigned: true } : {});
  }
}
