import { CompactRange } from '../../ledger/compact-range.js';
import { hashLeaf, rootOf } from '../../ledger/merkle.js';
import { inclusionRanges, verifyInclusion } from '../../ledger/merkle-proof.js';
import { slotsAt, tilePath, type TileId } from '../../ledger/tile.js';
import { drained } from '../../../test/support/pack.js';
import { HashTree } from './hash-tree.js';
import { logFiles, type WalkedLog } from './log-files.js';
import { PackRefused } from './pack.js';
import type { PackLeaf } from './pack-source.port.js';
import { Prover } from './prover.js';

/** The vectors of Certificate Transparency's reference tests (ledger.md §3). */
const VECTORS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOT_OF_8 = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328';

const leafText = (seq: number): string => `leaf ${String(seq)}`;
const hashOf = (seq: number): Buffer => hashLeaf(Buffer.from(leafText(seq)));

async function* leaves(size: number): AsyncGenerator<PackLeaf> {
  for (let seq = 0; seq < size; seq += 1) yield await Promise.resolve({ seq, leaf: leafText(seq) });
}

/** Walked once: the large ones take a second. */
const known = new Map<number, Promise<Walked>>();
function walkOf(size: number): Promise<Walked> {
  const walked = known.get(size) ?? walk(leaves(size));
  known.set(size, walked);
  return walked;
}

interface Walked {
  readonly log: WalkedLog;
  readonly files: ReadonlyMap<string, Buffer>;
}

async function walk(source: AsyncIterable<PackLeaf>): Promise<Walked> {
  const files = new Map<string, Buffer>();
  const walking = logFiles(source);
  for (;;) {
    const next = await walking.next();
    if (next.done) return { log: next.value, files };
    files.set(next.value.path, await drained(next.value.chunks));
  }
}

const stored = (first: number, end: number): Promise<readonly Buffer[]> =>
  Promise.resolve(Array.from({ length: end - first }, (_, i) => hashOf(first + i)));

describe('proofs in one walk', () => {
  it('have the published root over the published leaves', () => {
    const tree = new HashTree(VECTORS.map((hex) => hashLeaf(Buffer.from(hex, 'hex'))));
    expect(tree.root().toString('hex')).toBe(ROOT_OF_8);
  });

  it('are those of the recursive definition, hash by hash, for every leaf of every tree up to 70', () => {
    const hashes = Array.from({ length: 70 }, (_, seq) => hashOf(seq));
    const wrong: object[] = [];
    for (let size = 1; size <= hashes.length; size += 1) {
      const tree = new HashTree(hashes.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const expected = inclusionRanges(index, size).map((range) => rootOf(hashes, range));
        if (Buffer.compare(Buffer.concat(expected), Buffer.concat(tree.path(index))) !== 0)
          wrong.push({ index, size });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('verify for every entry of every log up to 600', async () => {
    const wrong: object[] = [];
    const hashes = await stored(0, 600);
    const range = new CompactRange();
    for (const [last, newest] of hashes.entries()) {
      range.append(newest);
      const [size, full] = [last + 1, Math.floor((last + 1) / 256)];
      const blocks = Array.from({ length: full }, (_, i) =>
        rootOf(hashes, { start: 256 * i, end: 256 * i + 256 }),
      );
      const log = { size, root: range.root(), blocks, rest: hashes.slice(256 * full, size) };
      const prover = new Prover(log, (start, end) => Promise.resolve(hashes.slice(start, end)));
      for (const [index, leafHash] of hashes.slice(0, size).entries()) {
        const claim = { index, size, leafHash, root: log.root };
        if (!verifyInclusion(claim, await prover.prove(index, claim.leafHash))) wrong.push({ index, size });
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each([65_535, 65_536, 65_537, 70_000])('verify across levels at size %i', async (size) => {
    const { log } = await walkOf(size);
    const prover = new Prover(log, stored);
    for (const index of [0, 255, 256, 32_767, 65_279, 65_534, size - 1]) {
      const claim = { index, size, leafHash: hashOf(index), root: log.root };
      expect(verifyInclusion(claim, await prover.prove(index, claim.leafHash))).toBe(true);
    }
  });

  it('ask the source once per block that holds an entry', async () => {
    const { log } = await walkOf(1100);
    const asked: number[] = [];
    const prover = new Prover(log, (first, end) => {
      asked.push(first, end);
      return stored(first, end);
    });
    for (const seq of [3, 4, 255, 700, 1050, 1099]) await prover.prove(seq, hashOf(seq));
    expect(asked).toEqual([0, 256, 512, 768]); // the unfinished block is in memory
  });

  it('are refused for a leaf that is not in the tree, and for stored hashes that do not fit', async () => {
    const { log } = await walkOf(300);
    await expect(new Prover(log, stored).prove(7, hashOf(8))).rejects.toThrow(PackRefused);
    const swapped = async (first: number, end: number): Promise<readonly Buffer[]> =>
      (await stored(first, end)).toReversed();
    await expect(new Prover(log, swapped).prove(7, hashOf(7))).rejects.toThrow('not those of the leaves');
    await expect(new Prover(log, () => stored(0, 255)).prove(7, hashOf(7))).rejects.toThrow(PackRefused);
  });
});

describe('the log as tiles', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537])(
    'at size %i holds exactly the tiles that tlog-tiles asks for',
    async (size) => {
      const { files, log } = await walkOf(size);
      expect([...files.keys()].sort()).toEqual(tilesOf(size).sort());
      const lengths = [...files].filter(([path]) => !path.startsWith('tile/entries/'));
      expect(lengths.filter(([path, bytes]) => bytes.length !== 32 * widthOf(path))).toEqual([]);
      expect(log.size).toBe(size);
    },
  );

  it('names tiles as the specification does at 70,000', async () => {
    const { files } = await walkOf(70_000);
    for (const path of [
      'tile/0/272',
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]) {
      expect(files.has(path)).toBe(true);
    }
    expect(files.has('tile/entries/273.p/112')).toBe(true);
  });

  it('bundles entries with their length in two bytes, big-endian', async () => {
    const { files } = await walkOf(2);
    expect(files.get('tile/entries/000.p/2')?.toString('latin1')).toBe('\0\u0006leaf 0\0\u0006leaf 1');
  });

  it('refuses a log with a number missing', async () => {
    async function* gap(): AsyncGenerator<PackLeaf> {
      yield* leaves(3);
      yield await Promise.resolve({ seq: 4, leaf: 'x' });
    }
    await expect(walk(gap())).rejects.toMatchObject({ reason: 'log', seq: 4 });
  });
});

function tilesOf(size: number): string[] {
  const paths: string[] = [];
  for (let level = 0; slotsAt(level, size) > 0; level += 1) {
    for (let first = 0; first < slotsAt(level, size); first += 256) {
      const id: TileId = { level, index: first / 256, width: Math.min(256, slotsAt(level, size) - first) };
      paths.push(tilePath(id), ...(level === 0 ? [tilePath(id).replace('tile/0/', 'tile/entries/')] : []));
    }
  }
  return paths;
}

const widthOf = (path: string): number => Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256);
