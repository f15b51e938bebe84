import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Queued } from './batch-queue.js';
import { Batcher, type BatcherSettings, type GroupTaken } from './batcher.service.js';
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

/** `limit` is of all that waits here together; beyond it `LedgerBusy`. */
export type AppenderSettings = BatcherSettings;

export const APPENDER_LIMIT = 10_000;
export const APPENDER_LANES = 2;
export const GROUP_WAIT_MS = 2;

/** Who brings rows along takes several round trips one after the other: 25 such members make a group. */
const WEIGHT_OF_ROWS = GROUP_LIMIT / 25;
/** Who is written in a set shares its statements, and its rows are larger than an entry. */
const WEIGHT_IN_SET = GROUP_LIMIT / 100;

/**
 * `InTransaction` of callers that may share one: like it, but for `LedgerBusy`, and that `work` may be run more
 * than once for other people's failures too. `order`: what `work` locks first, so that groups lock alike.
 */
export type InGroup<Stores> = <T, P>(
  work: (stores: Stores) => Promise<Result<T, P>>,
  order?: string,
) => Promise<Result<T, P | LedgerBusy>>;

/**
 * Writes orders together, in a few statements for all of them, and last their entries. Answers which were written:
 * nothing is of the others, and they are to be tried alone. Whatever it throws, nothing of any of them is.
 */
export type WriteSet<Base, Order> = (
  orders: readonly Order[],
  stores: AppenderStores<Base>,
) => Promise<ReadonlySet<Order>>;

/** Told after the commit. `alone`: nothing was written. */
export type InSet<Order> = (order: Order) => Promise<Result<'written' | 'alone', LedgerBusy>>;

/** Thrown by a `WriteSet` where somebody's entry was not written as a new one: all are tried alone. */
export class NotTogether extends Error {}

/** Somebody who waits for an answer. */
interface Waiting extends Queued {
  readonly resolve: (result: AnyResult) => void;
  readonly reject: (error: unknown) => void;
}
interface Append extends Waiting {
  readonly draft: EntryDraft;
}
interface Ordered<Order> extends Waiting {
  readonly of: Order;
}
interface Guest<Base> extends Waiting {
  readonly member: Member<Base>;
}

/** What a transaction of the appender is built on. */
export interface AppenderStores<Base> {
  readonly base: Base;
  readonly ledger: GroupLedger;
}

/** How the appender writes. */
export interface AppenderDatabase<Base> {
  /** Each call of it is a transaction by itself, committed by the server without asking back. */
  readonly ledger: GroupLedger;
  readonly tx: InTransaction<AppenderStores<Base>>;
  /** Seals a draft ahead of its transaction (`Sealer.prepare`). */
  prepare(draft: EntryDraft): void;
}

/**
 * Group commit, one for each replica. What is asked within `waitMs`, up to `GROUP_LIMIT` entries, is written in
 * one transaction with one append; everybody is answered after its commit and nobody before. Entries that stand
 * by themselves are one statement, so the sequence lock is never held while this process is busy elsewhere.
 *
 * One bad member never fails its group: the transaction is rolled back, who failed is tried alone, the others
 * again together. A failure whose outcome nobody knows – the connection broke at COMMIT – is thrown to all of
 * the group: ask again with the same idempotency key.
 */
export class Appender<Base> {
  private readonly appends: Batcher<Append>;
  private readonly guests: Batcher<Guest<Base>>;
  private readonly sets: { readonly size: number }[] = [];
  private readonly watchers: ((group: GroupTaken) => void)[] = [];

  constructor(
    private readonly database: AppenderDatabase<Base>,
    private readonly settings: AppenderSettings,
  ) {
    this.appends = new Batcher(settings, (group) => this.appendAll(group), this.tell);
    this.guests = new Batcher(settings, (group) => this.commit(group), this.tell);
  }

  private readonly tell = (group: GroupTaken): void => {
    for (const watcher of this.watchers) watcher(group);
  };

  /** Tells of every group that is taken, as long as this lives: for metrics. */
  watch(watcher: (group: GroupTaken) => void): void {
    this.watchers.push(watcher);
  }

  /** Accepted and not yet answered. */
  get waiting(): number {
    return this.sets.reduce((sum, { size }) => sum + size, this.appends.size + this.guests.size);
  }

  /** Appends an entry that stands by itself. Throws on a draft that cannot be stated. */
  async append(draft: EntryDraft): Promise<Result<AppendOutcome, IdempotencyConflict | LedgerBusy>> {
    if (this.isFull) return this.busy(); // signing what is refused would be wasted
    this.database.prepare(draft);
    return this.ask((waiting) => this.appends.push({ ...waiting, draft, weight: 1, order: '' }));
  }

  /** Transactions in which callers write rows of their own and append last. */
  inGroup<Stores extends object>(storesOn: (base: Base) => Stores): InGroup<Stores & { ledger: Ledger }> {
    return async (work, order = '') => {
      if (this.isFull) return this.busy();
      const member: Member<Base> = (base, ledger) =>
        work({ ...storesOn(base), ledger: this.sealing(ledger) });
      return this.ask((waiting) => this.guests.push({ ...waiting, member, weight: WEIGHT_OF_ROWS, order }));
    };
  }

