import { createHash, type Hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { BlobStore } from '../../kernel/blob.js';
import { digestFrom, sha256, type Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { EvidenceDocument } from '../../formats/model/document.js';
import { normaliseEvidence, type NormaliseOptions } from '../../formats/normalise.js';
import { exhausted } from '../../formats/stream/normalise-large.js';
import { inPages } from '../../formats/stream/in-pages.js';
import type { Normaliser, StoredBytesProblem, StoredEvidence } from '../normaliser.port.js';
import { SpillingSorter } from './spilling-sorter.io.js';
import { CHUNKS_AHEAD, type FromThread, type ThreadTask, type ToThread } from './thread-protocol.js';

export interface NormaliserSettings {
  /** The compiled normalise-thread.io.js: a thread cannot run TypeScript. */
  readonly threadFile: URL;
  /** Folder for what does not fit into memory; made when it is needed. */
  readonly scratch: string;
  /** Above this the work goes to a thread; below, it blocks the event loop for some 50 ms at most. */
  readonly threadAboveBytes: number;
  readonly heapMb: number;
  readonly timeLimitMs: number;
}

export const NORMALISER_LIMITS = {
  threadAboveBytes: 1024 * 1024,
  heapMb: 192,
  /** Ten times what the largest file takes. */
  timeLimitMs: 10 * 60 * 1000,
} as const;
/** What a batch leaves behind is soon gone: room for it saves a sixth of the time. */
const YOUNG_MB = 96;
/** A file that is read as a whole is some times its size once parsed, and is never larger than 64 MB. */
const HEAP_PER_BYTE = 12;

type Outcome = Result<EvidenceDocument, StoredBytesProblem>;

/**
 * Small files in place; large ones in a thread of their own, one at a time, so that memory stays bounded: its
 * limit is the thread's, and what does not fit is sorted on disk.
 */
export class ThreadedNormaliser implements Normaliser {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly blobs: BlobStore,
    private readonly settings: NormaliserSettings,
  ) {}

  normalise(stored: StoredEvidence, options: NormaliseOptions): Promise<Outcome> {
    if (stored.sizeBytes <= this.settings.threadAboveBytes) return this.inPlace(stored, options);
    const mine = this.last.then(() => new ThreadRun(this.blobs, stored, options, this.settings).outcome());
    this.last = mine.catch(() => undefined); // the next one need not know
    return mine;
  }

  private async inPlace({ orgId, digest }: StoredEvidence, options: NormaliseOptions): Promise<Outcome> {
    const bytes = await this.blobs.get(orgId, digest);
    if (!bytes) return failed({ kind: 'BytesMissing' });
    const actual = sha256(bytes);
    if (actual !== digest) return failed({ kind: 'BytesAltered', actual });
    const sorter = new SpillingSorter(this.settings.scratch);
    try {
      const putPage = (page: Uint8Array): Promise<Digest> => this.blobs.put(orgId, page);
      return ok(await inPages(normaliseEvidence(bytes, options), { sorter, putPage }));
    } finally {
      await sorter.close();
    }
  }
}

/** One thread at work: hands it the bytes as often as it asks for them, and stores its pages. */
class ThreadRun {
  private pass = 0;
  private credit = 0;
  private grant: (() => void) | undefined;
  private worker: Worker | undefined;

  constructor(
    private readonly blobs: BlobStore,
    private readonly stored: StoredEvidence,
    private readonly options: NormaliseOptions,
    private readonly settings: NormaliserSettings,
  ) {}

  async outcome(): Promise<Outcome> {
    const { sizeBytes } = this.stored;
    const { threadFile, scratch, heapMb, timeLimitMs } = this.settings;
    const whole = Math.ceil((Math.min(sizeBytes, 64 * 2 ** 20) * HEAP_PER_BYTE) / 2 ** 20);
    const task: ThreadTask = { sizeBytes, options: this.options, scratch };
    const worker = new Worker(threadFile, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(heapMb, whole), maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker = worker;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        const giveUp = (): void => {
          resolve(ok(exhausted(this.options)));
        };
        timer = setTimeout(giveUp, timeLimitMs);
        worker.on('message', (message: FromThread) => {
          this.heed(message, resolve).catch(reject);
        });
        worker.once('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') giveUp();
          else reject(error);
        });
        worker.once('exit', () => {
          reject(new Error('the normalising thread ended without an answer'));
        });
      });
    } finally {
      clearTimeout(timer);
      this.pass = -1;
      this.grant?.();
      await worker.terminate();
    }
  }

  private async heed(message: FromThread, answer: (outcome: Outcome) => void): Promise<void> {
    switch (message.kind) {
      case 'open': {
        const problem = await this.send(message.pass);
        if (problem) answer(failed(problem));
        return;
      }
      case 'next':
        if (message.pass !== this.pass) return;
        this.credit += 1;
        this.grant?.();
        return;
      case 'page': {
        const digest = await this.blobs.put(this.stored.orgId, message.bytes);
        this.tell({ kind: 'stored', id: message.id, digest });
        return;
      }
      case 'done':
        answer(ok(JSON.parse(message.document) as EvidenceDocument));
    }
  }

  /** One reading of the bytes, to its end or until another one begins. */
  private async send(pass: number): Promise<StoredBytesProblem | undefined> {
    this.pass = pass;
    this.credit = CHUNKS_AHEAD;
    this.grant?.();
    const blob = await this.blobs.open(this.stored.orgId, this.stored.digest);
    if (!blob) return { kind: 'BytesMissing' };
    const hash = createHash('sha256');
    for await (const bytes of blob.bytes) {
      hash.update(bytes);
      while (this.credit === 0 && this.pass === pass)
        await new Promise<void>((resolve) => (this.grant = resolve));
      if (this.pass !== pass) return undefined;
      this.credit -= 1;
      this.tell({ kind: 'chunk', pass, bytes });
    }
    const actual = digestOf(hash);
    if (actual !== this.stored.digest) return { kind: 'BytesAltered', actual };
    if (this.pass === pass) this.tell({ kind: 'chunk', pass, bytes: null });
    return undefined;
  }

  private tell(message: ToThread): void {
    this.worker?.postMessage(message);
  }
}

const digestOf = (hash: Hash): Digest => digestFrom(`sha256:${hash.digest('hex')}`);
