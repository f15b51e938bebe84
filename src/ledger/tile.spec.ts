import { hashLeaf, rootOf } from './merkle.js';
import { entryBundle, partialTiles, tilePath, type Tile, type TileId } from './tile.js';
import { TileEdge } from './tile-edge.js';
import { TileTree, type TileReader } from './tile-tree.js';

const leaf = (n: number): Buffer => hashLeaf(Buffer.from(String(n)));
const nameOf = ({ level, index, width }: TileId): string => tilePath({ level, index, width });

/** Grows an edge to `size` and keeps every tile it would store. */
function grow(size: number): { edge: TileEdge; read: TileReader } {
  const stored = new Map<string, Tile>();
  const edge = TileEdge.empty();
  for (let n = 0; n < size; n += 1) for (const tile of edge.append(leaf(n))) stored.set(nameOf(tile), tile);
  for (const tile of edge.partial()) stored.set(nameOf(tile), tile);
  const read: TileReader = (id) => {
    const tile = stored.get(nameOf(id));
    return tile ? Promise.resolve(tile) : Promise.reject(new Error(`no ${nameOf(id)}`));
  };
  return { edge, read };
}

describe('tiles (C2SP tlog-tiles)', () => {
  it('are named in groups of three digits', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 17 })).toBe('tile/2/000.p/17');
    expect(tilePath({ level: 0, index: 1000, width: 256 })).toBe('tile/0/x001/000');
  });

  it('have the partial widths that the size implies', () => {
    expect(partialTiles(0)).toEqual([]);
    expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(partialTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  it('carry entries behind a two-byte length', () => {
    expect(entryBundle([Buffer.from('ab'), Buffer.from('c')]).toString('hex')).toBe('00026162000163');
    expect(() => entryBundle([Buffer.alloc(65_536)])).toThrow(RangeError);
  });
});

describe('the edge of a tiled tree', () => {
  it.each([1, 255, 256, 257, 511, 512, 1000])(
    'has the root of its %i leaves, also when rebuilt from tiles',
    (size) => {
      const { edge } = grow(size);
      const root = rootOf(Array.from({ length: size }, (_, n) => leaf(n)));
      expect(edge.root()).toEqual(root);
      expect(TileEdge.of(size, edge.partial()).root()).toEqual(root);
    },
  );

  it('goes through three levels', () => {
    const size = 65_537;
    const { edge } = grow(size);
    expect(edge.partial().map(nameOf)).toEqual(['tile/0/256.p/1', 'tile/2/000.p/1']);
    expect(edge.root()).toEqual(rootOf(Array.from({ length: size }, (_, n) => leaf(n))));
  });

  it('refuses tiles that are not those of its size', () => {
    expect(() => TileEdge.of(3, [])).toThrow('not the edge tiles');
  });
});

describe('a tree of tiles', () => {
  it('proves that it continues each of its older selves, and no other', async () => {
    const { edge, read } = grow(600);
    const tree = new TileTree(600, read);
    for (const oldSize of [0, 1, 2, 255, 256, 257, 400, 512, 599, 600]) {
      const oldRoot = grow(oldSize).edge.root();
      expect(await tree.continues({ oldSize, oldRoot }, edge.root())).toBe(true);
      expect(await tree.continues({ oldSize, oldRoot: leaf(7) }, edge.root())).toBe(false);
    }
    expect(await tree.continues({ oldSize: 601, oldRoot: leaf(7) }, edge.root())).toBe(false);
  });
});