  /** Orders of one sort, each with its entry. Throws on a draft that cannot be stated. */
  inSet<Order extends { readonly entry: EntryDraft }>(write: WriteSet<Base, Order>): InSet<Order> {
    const set = new Batcher<Ordered<Order>>(
      this.settings,
      (group) => this.commitSet(group, write),
      this.tell,
    );
    this.sets.push(set);
    return async (of) => {
      if (this.isFull) return this.busy();
      this.database.prepare(of.entry);
      return this.ask((waiting) => set.push({ ...waiting, of, weight: WEIGHT_IN_SET, order: '' }));
    };
  }

  private get isFull(): boolean {
    return this.waiting >= this.settings.limit;
  }

  private busy(): Result<never, LedgerBusy> {
    return failed({ kind: 'LedgerBusy', waiting: this.waiting });
  }

  private sealing(ledger: Ledger): Ledger {
    return {
      append: (draft) => {
        this.database.prepare(draft);
        return ledger.append(draft);
      },
    };
  }

  private ask<T, P>(
    push: (waiting: Omit<Waiting, 'weight' | 'order'>) => boolean,
  ): Promise<Result<T, P | LedgerBusy>> {
    return new Promise((resolve, reject) => {
      const settle = resolve as (result: AnyResult) => void; // the caller's own result comes back
      if (!push({ resolve: settle, reject, since: performance.now() })) resolve(this.busy());
    });
  }

  /** A conflict wrote nothing: it is one record's answer, and the others stay. */
  private async appendAll(items: readonly Append[]): Promise<void> {
    try {
      answer(items, await this.database.ledger.appendAll(items.map(({ draft }) => draft)));
    } catch (error) {
      if (items.length > 1 && isOfTheRecords(error)) for (const item of items) await this.appendAll([item]);
      else if (isLostRace(error)) await this.appendInTransaction(items);
      else this.giveUp(items, error);
    }
  }

  /** Who waited too long for a lock has written nothing: that is an answer. Anything else is thrown. */
  private giveUp(items: readonly Waiting[], error: unknown): void {
    for (const { resolve, reject } of items) {
      if (sqlState(error) === LOCK_TIMEOUT) resolve(this.busy());
      else reject(error);
    }
  }

  /** With the retries of a transaction: somebody was erased between asking for the key and using it. */
  private async appendInTransaction([item]: readonly Append[]): Promise<void> {
    if (!item) return;
    await this.commitAlone({ ...item, member: (_, ledger) => ledger.append(item.draft) });
  }

  private async commitSet<Order>(
    items: readonly Ordered<Order>[],
    write: WriteSet<Base, Order>,
  ): Promise<void> {
    const progress = { run: false };
    try {
      const done = await this.database.tx(async (stores) => {
        progress.run = false;
        const written = await write(
          items.map(({ of }) => of),
          stores,
        );
        progress.run = true;
        return ok(written);
      });
      const written = done.ok ? done.value : new Set<Order>();
      for (const { of, resolve } of items) resolve(ok(written.has(of) ? 'written' : 'alone'));
    } catch (error) {
      if (progress.run) for (const { reject } of items) reject(error);
      else if (error instanceof NotTogether || isOfTheRecords(error))
        for (const { resolve } of items) resolve(ok('alone'));
      else this.giveUp(items, error);
    }
  }

  private async commit(items: readonly Guest<Base>[]): Promise<void> {
    const [only] = items;
    if (!only) return;
    if (items.length === 1) {
      await this.commitAlone(only);
      return;
    }
    const progress = { run: false };
    try {
      const done = await this.database.tx(async ({ base, ledger }) => {
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
      if (progress.run) for (const { reject } of items) reject(error);
      else if (!isOfTheRecords(error)) this.giveUp(items, error);
      else for (const item of items) await this.commitAlone(item);
    }
  }

  /** A smaller group each time: this ends. */
  private async splitOff(items: readonly Guest<Base>[], culprits: ReadonlySet<number>): Promise<void> {
    await this.commit(items.filter((_, place) => !culprits.has(place)));
    for (const place of culprits) {
      const item = items[place];
      if (item) await this.commitAlone(item);
    }
  }

  private async commitAlone(guest: Guest<Base>): Promise<void> {
    try {
      guest.resolve(await this.database.tx(({ base, ledger }) => guest.member(base, ledger)));
    } catch (error) {
      this.giveUp([guest], error);
    }
  }
}

/** Items and their results are in one order. */
function answer(items: readonly Waiting[], results: readonly AnyResult[]): void {
  for (const [place, result] of results.entries()) items[place]?.resolve(result);
}

/** TypeORM wraps the driver's error; the SQLSTATE is on either. */
function sqlState(error: unknown): string {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = code ?? driverError?.code;
  return typeof state === 'string' ? state : '';
}

/** `lock_not_available`: append_batch waits 10 s for its turn, and no longer. */
const LOCK_TIMEOUT = '55P03';

const isLostRace = (error: unknown): boolean => sqlState(error) === '40001';

/**
 * Whether a database error is about what was written, and not about the database: data, integrity, a lost race,
 * rights, or raised by a function. Otherwise the next 500 attempts would meet the same.
 */
const isOfTheRecords = (error: unknown): boolean => /^(22|23|40|42|44|P0)...$/.test(sqlState(error));
