import { TILE_WIDTH } from '../../ledger/tile.js';
import { HashTree } from './hash-tree.js';
import type { WalkedLog } from './log-files.js';
import { PackRefused } from './pack.js';
import type { PackSource } from './pack-source.port.js';

/**
 * Inclusion proofs for ascending entries in one walk. A proof is the path inside the entry's block of 256 and
 * then the block's path; the tree above the blocks is in memory (64 bytes per 256 entries), and one block at a time.
 * Blocks read from the source must hash to what the walk over the leaves found.
 */
export class Prover {
  readonly #above: HashTree;
  #block: { readonly index: number; readonly tree: HashTree; readonly hashes: readonly Buffer[] } | undefined;

  constructor(
    private readonly log: WalkedLog,
    private readonly leafHashes: PackSource['leafHashes'],
  ) {
    const { blocks, rest } = log;
    this.#above = new HashTree(rest.length > 0 ? [...blocks, new HashTree(rest).root()] : blocks);
  }

  /** The leaf's sibling first (RFC 6962 §2.1.1). `leafHash` must be the one in the tree. */
  async prove(seq: number, leafHash: Buffer): Promise<readonly Buffer[]> {
    const index = Math.floor(seq / TILE_WIDTH);
    if (this.#block?.index !== index) this.#block = await this.#open(index);
    const { tree, hashes } = this.#block;
    if (!hashes[seq % TILE_WIDTH]?.equals(leafHash)) {
      throw new PackRefused('decision', 'the leaf is not the one in the tree', seq);
    }
    return [...tree.path(seq % TILE_WIDTH), ...this.#above.path(index)];
  }

  async #open(index: number): Promise<{ index: number; tree: HashTree; hashes: readonly Buffer[] }> {
    const known = this.log.blocks[index];
    if (!known) return { index, tree: new HashTree(this.log.rest), hashes: this.log.rest };
    const first = index * TILE_WIDTH;
    const hashes = await this.leafHashes(first, first + TILE_WIDTH);
    const tree = new HashTree(hashes);
    if (hashes.length !== TILE_WIDTH || !tree.root().equals(known)) {
      throw new PackRefused('log', 'the stored hashes of its block are not those of the leaves', first);
    }
    return { index, tree, hashes };
  }
}
