import { HASH_BYTES } from './merkle.js';

/** Hashes in a full tile (C2SP tlog-tiles: height 8). */
export const TILE_WIDTH = 256;

/** Names one tile: level 0 holds leaf hashes; a tile narrower than 256 is partial. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

export interface Tile extends TileId {
  /** `width` hashes, 32 bytes each. Slot i is the root of 256^level leaves from (index·256 + i)·256^level. */
  readonly data: Buffer;
}

/** How many hashes level `level` holds in a tree of `size` leaves. Partial tiles are never hashed upwards. */
export const slotsAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The partial tiles of a tree of `size`, lowest level first; a width of 0 is not a tile. */
export function partialTiles(size: number): readonly TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; slotsAt(level, size) > 0; level += 1) {
    const slots = slotsAt(level, size);
    const width = slots % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(slots / TILE_WIDTH), width });
  }
  return tiles;
}

/** The tile that holds slot `slot` of `level`, as wide as a tree of `size` makes it. */
export function tileOfSlot(level: number, slot: number, size: number): TileId {
  const index = Math.floor(slot / TILE_WIDTH);
  return { level, index, width: Math.min(TILE_WIDTH, slotsAt(level, size) - index * TILE_WIDTH) };
}

export function slotsOf(tile: Tile): Buffer[] {
  return Array.from({ length: tile.width }, (_, i) =>
    tile.data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** `tile/0/x001/x234/067.p/8`: path of a tile below the log's prefix. */
export const tilePath = ({ level, index, width }: TileId): string =>
  `tile/${String(level)}/${indexPath(index, width)}`;

function indexPath(index: number, width: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${String(width)}`;
}

/** The largest entry that an entry bundle's 16-bit length can say. */
export const MAX_ENTRY_BYTES = 65_535;

/** Entry bundle: for each entry its length in two bytes, big-endian, then the entry. */
export function entryBundle(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`entry of ${String(entry.length)} bytes`);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}
