import { foldPeaks, rootOf, type LeafRange } from './merkle.js';
import {
  consistencyRanges,
  inclusionRanges,
  verifyConsistency,
  type ConsistencyClaim,
} from './merkle-proof.js';
import { slotsOf, tileOfSlot, tilePath, TILE_WIDTH, type Tile, type TileId } from './tile.js';

/** Answers stored tiles. Throws when one is absent: a tree that says it has `size` leaves has them all. */
export type TileReader = (id: TileId) => Promise<Tile>;

/** Reads from tiles that were fetched together. */
export function readerOf(tiles: readonly Tile[]): TileReader {
  const byPath = new Map(tiles.map((tile) => [tilePath(tile), tile]));
  return (id) => {
    const tile = byPath.get(tilePath(id));
    return tile ? Promise.resolve(tile) : Promise.reject(new Error(`${tilePath(id)} is missing`));
  };
}

/** The tiles that an inclusion proof reads, each once: to fetch them in one question. */
export const inclusionTiles = (index: number, size: number): readonly TileId[] =>
  tilesOf(inclusionRanges(index, size), size);

/** The tiles that a consistency proof reads, each once. */
export const consistencyTiles = (oldSize: number, size: number): readonly TileId[] =>
  tilesOf(consistencyRanges(oldSize, size), size);

/** The tiles that the root reads, each once. */
export const rootTiles = (size: number): readonly TileId[] => tilesOf([{ start: 0, end: size }], size);

/** A tree of `size` leaves of which only tiles are at hand; proofs read O(log size) of them. */
export class TileTree {
  /** Roots of subtrees that were hashed already: proofs from one tree share most of them. */
  readonly #known = new Map<string, Buffer>();

  constructor(
    private readonly size: number,
    private readonly read: TileReader,
  ) {}

  /** Root of the tree, or of a part of it that begins where a complete subtree can. */
  root(range: LeafRange = { start: 0, end: this.size }): Promise<Buffer> {
    return this.#hash(range);
  }

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
    for (const subtree of subtreesOf(range)) peaks.push(await this.#subtree(subtree));
    return foldPeaks(peaks);
  }

  async #subtree({ level, slot, slots }: Subtree): Promise<Buffer> {
    const name = `${String(level)}/${String(slot)}/${String(slots)}`;
    const known = this.#known.get(name);
    if (known) return known;
    const tile = await this.read(tileOfSlot(level, slot, this.size));
    const first = slot % TILE_WIDTH;
    const root = rootOf(slotsOf(tile), { start: first, end: first + slots });
    this.#known.set(name, root);
    return root;
  }
}

/** A complete subtree as tiles hold it: one slot of a level, or a power of two of them within one tile. */
interface Subtree {
  readonly level: number;
  readonly slot: number;
  readonly slots: number;
}

/** The complete subtrees that make up a range, largest first. */
function subtreesOf({ start, end }: LeafRange): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let from = start; from < end;) {
    const height = alignedHeight(from, end);
    const level = Math.floor(height / 8);
    subtrees.push({ level, slot: from / TILE_WIDTH ** level, slots: 2 ** (height - 8 * level) });
    from += 2 ** height;
  }
  return subtrees;
}

function tilesOf(ranges: readonly LeafRange[], size: number): readonly TileId[] {
  const ids = ranges.flatMap(subtreesOf).map(({ level, slot }) => tileOfSlot(level, slot, size));
  return [...new Map(ids.map((id) => [tilePath(id), id])).values()];
}

/** Height of the largest complete subtree that begins at `start` and does not pass `end`. */
function alignedHeight(start: number, end: number): number {
  let height = 0;
  while (start % 2 ** (height + 1) === 0 && start + 2 ** (height + 1) <= end) height += 1;
  return height;
}
