import { BatchQueue, type Queued } from './batch-queue.js';
import { GROUP_LIMIT } from './ledger.js';

export interface BatcherSettings {
  /** Accepted and not yet done, at most. */
  readonly limit: number;
  /** Groups under way at once. The ledger commits one after the other: more only prepare while that lasts. */
  readonly lanes: number;
  /** How long the first of a group waits for others. */
  readonly waitMs: number;
  pause(ms: number): Promise<void>;
}

/** A group on its way: how many it has, and how long the first of them waited to be taken along. */
export interface GroupTaken {
  readonly size: number;
  readonly waitedMs: number;
}

/** Gathers what is asked one by one into groups, and hands each group to `commit`, which never rejects. */
export class Batcher<Item extends Queued> {
  private readonly queue: BatchQueue<Item>;
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
        this.taken({ size: group.length, waitedMs: performance.now() - since });
        await this.commit(group);
      }
      this.queue.done(group.length);
    }
    this.busy -= 1;
  }
}
