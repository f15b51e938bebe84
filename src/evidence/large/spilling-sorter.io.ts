import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byOrder,
  fromLine,
  isBefore,
  toLine,
  type OrderedFinding,
} from '../../formats/stream/finding-order.js';
import type { FindingSorter } from '../../formats/stream/collect.js';

/** Text that is held before it is sorted and written away; a million findings are some twenty runs of this. */
const RUN_LENGTH = 24 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
const WRITE_LENGTH = 1024 * 1024;

/**
 * Sorts by merging: runs that fit into memory are sorted and written to files of a folder of its own, which are
 * then read side by side. What is written is masked like all stored evidence. `close` removes the folder.
 */
export class SpillingSorter implements FindingSorter {
  private run: OrderedFinding[] = [];
  private length = 0;
  private folder: string | undefined;
  private readonly files: string[] = [];

  /** `parent` is made where it is missing. */
  constructor(
    private readonly parent: string,
    private readonly runLength = RUN_LENGTH,
  ) {}

  add(finding: OrderedFinding): void {
    this.run.push(finding);
    this.length += finding.text.length + finding.key.length;
  }

  async settle(): Promise<void> {
    if (this.length < this.runLength) return;
    this.folder ??= await this.makeFolder();
    const file = join(this.folder, `run-${String(this.files.length)}`);
    await write(file, this.run.sort(byOrder));
    this.files.push(file);
    this.run = [];
    this.length = 0;
  }

  async *sorted(): AsyncIterable<OrderedFinding> {
    const runs = [...this.files.map(linesOf), inMemory(this.run.sort(byOrder))];
    this.run = [];
    const heads = new Heads();
    for (const run of runs) await heads.add(run);
    for (;;) {
      const next = heads.first();
      if (!next) return;
      yield next;
      await heads.advance();
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

async function write(path: string, findings: readonly OrderedFinding[]): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let text = '';
    for (const finding of findings) {
      text += toLine(finding);
      if (text.length < WRITE_LENGTH) continue;
      await file.appendFile(text);
      text = '';
    }
    await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** A sorted run: findings in batches, since a promise for each would cost more than the sorting. */
type Run = AsyncIterator<readonly OrderedFinding[]>;

async function* inMemory(
  findings: readonly OrderedFinding[],
): Run & AsyncIterable<readonly OrderedFinding[]> {
  yield await Promise.resolve(findings);
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
