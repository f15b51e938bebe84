import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byOrder,
  fromLine,
  isBefore,
  toLine,
  type OrderedFinding,
} from '../../formats/stream/finding-order.js';
import type { FindingSorter } from '../../formats/stream/collect.js';

/** Bytes that are held before they are sorted and written away; a million findings are some twenty runs of this. */
const RUN_BYTES = 24 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
/** Findings that are made of a run in memory at once. */
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
    const file = join(this.folder, `run-${String(this.files.length)}`);
    this.files.push(file);
    await writeFile(file, joined(this.run.lines()), { flag: 'wx', mode: 0o600 });
    this.run.clear();
  }

  async *sorted(): AsyncIterable<OrderedFinding> {
    const heads = new Heads();
    for (const run of [...this.files.map(linesOf), inMemory(this.run.lines())]) await heads.add(run);
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

/**
 * Findings as lines of bytes, outside the heap: as strings they would be ropes of many small pieces, which take
 * five times as much.
 */
class RunBuffer {
  private buffer = Buffer.alloc(0);
  private used = 0;
  private keys: string[] = [];
  private starts: number[] = [];

  constructor(private readonly expectedBytes: number) {}

  get sizeBytes(): number {
    return this.used;
  }

  add(finding: OrderedFinding): void {
    const line = toLine(finding);
    this.makeRoom(line.length * 3); // UTF-8 of UTF-16
    this.keys.push(flat(finding.key));
    this.starts.push(this.used);
    this.used += this.buffer.write(line, this.used);
  }

  /** Sorted; equal keys in the order in which they were added. */
  *lines(): Iterable<Buffer> {
    const { keys, starts, buffer, used } = this;
    const order = Uint32Array.from(starts.keys()).sort((a, b) => {
      const [one = '', other = ''] = [keys[a], keys[b]];
      return one === other ? a - b : one < other ? -1 : 1;
    });
    for (const at of order) yield buffer.subarray(starts[at], starts[at + 1] ?? used);
  }

  clear(): void {
    this.used = 0;
    this.keys = [];
    this.starts = [];
  }

  private makeRoom(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.buffer.length) return;
    // Small sets stay small; large ones get all they will need at the first or second time of asking.
    const size = needed < 1024 * 1024 ? 2 * needed : Math.max(2 * needed, this.expectedBytes + 1024 * 1024);
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}

/** Fewer, larger pieces: each is a call to the file system. */
function* joined(lines: Iterable<Buffer>): Iterable<Buffer> {
  let some: Buffer[] = [];
  for (const line of lines) {
    some.push(line);
    if (some.length < BATCH) continue;
    yield Buffer.concat(some);
    some = [];
  }
  yield Buffer.concat(some);
}

/** The same text in one piece. */
const flat = (text: string): string => Buffer.from(text).toString();

/** A sorted run: findings in batches, since a promise for each would cost more than the sorting. */
type Run = AsyncIterator<readonly OrderedFinding[]>;

async function* inMemory(lines: Iterable<Buffer>): Run & AsyncIterable<readonly OrderedFinding[]> {
  let batch: OrderedFinding[] = [];
  for (const line of lines) {
    batch.push(fromLine(line.toString('utf8', 0, line.length - 1)));
    if (batch.length < BATCH) continue;
    yield await Promise.resolve(batch);
    batch = [];
  }
  yield batch;
}

async function* linesOf(path: string): Run & AsyncIterable<readonly OrderedFinding[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    if (end > 0)
      yield bytes
        .toString('utf8', 0, end - 1)
        .split('\n')
        .map(fromLine);
  }
}

interface Head {
  readonly run: Run;
  batch: readonly OrderedFinding[];
  at: number;
  finding: OrderedFinding;
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

  first(): OrderedFinding | undefined {
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

async function nextBatch(run: Run): Promise<readonly OrderedFinding[] | undefined> {
  const next: IteratorResult<readonly OrderedFinding[], unknown> = await run.next();
  return next.done === true ? undefined : next.value;
}
