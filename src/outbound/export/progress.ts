import type { Clock, Instant } from '../../kernel/clock.js';
import { slotsAt, TILE_WIDTH } from '../../ledger/tile.js';
import type { PackFile } from '../pack/pack.js';
import type { ExportFailure, ExportRun } from './export.js';

/** How often it is noted: a person looks on, and nothing else does. */
const EVERY_MS = 1_000;
/** Leaf, bundle, proof. */
const FILES_PER_DECISION = 3;
/** Keys, checkpoints, tables, texts, manifest. */
const OTHER_FILES = 14;

/** How far the making of a pack is, in files; noted from time to time. */
export class Progress {
  #done = 0;
  #total = 0;
  #notedAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly startedAt: Instant,
    private readonly note: (run: ExportRun) => Promise<void>,
  ) {}

  /** About how many files there will be, for so many decisions of a log of so many entries. */
  begin(decisions: number, size: number): Promise<void> {
    this.#total = FILES_PER_DECISION * decisions + tileFiles(size) + OTHER_FILES;
    return this.#report('running', null);
  }

  /** The same files; what a consumer has gone past is done. */
  async *over(files: AsyncIterable<PackFile>): AsyncGenerator<PackFile> {
    for await (const file of files) {
      yield file;
      this.#done += 1;
      this.#total = Math.max(this.#total, this.#done);
      if (Math.abs(this.clock.now() - this.#notedAt) >= EVERY_MS) await this.#report('running', null);
    }
  }

  fail(failure: ExportFailure): Promise<void> {
    return this.#report('failed', failure);
  }

  #report(state: ExportRun['state'], failure: ExportFailure | null): Promise<void> {
    const updatedAt = this.clock.now();
    this.#notedAt = updatedAt;
    const { startedAt } = this;
    return this.note({ state, done: this.#done, total: this.#total, startedAt, updatedAt, failure });
  }
}

/** Tiles of every level, and the entry bundles, which are as many as the tiles of the lowest. */
function tileFiles(size: number): number {
  const tilesAt = (level: number): number => Math.ceil(slotsAt(level, size) / TILE_WIDTH);
  let tiles = tilesAt(0);
  for (let level = 0; slotsAt(level, size) > 0; level += 1) tiles += tilesAt(level);
  return tiles;
}
