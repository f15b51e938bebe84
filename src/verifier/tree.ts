import { concat, HASH_BYTES, HashList } from './bytes.js';
import type { Crypto } from './crypto.port.js';

/** Hashes in a full tile (C2SP tlog-tiles: height 8). */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

type Sha256 = Crypto['sha256'];

/** RFC 6962 §2.1. */
export const hashLeaf = (sha256: Sha256, entry: Uint8Array): Uint8Array =>
  sha256(concat(Uint8Array.of(0), entry));
const hashNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concat(Uint8Array.of(1), left, right));

/** A complete subtree of 2^height leaves, from leaf `start`. */
interface Peak {
  readonly height: number;
  readonly start: number;
}

/** The complete subtrees that a tree of `size` leaves consists of, largest first. Sizes may pass 2^32. */
function peaksOf(size: number): Peak[] {
  const peaks: Peak[] = [];
  let start = 0;
  for (let height = 52; height >= 0; height -= 1) {
    if (Math.floor(size / 2 ** height) % 2 === 0) continue;
    peaks.push({ height, start });
    start += 2 ** height;
  }
  return peaks;
}

/** Every complete subtree within one tile of leaf hashes. */
export class TileNodes {
  private readonly byHeight: HashList[] = [];

  constructor(sha256: Sha256, hashes: Uint8Array) {
    let below = new HashList();
    for (let at = 0; at < hashes.length; at += HASH_BYTES) below.push(hashes.subarray(at, at + HASH_BYTES));
    this.byHeight.push(below);
    for (let height = 1; height <= TILE_HEIGHT; height += 1) {
      const above = new HashList();
      for (let i = 0; i + 1 < below.length; i += 2)
        above.push(hashNode(sha256, below.at(i), below.at(i + 1)));
      this.byHeight.push(above);
      below = above;
    }
  }

  /** `index` counts subtrees of that height from the tile's first leaf. */
  at(height: number, index: number): Uint8Array {
    const hashes = this.byHeight[height];
    if (!hashes) throw new RangeError(`height ${height} within a tile`);
    return hashes.at(index);
  }
}

/**
 * The tree of a log, built tile by tile from leaf hashes. Keeps only what lies above the lowest tiles: about 64
 * bytes per 256 leaves.
 */
export class Tree {
  /** Complete subtrees of height 8, 9, … in order. */
  private readonly upper: HashList[] = [new HashList()];
  private readonly watched = new Map<number, TileNodes>();
  private last: TileNodes | undefined;
  /** Leaves so far. */
  size = 0;

  /** `watch`: earlier sizes whose roots will be asked for. */
  constructor(
    private readonly sha256: Sha256,
    private readonly watch: readonly number[] = [],
  ) {}

  /** Up to 256 leaf hashes; a tile with fewer is the last one. */
  add(hashes: Uint8Array): void {
    const width = hashes.length / HASH_BYTES;
    for (const size of this.watch) {
      if (size <= this.size || size >= this.size + TILE_WIDTH) continue;
      this.watched.set(size, new TileNodes(this.sha256, hashes.subarray(0, (size - this.size) * HASH_BYTES)));
    }
    const nodes = new TileNodes(this.sha256, hashes);
    this.size += width;
    if (width < TILE_WIDTH) this.last = nodes;
    else this.addUpper(nodes.at(TILE_HEIGHT, 0));
  }

  /** Roots of the complete subtrees of 256^level leaves, `start` to `end`: what a tile of that level holds. */
  slots(level: number, start: number, end: number): Uint8Array {
    const hashes = this.upper[(level - 1) * TILE_HEIGHT];
    if (!hashes) throw new RangeError(`level ${level} of a tree of ${this.size}`);
    return hashes.slice(start, end);
  }

  /** Root at the present size, or at one that was watched. */
  rootAt(size: number): Uint8Array {
    const nodes = size === this.size ? this.last : this.watched.get(size);
    const roots = peaksOf(size).map((peak) => this.peak(peak, nodes));
    return this.foldRight(roots) ?? this.sha256(new Uint8Array());
  }

  /**
   * Inclusion proof of a leaf at the present size (RFC 6962 §2.1.1), its sibling first. `tile` holds the nodes of
   * the lowest tile that the leaf is in.
   */
  path(leaf: number, tile: TileNodes): Uint8Array[] {
    const peaks = this.allPeaks();
    const mine = peaks.findLastIndex(({ start }) => start <= leaf);
    const { height: top, start } = peaks[mine]?.peak ?? { height: 0, start: 0 };
    const within = leaf - start;
    const path: Uint8Array[] = [];
    for (let height = 0; height < top; height += 1) {
      const index = Math.floor(within / 2 ** height);
      const sibling = index % 2 === 0 ? index + 1 : index - 1;
      const first = start / 2 ** height + sibling;
      path.push(
        height < TILE_HEIGHT
          ? tile.at(height, first % 2 ** (TILE_HEIGHT - height))
          : this.upperAt(height, first),
      );
    }
    const right = peaks[mine + 1]?.fromHere;
    if (right) path.push(right);
    for (let i = mine - 1; i >= 0; i -= 1) path.push(peaks[i]?.root ?? new Uint8Array());
    return path;
  }

  private peaksCache: {
    size: number;
    peaks: { peak: Peak; start: number; root: Uint8Array; fromHere: Uint8Array }[];
  } = {
    size: -1,
    peaks: [],
  };

  /** The peaks at the present size, each with its root and the root of all from it to the end. */
  private allPeaks() {
    if (this.peaksCache.size === this.size) return this.peaksCache.peaks;
    const roots = peaksOf(this.size).map((peak) => ({ peak, root: this.peak(peak, this.last) }));
    const peaks = roots.map(({ peak, root }, i) => {
      const fromHere = this.foldRight(roots.slice(i).map((other) => other.root)) ?? root;
      return { peak, start: peak.start, root, fromHere };
    });
    this.peaksCache = { size: this.size, peaks };
    return peaks;
  }

  private peak({ height, start }: Peak, last: TileNodes | undefined): Uint8Array {
    if (height >= TILE_HEIGHT) return this.upperAt(height, start / 2 ** height);
    if (!last) throw new RangeError('a size that was not watched');
    return last.at(height, (start % TILE_WIDTH) / 2 ** height);
  }

  private upperAt(height: number, index: number): Uint8Array {
    const hashes = this.upper[height - TILE_HEIGHT];
    if (!hashes) throw new RangeError(`height ${height} of a tree of ${this.size}`);
    return hashes.at(index);
  }

  private addUpper(hash: Uint8Array): void {
    let carried = hash;
    for (let i = 0; ; i += 1) {
      const hashes = (this.upper[i] ??= new HashList());
      hashes.push(carried);
      if (hashes.length % 2 === 1) return;
      carried = hashNode(this.sha256, hashes.at(hashes.length - 2), hashes.at(hashes.length - 1));
    }
  }

  private foldRight(roots: readonly Uint8Array[]): Uint8Array | undefined {
    return roots.length === 0
      ? undefined
      : roots.reduceRight((right, left) => hashNode(this.sha256, left, right));
  }
}
