import { concat, equalBytes, firstDifference, HASH_BYTES } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal, type Findings } from './finding.js';
import { parseTileName, slotsAt, tileAt, tileName, type TileName } from './names.js';
import type { Pack } from './pack.js';
import { hashLeaf, TILE_WIDTH, TileNodes, Tree } from './tree.js';

const MOST_ENTRY_BYTES = 65_535;
const MOST_BUNDLE_BYTES = TILE_WIDTH * (2 + MOST_ENTRY_BYTES);

/** The log of a pack, recomputed from its entries. */
export interface Log {
  readonly tree: Tree;
  /** Nodes of the lowest tile that holds a leaf, read from the pack; the latest one is kept. */
  nodesOf(leaf: number): Promise<TileNodes>;
}

/**
 * Recomputes the whole tree: every entry against level 0, every tile against what lies below it. Undefined when it
 * cannot be carried through or something is wrong with it: then nothing can be proven from it.
 */
export async function readLog(
  pack: Pack,
  size: number,
  watch: readonly number[],
  deps: Deps,
): Promise<Log | undefined> {
  const { findings, crypto } = deps;
  const before = findings.count;
  refuseForeignTiles(pack, size, findings);
  const tree = new Tree(crypto.sha256.bind(crypto), watch);
  const whole = await findings.attempt(async () => {
    for (let index = 0; index * TILE_WIDTH < size; index += 1)
      await addTile(tree, { pack, size, index }, deps);
    for (let level = 1; slotsAt(level, size) > 0; level += 1) await compareLevel(tree, pack, level, findings);
    return true;
  });
  if (!whole || findings.count > before) return undefined;
  return { tree, nodesOf: nodesReader(pack, size, crypto) };
}

interface Deps {
  readonly crypto: Crypto;
  readonly findings: Findings;
}

function refuseForeignTiles(pack: Pack, size: number, findings: Findings): void {
  for (const name of pack.names()) {
    if (!name.startsWith('tile/')) continue;
    const tile = parseTileName(name);
    if (tile && tile.width > 0 && tileAt(tile.level, tile.index, size).width === tile.width) continue;
    findings.add('tile-name', name, `a tree of ${size} entries has no such tile`);
  }
}

/** Of a tile that must be there: exactly as wide as the size implies. */
async function readTile(pack: Pack, tile: TileName): Promise<Uint8Array> {
  const name = tileName(tile);
  if (!pack.has(name)) throw new Refusal('tile-missing', name, 'a tree of this size has this tile');
  const bytes = await pack.read(name, MOST_BUNDLE_BYTES);
  const wanted = tile.width * HASH_BYTES;
  if (tile.level === 'entries' || bytes.length === wanted) return bytes;
  throw new Refusal('tile-width', name, `${bytes.length} bytes, ${wanted} expected`);
}

async function addTile(
  tree: Tree,
  at: { pack: Pack; size: number; index: number },
  deps: Deps,
): Promise<void> {
  const { pack, size, index } = at;
  const bundle = tileAt('entries', index, size);
  const computed = leafHashes(await readTile(pack, bundle), bundle, deps.crypto);
  const lowest = tileAt(0, index, size);
  const stored = await deps.findings.attempt(() => readTile(pack, lowest));
  for (let i = 0; stored && i < lowest.width; i += 1) {
    const slot = [i * HASH_BYTES, (i + 1) * HASH_BYTES] as const;
    if (equalBytes(computed.subarray(...slot), stored.subarray(...slot))) continue;
    const detail = `entry ${index * TILE_WIDTH + i} is not what ${tileName(lowest)} has the hash of`;
    deps.findings.add('entry-hash', tileName(bundle), detail, `slot ${i}`);
  }
  tree.add(computed);
}

/** Entry bundle: for each entry its length in two bytes, big-endian, then the entry. Exactly `width` of them. */
function leafHashes(bytes: Uint8Array, tile: TileName, crypto: Crypto): Uint8Array {
  const hashes: Uint8Array[] = [];
  let at = 0;
  while (hashes.length < tile.width) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const end = at + 2 + length;
    if (length === 0 || end > bytes.length) {
      throw new Refusal(
        'tile-width',
        tileName(tile),
        `ends within entry ${hashes.length} of ${tile.width}`,
        `byte ${at}`,
      );
    }
    hashes.push(hashLeaf(crypto.sha256.bind(crypto), bytes.subarray(at + 2, end)));
    at = end;
  }
  if (at === bytes.length) return concat(...hashes);
  throw new Refusal(
    'tile-width',
    tileName(tile),
    `${bytes.length - at} bytes behind the last entry`,
    `byte ${at}`,
  );
}

async function compareLevel(tree: Tree, pack: Pack, level: number, findings: Findings): Promise<void> {
  for (let index = 0; index * TILE_WIDTH < slotsAt(level, tree.size); index += 1) {
    const tile = tileAt(level, index, tree.size);
    await findings.attempt(async () => {
      const stored = await readTile(pack, tile);
      const wrong = firstDifference(
        stored,
        tree.slots(level, index * TILE_WIDTH, index * TILE_WIDTH + tile.width),
      );
      if (wrong < 0) return;
      const at = `slot ${Math.floor(wrong / HASH_BYTES)}`;
      throw new Refusal('tile-hash', tileName(tile), 'not the hash of the tile below', at);
    });
  }
}

function nodesReader(pack: Pack, size: number, crypto: Crypto): Log['nodesOf'] {
  let latest: { readonly index: number; readonly nodes: TileNodes } | undefined;
  return async (leaf) => {
    const index = Math.floor(leaf / TILE_WIDTH);
    if (latest?.index !== index) {
      const hashes = await readTile(pack, tileAt(0, index, size));
      latest = { index, nodes: new TileNodes(crypto.sha256.bind(crypto), hashes) };
    }
    return latest.nodes;
  };
}
