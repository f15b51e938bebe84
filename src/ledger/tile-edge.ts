import { CompactRange } from './compact-range.js';
import { rootOf } from './merkle.js';
import { partialTiles, slotsOf, TILE_WIDTH, type Tile } from './tile.js';

/**
 * The growing edge of a tiled tree: the unfinished tile of each level. Always rebuilt from stored tiles, never
 * kept from one run to the next: memory must not be able to disagree with the database.
 */
export class TileEdge {
  readonly #levels: Buffer[][] = [];
  readonly #range: CompactRange;

  private constructor(size: number, tiles: readonly Tile[]) {
    for (const tile of tiles) this.#level(tile.level).push(...slotsOf(tile));
    this.#range = new CompactRange(size, this.#levels.toReversed().flatMap(peaksOf));
  }

  static empty(): TileEdge {
    return new TileEdge(0, []);
  }

  /** `tiles` are exactly `partialTiles(size)`, with data, in any order. */
  static of(size: number, tiles: readonly Tile[]): TileEdge {
    const name = (t: Pick<Tile, 'level' | 'index' | 'width'>): string =>
      [t.level, t.index, t.width].map(String).join('/');
    const expected = new Set(partialTiles(size).map(name));
    if (tiles.length !== expected.size || !tiles.every((tile) => expected.has(name(tile)))) {
      throw new Error(`not the edge tiles of a tree of ${String(size)}`);
    }
    return new TileEdge(size, tiles);
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Buffer {
    return this.#range.root();
  }

  /** Adds one leaf hash; returns the tiles it completed, lowest level first. */
  append(leafHash: Buffer): readonly Tile[] {
    this.#range.append(leafHash);
    const completed: Tile[] = [];
    let hash = leafHash;
    for (let level = 0; ; level += 1) {
      const slots = this.#level(level);
      slots.push(hash);
      if (slots.length < TILE_WIDTH) return completed;
      hash = rootOf(slots);
      const index = this.size / TILE_WIDTH ** (level + 1) - 1;
      completed.push({ level, index, width: TILE_WIDTH, data: Buffer.concat(slots) });
      slots.length = 0;
    }
  }

  /** The unfinished tiles as they stand. */
  partial(): readonly Tile[] {
    return partialTiles(this.size).map((id) => ({ ...id, data: Buffer.concat(this.#level(id.level)) }));
  }

  #level(level: number): Buffer[] {
    while (this.#levels.length <= level) this.#levels.push([]);
    return this.#levels[level] ?? [];
  }
}

/** Roots of the complete subtrees that `slots` hashes make, largest first: one for each binary digit of their number. */
function peaksOf(slots: readonly Buffer[]): Buffer[] {
  const peaks: Buffer[] = [];
  let start = 0;
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    if (slots.length - start < width) continue;
    peaks.push(rootOf(slots, { start, end: start + width }));
    start += width;
  }
  return peaks;
}
