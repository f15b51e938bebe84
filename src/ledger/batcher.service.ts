import { BatchQueue, type Queued } from './batch-queue.js';
import { GROUP_LIMIT } from './ledger.js';

/** Lets those who trace requests see what becomes of them in a group. */
export interface GroupTracing<Origin> {
  /** Asked where an item is pushed: what is remembered of there. */
  origin(): Origin | undefined;
  /** Around the writing of a group, with what is remembered of its members. */
  write(
    group: GroupTaken & { readonly origins: readonly Origin[] },
    work: () => Promise<void>,
  ): Promise<void>;
}

export interface BatcherSettings {
  /** Accepted and not yet done, at most. */
  readonly limit: number;
  /** Groups under way at once. The ledger commits one after the other: more only prepare while that lasts. */
  readonly lanes: number;
  /** How long the first of a group waits for others. */
  readonly waitMs: number;
  pause(ms: number): Promise<void>;
  readonly tracing?: GroupTracing<object> | undefined;
}

/** A group on its way: how many it has, and how long the first of them waited to be taken along. */
export interface GroupTaken {
  readonly size: number;
  readonly waitedMs: number;
}

/** Gathers what is asked one by one into groups, and hands each group to `commit`, which never rejects. */
export class Batcher<Item extends Queued> {
  private readonly queue: BatchQueue<Item>;
  private readonly origins = new WeakMap<Item, object>();
  private busy = 0;

  constructor(
    private readonly settings: BatcherSettings,
    private readonly commit: (group: readonly Item[]) => Promise<void>,
    private readonly taken: (group: GroupTaken) => void = () => undefined,
  ) {
    this.queue = new BatchQueue(settings.limit, GROUP_LIMIT);
  }

  /** Accepted and not yet done. */
  get size(): number {
    return this.queue.size;
  }

  /** False when full. */
  push(item: Item): boolean {
    const accepted = this.queue.push(item);
    const origin = accepted && this.settings.tracing?.origin();
    if (origin) this.origins.set(item, origin);
    if (accepted && this.busy < this.settings.lanes) void this.runLane();
    return accepted;
  }

  /** One connection's worth of work: group after group until nothing waits. */
  private async runLane(): Promise<void> {
    this.busy += 1;
    while (!this.queue.isEmpty) {
      if (!this.queue.fillsAGroup) await this.settings.pause(this.settings.waitMs);
      const group = this.queue.take();
      if (group.length > 0) {
        const since = group.reduce((earliest, item) => Math.min(earliest, item.since), Infinity);
        await this.write(group, { size: group.length, waitedMs: performance.now() - since });
      }
      this.queue.done(group.length);
    }
    this.busy -= 1;
  }

  private write(group: readonly Item[], taken: GroupTaken): Promise<void> {
    this.taken(taken);
    const { tracing } = this.settings;
    if (!tracing) return this.commit(group);
    const origins = group.flatMap((item) => this.origins.get(item) ?? []);
    return tracing.write({ ...taken, origins }, () => this.commit(group));
  }
}
