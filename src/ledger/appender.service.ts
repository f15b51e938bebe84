import { failed, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { BatchQueue, type Queued } from './batch-queue.js';
import type { EntryDraft } from './entry.js';
import { runGroup, type AnyResult, type Member } from './group.js';
import {
  GROUP_LIMIT,
  type AppendOutcome,
  type GroupLedger,
  type IdempotencyConflict,
  type Ledger,
  type LedgerBusy,
} from './ledger.js';

export interface AppenderSettings {
  /** Accepted and not yet answered, at most; beyond it `LedgerBusy`. */
  readonly limit: number;
  /** Groups under way at once. The ledger commits one after the other: more only prepare while that lasts. */
  readonly lanes: number;
  /** How long the first of a group waits for others. */
  readonly waitMs: number;
  pause(ms: number): Promise<void>;
}

export const APPENDER_LIMIT = 10_000;
export const APPENDER_LANES = 3;
export const GROUP_WAIT_MS = 2;

/** Who brings rows along takes several round trips one after the other: 25 such members make a group. */
const WEIGHT_OF_ROWS = GROUP_LIMIT / 25;

/**
 * `InTransaction` of callers that may share one: like it, but for `LedgerBusy`, and that `work` may be run more
 * than once for other people's failures too. `order`: what `work` locks first, so that groups lock alike.
 */
export type InGroup<Stores> = <T, P>(
  work: (stores: Stores) => Promise<Result<T, P>>,
  order?: string,
) => Promise<Result<T, P | LedgerBusy>>;

interface Item<Base> extends Queued {
  readonly member: Member<Base>;
  readonly resolve: (result: AnyResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What a transaction of the appender is built on. */
export interface AppenderStores<Base> {
  readonly base: Base;
  readonly ledger: GroupLedger;
}

/**
 * Group commit, one for each replica. What is asked within `waitMs`, up to `GROUP_LIMIT` entries, is written in
 * one transaction with one append; everybody is answered after its commit and nobody before.
 *
 * One bad member never fails its group: the transaction is rolled back, who failed is tried alone, the others
 * again together. A failure whose outcome nobody knows – the connection broke at COMMIT – is thrown to all of
 * the group: ask again with the same idempotency key.
 */
export class Appender<Base> {
  private readonly queue: BatchQueue<Item<Base>>;
  private lanes = 0;

  /** `prepare` seals a draft ahead of its transaction (`Sealer.prepare`). */
  constructor(
    private readonly tx: InTransaction<AppenderStores<Base>>,
    private readonly prepare: (draft: EntryDraft) => void,
    private readonly settings: AppenderSettings,
  ) {
    this.queue = new BatchQueue(settings.limit, GROUP_LIMIT);
  }

  /** Accepted and not yet answered. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Appends an entry that stands by itself. Throws on a draft that cannot be stated. */
  async append(draft: EntryDraft): Promise<Result<AppendOutcome, IdempotencyConflict | LedgerBusy>> {
    if (this.waiting >= this.settings.limit) return this.busy(); // signing what is refused would be wasted
    this.prepare(draft);
    return this.enqueue((_, ledger) => ledger.append(draft), 1, '');
  }

  /** Transactions in which callers write rows of their own and append last. */
  inGroup<Stores extends object>(storesOn: (base: Base) => Stores): InGroup<Stores & { ledger: Ledger }> {
    return (work, order = '') =>
      this.enqueue(
        (base, ledger) => work({ ...storesOn(base), ledger: this.sealing(ledger) }),
        WEIGHT_OF_ROWS,
        order,
      );
  }

  private sealing(ledger: Ledger): Ledger {
    return {
      append: (draft) => {
        this.prepare(draft);
        return ledger.append(draft);
      },
    };
  }

  private enqueue<T, P>(
    work: (base: Base, ledger: Ledger) => Promise<Result<T, P>>,
    weight: number,
    order: string,
  ): Promise<Result<T, P | LedgerBusy>> {
    return new Promise((resolve, reject) => {
      const settle = resolve as (result: AnyResult) => void; // the member's own result comes back
      const accepted = this.queue.push({ order, weight, member: work, resolve: settle, reject });
      if (!accepted) resolve(this.busy());
      else if (this.lanes < this.settings.lanes) void this.runLane();
    });
  }

  private busy(): Result<never, LedgerBusy> {
    return failed({ kind: 'LedgerBusy', waiting: this.waiting });
  }

  /** One connection's worth of work: group after group until nothing waits. Never rejects. */
  private async runLane(): Promise<void> {
    this.lanes += 1;
    while (!this.queue.isEmpty) {
      if (!this.queue.fillsAGroup) await this.settings.pause(this.settings.waitMs);
      const group = this.queue.take();
      await this.commit(group);
      this.queue.done(group.length);
    }
    this.lanes -= 1;
  }

  private async commit(items: readonly Item<Base>[]): Promise<void> {
    const [only] = items;
    if (!only) return;
    if (items.length === 1) {
      await this.commitAlone(only);
      return;
    }
    const progress = { run: false };
    try {
      const done = await this.tx(async ({ base, ledger }) => {
        progress.run = false; // a deadlock begins anew
        const members = items.map(({ member }) => member);
        const results = await runGroup(members, base, (drafts) => ledger.appendAll(drafts));
        progress.run = true;
        return results;
      });
      if (done.ok) answer(items, done.value);
      else await this.splitOff(items, done.problem.places);
    } catch (error) {
      // After the last statement only COMMIT is left, and of that the outcome is unknown.
      if (progress.run || !isOfTheRecords(error)) for (const { reject } of items) reject(error);
      else for (const item of items) await this.commitAlone(item);
    }
  }

  /** A smaller group each time: this ends. */
  private async splitOff(items: readonly Item<Base>[], culprits: ReadonlySet<number>): Promise<void> {
    await this.commit(items.filter((_, place) => !culprits.has(place)));
    for (const place of culprits) {
      const item = items[place];
      if (item) await this.commitAlone(item);
    }
  }

  private async commitAlone({ member, resolve, reject }: Item<Base>): Promise<void> {
    try {
      resolve(await this.tx(({ base, ledger }) => member(base, ledger)));
    } catch (error) {
      reject(error);
    }
  }
}

/** Members and their results are in one order. */
function answer<Base>(items: readonly Item<Base>[], results: readonly AnyResult[]): void {
  for (const [place, result] of results.entries()) items[place]?.resolve(result);
}

/**
 * Whether a database error is about what was written, and not about the database: data, integrity, a lost race,
 * rights, or raised by a function. Otherwise the next 500 attempts would meet the same.
 */
function isOfTheRecords(error: unknown): boolean {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = code ?? driverError?.code;
  return typeof state === 'string' && /^(22|23|40|42|44|P0)...$/.test(state);
}
