import { emptyRoot, HASH_BYTES } from './merkle.js';
import { partialTiles, slotsOf, tilePath, TILE_WIDTH, type Tile } from './tile.js';
import { TileEdge } from './tile-edge.js';
import type { Finding, VerifiedUpTo } from './verify.js';

/** Every stored width of a tile, narrowest first. */
export type StoredTiles = (level: number, index: number) => Promise<readonly Tile[]>;

interface Doubt {
  readonly seq: number;
  /** Does the database's own leaf_hash side with the leaf, and does the tile? Undefined: no tile holds it yet. */
  readonly columnAgrees: boolean;
  readonly tileAgrees: boolean | undefined;
}

/**
 * Grows two trees side by side, one from the leaves and one from the stored level-0 tiles, so that when they part
 * the signed root can say which of them was changed.
 */
export class TreeCheck {
  readonly #leafTiles: TileEdge;
  readonly #slotTiles: TileEdge;
  readonly #doubts: Doubt[] = [];
  readonly #findings: Finding[] = [];
  #slots: readonly Buffer[] | undefined;
  #leavesFit = false;
  #tilesFit = false;
  #metSize = 0;
  #lastGoodSize: number;
  #broken = false;

  /** `signedSize` is the latest checkpoint's: what that covers must have its tiles. */
  constructor(
    private readonly stored: StoredTiles,
    private readonly signedSize: number,
    [leaves, slots]: readonly [TileEdge, TileEdge] = [TileEdge.empty(), TileEdge.empty()],
  ) {
    this.#leafTiles = leaves;
    this.#slotTiles = slots;
    this.#lastGoodSize = leaves.size;
  }

  /** Goes on at a verified size, from the stored edge of the tree. Undefined when that is not the verified one. */
  static async goOn(
    stored: StoredTiles,
    signedSize: number,
    { size, root }: VerifiedUpTo,
  ): Promise<TreeCheck | undefined> {
    const tiles: Tile[] = [];
    for (const { level, index, width } of partialTiles(size)) {
      const tile = (await stored(level, index)).find((row) => row.width === width);
      if (!tile) return undefined;
      tiles.push(tile);
    }
    const edge = TileEdge.of(size, tiles);
    return edge.root().equals(root)
      ? new TreeCheck(stored, signedSize, [edge, TileEdge.of(size, tiles)])
      : undefined;
  }

  get size(): number {
    return this.#leafTiles.size;
  }

  /** As the leaves make it, and as the stored tiles do. */
  roots(): readonly Buffer[] {
    return [this.#leafTiles.root(), this.#slotTiles.root()];
  }

  /** `leafHash` is recomputed from the leaf, `column` is what the database says it is. */
  async add(leafHash: Buffer, column: Buffer): Promise<void> {
    const slot = await this.#slot();
    const [columnAgrees, tileAgrees] = [column.equals(leafHash), slot?.equals(leafHash)];
    if (!columnAgrees || tileAgrees === false)
      this.#doubts.push({ seq: this.size, columnAgrees, tileAgrees });
    await this.#append(leafHash, slot ?? leafHash);
  }

  /** In place of an entry that is gone: its tile remembers its hash, so that all that follows is still judged. */
  async addMissing(): Promise<void> {
    const slot = (await this.#slot()) ?? emptyRoot();
    await this.#append(slot, slot);
  }

  async #slot(): Promise<Buffer | undefined> {
    if (this.#slots === undefined || this.size % TILE_WIDTH === 0) {
      const widest = (await this.stored(0, Math.floor(this.size / TILE_WIDTH))).at(-1);
      this.#slots = widest ? slotsOf(widest) : [];
    }
    return this.#slots[this.size % TILE_WIDTH];
  }

  async #append(leafHash: Buffer, slot: Buffer): Promise<void> {
    const expected = this.#leafTiles.append(leafHash);
    const alternative = this.#slotTiles.append(slot);
    for (const [i, tile] of expected.entries()) await this.#compare(tile, alternative[i] ?? tile);
  }

  /** To be called at the very size of each signed checkpoint. Only the first that fits neither tree is reported. */
  meet(signedRoot: Buffer): void {
    this.#leavesFit = this.#leafTiles.root().equals(signedRoot);
    this.#tilesFit = this.#slotTiles.root().equals(signedRoot);
    this.#metSize = this.size;
    if (this.#leavesFit || this.#tilesFit) {
      this.#lastGoodSize = this.size;
    } else if (!this.#broken) {
      this.#broken = true;
      const [size, from, to] = [this.size, this.#lastGoodSize, this.size - 1].map(String) as [
        string,
        string,
        string,
      ];
      this.#findings.push({
        what: 'checkpoint',
        detail: `the tree of ${size} entries has another root than the one signed: of entries ${from} to ${to} one was changed`,
      });
    }
  }

  /** At the size of the latest checkpoint: its unfinished tiles must be there. */
  async meetLatest(): Promise<void> {
    const alternatives = this.#slotTiles.partial();
    for (const [i, tile] of this.#leafTiles.partial().entries())
      await this.#compare(tile, alternatives[i] ?? tile);
  }

  /** Call last. Decides each doubt by the signed root, else by majority of leaf, column and tile. */
  findings(): readonly Finding[] {
    return [...this.#findings, ...this.#doubts.map((doubt) => this.#resolve(doubt))];
  }

  /** Each stored width must be the beginning of the tile that the leaves, or the stored tiles below, make. */
  async #compare(fromLeaves: Tile, fromSlots: Tile): Promise<void> {
    const { level, index, width } = fromLeaves;
    const rows = await this.stored(level, index);
    if (this.size <= this.signedSize && !rows.some((row) => row.width === width)) {
      this.#findings.push({ what: 'tile', detail: `${tilePath(fromLeaves)} is missing` });
    }
    for (const row of rows.filter((candidate) => candidate.width <= width)) {
      const begins = (tile: Tile): boolean => row.data.equals(tile.data.subarray(0, row.width * HASH_BYTES));
      if (begins(fromLeaves) || begins(fromSlots)) continue;
      this.#findings.push({ what: 'tile', detail: `${tilePath(row)} does not follow from what is below it` });
    }
  }

  #resolve({ seq, columnAgrees, tileAgrees }: Doubt): Finding {
    if (tileAgrees === true) return { what: 'leaf', seq, detail: 'leaf_hash is not the hash of the leaf' };
    if (tileAgrees === undefined)
      return { what: 'leaf', seq, detail: 'leaf and leaf_hash do not belong together' };
    const judged = seq < this.#metSize && this.#leavesFit !== this.#tilesFit;
    const leafIsTrue = judged ? this.#leavesFit : columnAgrees;
    if (!leafIsTrue) return { what: 'leaf', seq, detail: 'the leaf is not the one in the tree' };
    const tile = { level: 0, index: Math.floor(seq / TILE_WIDTH), width: TILE_WIDTH };
    const slot = String(seq % TILE_WIDTH);
    return { what: 'tile', seq, detail: `slot ${slot} of ${tilePath(tile)} is not the hash of its leaf` };
  }
}
