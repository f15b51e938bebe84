import { failed, ok, type Result } from '../kernel/result.js';
import type { PublishedCheckpoint, TileRead } from './tile.read.js';
import { consistencyTiles, inclusionTiles, readerOf, rootTiles, TileTree } from './tile-tree.js';
import { tileOfSlot } from './tile.js';

/** Asked about what is not in the tree: `signedSize` is how far the latest checkpoint reaches. */
export interface OutsideTree {
  readonly kind: 'OutsideTree';
  readonly signedSize: number;
}

export interface InclusionProof {
  readonly seq: number;
  readonly size: number;
  readonly leafHash: Buffer;
  /** Of the tree of `size` entries. */
  readonly root: Buffer;
  /** Leaf's sibling first. */
  readonly hashes: readonly Buffer[];
}

export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Buffer;
  readonly toRoot: Buffer;
  readonly hashes: readonly Buffer[];
}

/** Proofs over what is signed, at any size of it; each reads its tiles in one question. */
export class ProofDesk {
  constructor(private readonly read: TileRead) {}

  /** The checkpoint of exactly this size, or the latest. */
  checkpoint(size?: number): Promise<PublishedCheckpoint | undefined> {
    return this.read.checkpoint(size === undefined ? {} : { size });
  }

  async inclusion(seq: number, size: number): Promise<Result<InclusionProof, OutsideTree>> {
    const signedSize = await this.#signedSize();
    if (seq >= size || size > signedSize) return failed({ kind: 'OutsideTree', signedSize });
    const leafTile = tileOfSlot(0, seq, size);
    const tiles = await this.read.tiles([leafTile, ...inclusionTiles(seq, size), ...rootTiles(size)]);
    const tree = new TileTree(size, readerOf(tiles));
    return ok({
      seq,
      size,
      leafHash: await tree.root({ start: seq, end: seq + 1 }),
      root: await tree.root(),
      hashes: await tree.inclusionProof(seq),
    });
  }

  async consistency(from: number, to: number): Promise<Result<ConsistencyProof, OutsideTree>> {
    const signedSize = await this.#signedSize();
    if (from > to || to > signedSize) return failed({ kind: 'OutsideTree', signedSize });
    const tiles = await this.read.tiles([
      ...consistencyTiles(from, to),
      ...rootTiles(to),
      ...rootTiles(from),
    ]);
    const reader = readerOf(tiles);
    const tree = new TileTree(to, reader);
    return ok({
      from,
      to,
      fromRoot: await new TileTree(from, reader).root(),
      toRoot: await tree.root(),
      hashes: await tree.consistencyProof(from),
    });
  }

  async #signedSize(): Promise<number> {
    return (await this.read.checkpoint({}))?.size ?? 0;
  }
}
