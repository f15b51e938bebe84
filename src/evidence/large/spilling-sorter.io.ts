import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byOrder,
  isBefore,
  type OrderedFinding,
  type SortedFinding,
} from '../../formats/stream/finding-order.js';
import type { FindingSorter } from '../../formats/stream/collect.js';
import { RecordReader, RunBuffer } from './run-buffer.js';

/** Bytes that are held before they are sorted and written away; a million findings are some thirty runs of this. */
const RUN_BYTES = 24 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
const WRITE_BYTES = 512 * 1024;
/** Findings that are told of a run in memory at once. */
const BATCH = 500;

/**
 * Sorts by merging: runs that fit into memory are sorted and written to files of a folder of its own, which are
 * then read side by side. What is written is masked like all stored evidence. `close` removes the folder.
 */
export class SpillingSorter implements FindingSorter {
  private readonly run: RunBuffer;
  private folder: string | undefined;
  private readonly files: string[] = [];

  /** `parent` is made where it is missing. */
  constructor(
    private readonly parent: string,
    private readonly runBytes = RUN_BYTES,
  ) {
    this.run = new RunBuffer(runBytes);
  }

  add(finding: OrderedFinding): void {
    this.run.add(finding);
  }

  async settle(): Promise<void> {
    if (this.run.sizeBytes < this.runBytes) return;
    this.folder ??= await this.makeFolder();
    const path = join(this.folder, `run-${String(this.files.length)}`);
    this.files.push(path);
    const file = await open(path, 'wx', 0o600);
    try {
      for (const bytes of this.run.sortedBytes(WRITE_BYTES)) await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    this.run.clear();
  }

  async *sorted(): AsyncIterable<SortedFinding> {
    const heads = new Heads();
    for (const run of [...this.files.map(recordsOf), inMemory(this.run)]) await heads.add(run);
    for (;;) {
      const next = heads.first();
      if (!next) return;
      yield next;
      const waits = heads.advance();
      if (waits) await waits;
    }
  }

  async close(): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
  }

  private async makeFolder(): Promise<string> {
    await mkdir(this.parent, { recursive: true, mode: 0o700 });
    return mkdtemp(join(this.parent, 'sort-'));
  }
}

/** A sorted run: findings in batches, since a promise for each would cost more than the sorting. */
type Run = AsyncIterator<readonly SortedFinding[]>;

async function* inMemory(run: RunBuffer): Run & AsyncIterable<readonly SortedFinding[]> {
  let batch: SortedFinding[] = [];
  for (const finding of run.sorted()) {
    batch.push(finding);
    if (batch.length < BATCH) continue;
    yield await Promise.resolve(batch);
    batch = [];
  }
  yield batch;
}

async function* recordsOf(path: string): Run & AsyncIterable<readonly SortedFinding[]> {
  const reader = new RecordReader();
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    const records = reader.push(chunk as Buffer);
    if (records.length > 0) yield records;
  }
}

interface Head {
  readonly run: Run;
  batch: readonly SortedFinding[];
  at: number;
  finding: SortedFinding;
}

/** The next finding of each run, the first of all on top: a binary heap. */
class Heads {
  private readonly heap: Head[] = [];

  async add(run: Run): Promise<void> {
    const batch = await nextBatch(run);
    const finding = batch?.[0];
    if (!batch || !finding) return;
    this.heap.push({ run, batch, at: 0, finding });
    this.heap.sort((a, b) => byOrder(a.finding, b.finding)); // a sorted list is a heap
  }

  first(): SortedFinding | undefined {
    return this.heap[0]?.finding;
  }

  /** A promise only where another batch must be read. */
  advance(): Promise<void> | undefined {
    const top = this.heap[0];
    if (!top) return undefined;
    top.at += 1;
    const next = top.batch[top.at];
    if (!next) return this.refill(top);
    top.finding = next;
    this.sink();
    return undefined;
  }

  private async refill(top: Head): Promise<void> {
    const batch = await nextBatch(top.run);
    const finding = batch?.[0];
    if (batch && finding) Object.assign(top, { batch, finding, at: 0 });
    else {
      const last = this.heap.pop();
      if (last && last !== top) this.heap[0] = last;
    }
    this.sink();
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      for (const child of [left, right]) {
        const [one, other] = [heap[child], heap[least]];
        if (one && other && isBefore(one.finding, other.finding)) least = child;
      }
      const [parent, child] = [heap[at], heap[least]];
      if (least === at || !parent || !child) return;
      heap[at] = child;
      heap[least] = parent;
      at = least;
    }
  }
}

async function nextBatch(run: Run): Promise<readonly SortedFinding[] | undefined> {
  const next: IteratorResult<readonly SortedFinding[], unknown> = await run.next();
  return next.done === true ? undefined : next.value;
}
