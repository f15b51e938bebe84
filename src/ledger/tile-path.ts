import { tilePath, TILE_WIDTH, type TileId } from './tile.js';

/** One file of a tiled log: hashes of a level, or the entries below a tile of level 0. */
export type TileFile =
  { readonly kind: 'hashes'; readonly id: TileId } | { readonly kind: 'entries'; readonly id: TileId };

/**
 * Reads what follows `tile/`: `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]` (C2SP tlog-tiles). Undefined for every
 * other spelling: one tile has one name, or caches keep it twice.
 */
export function parseTilePath(path: string): TileFile | undefined {
  const [, of, index, partial] =
    /^(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (of === undefined || index === undefined) return undefined;
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (partial !== undefined && width >= TILE_WIDTH) return undefined;
  const level = of === 'entries' ? 0 : Number(of);
  const id = { level, index: Number(index.replace(/[x/]/g, '')), width };
  if (level > 63 || tilePath(id) !== `tile/${of === 'entries' ? '0' : of}/${path.slice(of.length + 1)}`)
    return undefined;
  return { kind: of === 'entries' ? 'entries' : 'hashes', id };
}
