import { foldPeaks, rootOf, type LeafRange } from './merkle.js';
import {
  consistencyRanges,
  inclusionRanges,
  verifyConsistency,
  type ConsistencyClaim,
} from './merkle-proof.js';
import { slotsOf, tileOfSlot, TILE_WIDTH, type Tile, type TileId } from './tile.js';

/** Answers stored tiles. Throws when one is absent: a tree that says it has `size` leaves has them all. */
export type TileReader = (id: TileId) => Promise<Tile>;

/** A tree of `size` leaves of which only tiles are at hand; proofs read O(log size) of them. */
export class TileTree {
  constructor(
    private readonly size: number,
    private readonly read: TileReader,
  ) {}

  inclusionProof(index: number): Promise<readonly Buffer[]> {
    return this.#hashAll(inclusionRanges(index, this.size));
  }

  consistencyProof(oldSize: number): Promise<readonly Buffer[]> {
    return this.#hashAll(consistencyRanges(oldSize, this.size));
  }

  /** Whether the tree continues an older one: proves it from the tiles and checks the proof as a stranger would. */
  async continues(old: Pick<ConsistencyClaim, 'oldSize' | 'oldRoot'>, newRoot: Buffer): Promise<boolean> {
    if (old.oldSize > this.size) return false;
    const proof = await this.consistencyProof(old.oldSize);
    return verifyConsistency({ ...old, newSize: this.size, newRoot }, proof);
  }

  async #hashAll(ranges: readonly LeafRange[]): Promise<readonly Buffer[]> {
    const hashes: Buffer[] = [];
    for (const range of ranges) hashes.push(await this.#hash(range));
    return hashes;
  }

  async #hash(range: LeafRange): Promise<Buffer> {
    const peaks: Buffer[] = [];
    for (let start = range.start; start < range.end;) {
      const height = alignedHeight(start, range.end);
      peaks.push(await this.#subtree(start, height));
      start += 2 ** height;
    }
    return foldPeaks(peaks);
  }

  /** Root of the complete subtree of 2^height leaves from `start`: one slot of a tile, or a power of two of them. */
  async #subtree(start: number, height: number): Promise<Buffer> {
    const level = Math.floor(height / 8);
    const slot = start / TILE_WIDTH ** level;
    const tile = await this.read(tileOfSlot(level, slot, this.size));
    const first = slot % TILE_WIDTH;
    return rootOf(slotsOf(tile), { start: first, end: first + 2 ** (height - 8 * level) });
  }
}

/** Height of the largest complete subtree that begins at `start` and does not pass `end`. */
function alignedHeight(start: number, end: number): number {
  let height = 0;
  while (start % 2 ** (height + 1) === 0 && start + 2 ** (height + 1) <= end) height += 1;
  return height;
}
