import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import { ok } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { DispatchItem, DispatchStore } from '../../ledger/dispatch.store.js';
import { DATABASE_ROLES } from '../database/roles.js';
import { QUEUES, type EntryJob, type QueueSpec } from './queue-registry.js';
import type { Queues } from './queues.js';
import type { Secret } from '../platform/secret.js';
import { TRACE_CHANNEL, type EntryTraces } from '../tracing/entry-traces.js';

/** Entries looked at in one sweep. */
const SWEEP_SIZE = 500;
/** The notification usually comes first; this is for the one that got lost. */
const POLL_MS = 1_000;
/** At least so long from one sweep to the next: each is a transaction, and one for many entries costs what one for one does. */
const PACE_MS = 100;
/** An entry whose job has not been handled after this is given a new one: its queue may have been lost. */
const REDISPATCH_AFTER_MS = 60_000;
/** How often that is looked for, as a part of it. */
const LOOKS_PER_WAIT = 4;

/** BullMQ refuses a bare integer. */
const jobId = (seq: number): string => `entry-${String(seq)}`;

export interface DispatcherSettings {
  readonly tx: InTransaction<{ dispatch: DispatchStore }>;
  readonly queues: Queues;
  readonly databaseUrl: Secret;
  readonly logger: Logger;
  /** Where tracing is on. */
  readonly traces?: EntryTraces | undefined;
  /** Milliseconds; a test need not wait a minute. */
  readonly redispatchAfterMs?: number;
  /** Milliseconds; a test that is about being woken waits for nothing else. */
  readonly pollMs?: number;
}

/**
 * Turns entries of the ledger into jobs, woken by the append's notification. The ledger's own list says what is
 * still to do, so a queue that is lost is filled again and services never enqueue.
 */
export class Dispatcher {
  private readonly byKind: ReadonlyMap<string, { spec: QueueSpec; queue: Queue<EntryJob> }>;
  private listener: pg.Client | undefined;
  private readonly redispatchAfterMs: number;
  /** Of each kind: below it all is handled, so that a look costs what is new and not what ever happened. */
  private readonly settledBelow = new Map<string, number>();
  /** Something was appended since the last sweep began. */
  private heard = false;
  private wake: () => void = () => undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly settings: DispatcherSettings) {
    this.redispatchAfterMs = settings.redispatchAfterMs ?? REDISPATCH_AFTER_MS;
    this.byKind = new Map(
      Object.values(QUEUES).map((spec) => [
        spec.kind,
        { spec, queue: settings.queues.queue<EntryJob>(spec.name) },
      ]),
    );
  }

  async start(): Promise<void> {
    await this.listen();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    await this.listener?.end();
  }

  private async run(): Promise<void> {
    let redispatchAt = 0;
    while (!this.stopped) {
      const began = performance.now();
      this.heard = false;
      try {
        const found = await this.sweep();
        if (Date.now() >= redispatchAt) {
          await this.redispatch();
          redispatchAt = Date.now() + this.redispatchAfterMs / LOOKS_PER_WAIT;
        }
        if (found === SWEEP_SIZE) continue;
      } catch (error) {
        this.settings.logger.warn({ err: error }, 'dispatching failed; trying again');
      }
      if (!this.listener) await this.listen();
      await this.pause();
      await this.pace(began);
    }
  }

  private async pace(began: number): Promise<void> {
    const restMs = began + PACE_MS - performance.now();
    if (restMs > 0 && !this.stopped) await sleep(restMs);
  }

  /** Jobs are added before the entries are marked: a crash between the two adds them twice, which is harmless. */
  private async sweep(): Promise<number> {
    const swept = await this.settings.tx(async ({ dispatch }) => {
      const items = await dispatch.undispatched(SWEEP_SIZE);
      await this.enqueue(items, await this.keysOf(items, dispatch));
      await dispatch.markDispatched(items.map((item) => item.seq));
      return ok(items.length);
    });
    return swept.ok ? swept.value : 0;
  }

  private async redispatch(): Promise<void> {
    const before = Date.now() - this.redispatchAfterMs;
    for (const { kind, reader } of Object.values(QUEUES))
      await this.settings.tx(async ({ dispatch }) => {
        const readership = { kind, reader, from: this.settledBelow.get(kind) ?? 0 };
        const items = await dispatch.unhandled({
          ...readership,
          dispatchedBefore: before,
          limit: SWEEP_SIZE,
        });
        await this.revive(items, before);
        await this.enqueue(items);
        if (items.length === 0) this.settledBelow.set(kind, await dispatch.settledBelow(readership));
        return ok(undefined);
      });
  }

  /**
   * A job that ended without its entry being handled – all its attempts failed, or its worker died again and again –
   * is kept to be looked at, and as long as it is kept no other of its id can be added. It gets one more attempt each
   * time that it has rested: whatever stood in the way may be over.
   */
  private async revive(items: readonly DispatchItem[], endedBefore: number): Promise<void> {
    for (const { seq, kind } of items) {
      const job = await this.byKind.get(kind)?.queue.getJob(jobId(seq));
      if (job?.finishedOn === undefined || job.finishedOn >= endedBefore) continue;
      await job.retry((await job.isFailed()) ? 'failed' : 'completed');
    }
  }

  /** One by one: BullMQ's bulk form makes a sequence per queue, a right that the service does not have. */
  private async enqueue(
    items: readonly DispatchItem[],
    keys: ReadonlyMap<number, string> = new Map(),
  ): Promise<void> {
    for (const { seq, kind } of items) {
      const target = this.byKind.get(kind);
      if (!target) continue;
      const { attempts, firstBackOffMs: delay } = target.spec;
      const options = { jobId: jobId(seq), attempts, backoff: { type: 'exponential', delay } };
      const add = (): Promise<unknown> => target.queue.add(kind, { seq }, options);
      const key = keys.get(seq);
      const { traces } = this.settings;
      await (traces && key !== undefined ? traces.dispatch(key, { seq, kind }, add) : add());
    }
  }

  /** By which the traces are found that entries were appended in; looked for only where there are any. */
  private async keysOf(
    items: readonly DispatchItem[],
    dispatch: Pick<DispatchStore, 'keysOf'>,
  ): Promise<ReadonlyMap<number, string> | undefined> {
    const { traces } = this.settings;
    const seqs = items.filter(({ kind }) => this.byKind.has(kind)).map(({ seq }) => seq);
    return !traces || traces.isEmpty || seqs.length === 0 ? undefined : dispatch.keysOf(seqs);
  }

  /** One connection that does nothing but hear that something was appended. */
  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.settings.databaseUrl.reveal(),
      options: `-c role=${DATABASE_ROLES.service}`,
      application_name: 'assay dispatcher',
    });
    const { traces } = this.settings;
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === TRACE_CHANNEL) {
        traces?.hear(payload);
        return;
      }
      this.heard = true;
      this.wake();
    });
    client.on('error', (error) => {
      this.settings.logger.warn({ err: error }, 'the dispatcher lost its connection');
      this.listener = undefined;
    });
    try {
      await client.connect();
      await client.query('LISTEN assay_ledger');
      if (traces) await client.query(`LISTEN ${TRACE_CHANNEL}`);
      this.listener = client;
    } catch (error) {
      this.settings.logger.warn({ err: error }, 'the dispatcher cannot listen yet; it polls');
    }
  }

  private pause(): Promise<void> {
    if (this.heard || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const { pollMs = POLL_MS } = this.settings;
      const timer = setTimeout(resolve, Math.min(pollMs, this.redispatchAfterMs));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
