import { hashLeaf } from '../../ledger/merkle.js';
import { TileEdge } from '../../ledger/tile-edge.js';
import { entryBundle, slotsOf, TILE_WIDTH, tilePath, type Tile, type TileId } from '../../ledger/tile.js';
import { PackRefused, smallFile, type PackFile } from './pack.js';
import type { PackLeaf } from './pack-source.port.js';

/** What one walk over the log leaves behind: 32 bytes per 256 entries. */
export interface WalkedLog {
  readonly size: number;
  readonly root: Buffer;
  /** Roots of the full blocks of 256 leaves, in order. */
  readonly blocks: readonly Buffer[];
  /** Leaf hashes behind the last full block, fewer than 256. */
  readonly rest: readonly Buffer[];
}

/**
 * The whole log as tlog-tiles: entry bundle and tiles of a block as soon as it is full, the partial ones last.
 * Hashes come from the leaves, never from stored tiles. Throws PackRefused when a number is missing.
 */
export async function* logFiles(leaves: AsyncIterable<PackLeaf>): AsyncGenerator<PackFile, WalkedLog> {
  const edge = TileEdge.empty();
  const blocks: Buffer[] = [];
  let pending: Buffer[] = [];
  const keepBlocks = (tiles: readonly Tile[]): void => {
    for (const tile of tiles) if (tile.level === 1) blocks.push(...slotsOf(tile));
  };
  for await (const { seq, leaf } of leaves) {
    if (seq !== edge.size) throw new PackRefused('log', `entry ${String(edge.size)} expected`, seq);
    const bytes = Buffer.from(leaf);
    pending.push(bytes);
    const completed = edge.append(hashLeaf(bytes));
    if (completed.length === 0) continue;
    yield smallFile(bundlePath(edge.size / TILE_WIDTH - 1, TILE_WIDTH), entryBundle(pending));
    pending = [];
    yield* completed.map(tileFile);
    keepBlocks(completed);
  }
  if (pending.length > 0) {
    yield smallFile(bundlePath(Math.floor(edge.size / TILE_WIDTH), pending.length), entryBundle(pending));
  }
  const partial = edge.partial();
  yield* partial.map(tileFile);
  keepBlocks(partial);
  const lowest = partial.find(({ level }) => level === 0);
  return { size: edge.size, root: edge.root(), blocks, rest: lowest ? slotsOf(lowest) : [] };
}

const tileFile = (tile: Tile): PackFile => smallFile(tilePath(tile), tile.data);

/** `tile/entries/<N>[.p/<W>]`: numbered and cut as the tiles of level 0 are. */
function bundlePath(index: number, width: number): string {
  const id: TileId = { level: 0, index, width };
  return tilePath(id).replace(/^tile\/0\//, 'tile/entries/');
}
