import fc from 'fast-check';
import { hashLeaf, rootOf } from './merkle.js';
import { verifyConsistency, verifyInclusion } from './merkle-proof.js';
import { slotsAt, slotsOf, tileOfSlot, tilePath, TILE_WIDTH, type Tile, type TileId } from './tile.js';
import { parseTilePath } from './tile-path.js';
import { TileEdge } from './tile-edge.js';
import { consistencyTiles, inclusionTiles, readerOf, rootTiles, TileTree } from './tile-tree.js';

// Past one tile; test/strangers proves as many with x/mod.
const MAX = 260;
const leaves = Array.from({ length: MAX }, (_, n) => hashLeaf(Buffer.from(`leaf ${String(n)}`)));
const roots = Array.from({ length: MAX + 1 }, (_, size) => rootOf(leaves, { start: 0, end: size }));

/** The widest tiles of the largest tree; every narrower one is the beginning of one of them. */
function storedTiles(): readonly Tile[] {
  const edge = TileEdge.empty();
  return [...leaves.flatMap((leaf) => edge.append(leaf)), ...edge.partial()];
}
const stored = storedTiles();

const cut = (ids: readonly TileId[]): readonly Tile[] =>
  ids.map((id) => {
    const tile = stored.find((each) => each.level === id.level && each.index === id.index);
    if (!tile || tile.width < id.width) throw new Error(`${tilePath(id)} is not in the tree`);
    return { ...id, data: Buffer.concat(slotsOf(tile).slice(0, id.width)) };
  });

/** All that a log of this size publishes. */
function allTiles(size: number): readonly TileId[] {
  const ids: TileId[] = [];
  for (let level = 0; slotsAt(level, size) > 0; level += 1)
    for (let slot = 0; slot < slotsAt(level, size); slot += TILE_WIDTH)
      ids.push(tileOfSlot(level, slot, size));
  return ids;
}

const rootAt = (size: number): Buffer => roots[size] ?? Buffer.alloc(0);

describe('a tree of which only tiles are at hand', () => {
  it('proves that every leaf is in every tree of up to 260', async () => {
    let proofs = 0;
    for (let size = 1; size <= MAX; size += 1) {
      const tree = new TileTree(size, readerOf(cut(allTiles(size))));
      for (let index = 0; index < size; index += 1) {
        const claim = { index, size, leafHash: leaves[index] ?? Buffer.alloc(0), root: rootAt(size) };
        if (!verifyInclusion(claim, await tree.inclusionProof(index)))
          throw new Error(`${String(index)} of ${String(size)}`);
        proofs += 1;
      }
    }
    expect(proofs).toBe((MAX * (MAX + 1)) / 2);
  }, 120_000);

  it('proves that every tree of up to 260 continues every smaller one, and knows its own root', async () => {
    let proofs = 0;
    for (let size = 0; size <= MAX; size += 1) {
      const tree = new TileTree(size, readerOf(cut(allTiles(size))));
      expect(await tree.root()).toEqual(rootAt(size));
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const proof = await tree.consistencyProof(oldSize);
        const claim = { oldSize, oldRoot: rootAt(oldSize), newSize: size, newRoot: rootAt(size) };
        if (!verifyConsistency(claim, proof)) throw new Error(`${String(oldSize)} to ${String(size)}`);
        if (oldSize > 0 && verifyConsistency({ ...claim, oldRoot: Buffer.alloc(32) }, proof))
          throw new Error(`${String(oldSize)} to ${String(size)}: another root passes`);
        proofs += 1;
      }
    }
    expect(proofs).toBe(((MAX + 1) * (MAX + 2)) / 2);
  }, 120_000);

  it('reads no other tiles for a proof than those it names beforehand', async () => {
    const sizeAndPart = fc
      .integer({ min: 1, max: MAX })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
    await fc.assert(
      fc.asyncProperty(sizeAndPart, async ([size, part]) => {
        const inclusion = readerOf(cut(inclusionTiles(part, size)));
        const consistency = readerOf(cut(consistencyTiles(part, size)));
        expect(await new TileTree(size, readerOf(cut(rootTiles(size)))).root()).toEqual(rootAt(size));
        await new TileTree(size, inclusion).inclusionProof(part);
        await new TileTree(size, consistency).consistencyProof(part);
      }),
    );
  });

  it('fails loudly when a tile is missing', async () => {
    await expect(new TileTree(300, readerOf([])).root()).rejects.toThrow('is missing');
  });
});

describe('the path of a tile', () => {
  it('is read back as what it was made of, whatever the tile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 63 }),
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.integer({ min: 1, max: TILE_WIDTH }),
        (level, index, width) => {
          const id = { level, index, width };
          const path = tilePath(id).slice('tile/'.length);
          expect(parseTilePath(path)).toEqual({ kind: 'hashes', id });
          const entries = path.replace(/^\d+/, 'entries');
          expect(parseTilePath(entries)).toEqual({ kind: 'entries', id: { ...id, level: 0 } });
        },
      ),
    );
  });

  it.each(
    [
      ['', '0', '0/', '/0/000', '0/0', '0/00', '0/0000', '0/1000', '0/x000', '00/000', '64/000', '-1/000'],
      [
        '0/x000/001',
        '0/001/002',
        '0/x001',
        '0/X001/000',
        '0/x001/x000',
        '0/000/',
        '0/000?x',
        '0/000.p',
        '0/%30%30%30',
      ],
      [
        '0/000.p/0',
        '0/000.p/01',
        '0/000.p/256',
        '0/000.p/999',
        '0/000.p/-1',
        '0/000.p/1/',
        'entries',
        'data/000',
      ],
      ['0/x001/x002/x003/x004/x005/006', '0/000\n', ' 0/000', '0/٠٠٠'],
    ]
      .flat()
      .map((path) => [path]),
  )('has one spelling only: %p is none', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});

describe('the number of hashes of a level', () => {
  it('is that of C2SP tlog-tiles for a tree of 70,000', () => {
    expect([0, 1, 2, 3].map((level) => slotsAt(level, 70_000))).toEqual([273 * 256 + 112, 256 + 17, 1, 0]);
  });
});
