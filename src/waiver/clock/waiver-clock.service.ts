import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { WaiverProblem } from '../problem.js';
import { clockEntry } from '../waiver-entry.js';
import type { WaiverStore } from '../waiver.store.js';
import { stateOf, type WaiverRecord } from '../waiver.js';
import { reviewDue, type Due } from './due.js';
import type { DueStore } from './due.store.js';
import { nextRole, type Escalation } from './escalation.js';

/** How often the worker looks: an end is on record at most so long, and the time of appending, after it has passed. */
export const WAIVER_TICK_MS = 5_000;

/** Handled in one go; what is left is looked at by the next tick. */
const MAX_PER_TICK = 10_000;

type Stores = { due: DueStore; waivers: WaiverStore; ledger: Ledger };
/** How far a tick came. */
type Handled = { readonly due: Due; readonly appended: boolean } | null;

/**
 * What time does to waivers, put on record: that one has ended, and that a request went to the next role. Nothing rests
 * on this being done in time: a waiver excuses nothing beyond its end whether that is recorded or not (match.ts). Each
 * item is handled in one transaction with its entry, so it is done exactly once, whatever falls over in between, and by
 * however many workers.
 */
export class WaiverClock {
  private ticking: Promise<number> | undefined;

  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly clock: Clock,
  ) {}

  /** Handles all that is due, and says how many entries that made. Called while it runs, it waits for that run. */
  tick(): Promise<number> {
    this.ticking ??= this.run().finally(() => {
      this.ticking = undefined;
    });
    return this.ticking;
  }

  private async run(): Promise<number> {
    let appended = 0;
    let after: Due | undefined;
    const faults: unknown[] = [];
    for (let handled = 0; handled < MAX_PER_TICK; handled++) {
      const seen: { due?: Due } = {};
      const done = await this.handleNext(after, seen).catch((error: unknown) => {
        if (!seen.due) throw error; // the database is away: nothing to go on to
        faults.push(error);
        return undefined;
      });
      if (done === null) break;
      // One that cannot be handled must not keep the others waiting; the next tick tries it again.
      after = seen.due;
      if (done?.appended) appended++;
    }
    if (faults.length > 0) throw new AggregateError(faults, `${String(faults.length)} could not be handled`);
    return appended;
  }

  private async handleNext(after: Due | undefined, seen: { due?: Due }): Promise<Handled> {
    const done = await this.tx<Handled, WaiverProblem>(async (stores) => {
      const due = await stores.due.next(this.clock.now(), after);
      if (!due) return ok(null);
      seen.due = due;
      const record = await stores.waivers.findForChange(due.orgId, due.waiverId);
      const appended = record ? await this.handle(due, record, stores) : ok(false);
      if (!appended.ok) return appended;
      await stores.due.handled(due, this.clock.now());
      return ok({ due, appended: appended.value });
    });
    if (done.ok) return done.value;
    throw new Error(`waiver ${seen.due?.waiverId ?? ''}: ${JSON.stringify(done.problem)}`);
  }

  private handle(due: Due, record: WaiverRecord, stores: Stores): Promise<Result<boolean, WaiverProblem>> {
    return due.what === 'end' ? this.end(record, stores) : this.escalate(due, record, stores);
  }

  /** Of one that was refused, withdrawn or revoked, that was its end. */
  private async end(record: WaiverRecord, { ledger }: Stores): Promise<Result<boolean, WaiverProblem>> {
    const at = this.clock.now();
    const { waiverId, orgId, effectiveUntil } = record.waiver;
    if (stateOf(record, at) !== 'expired') return ok(false);
    const appended = await ledger.append(
      clockEntry({
        kind: 'waiver.expired',
        record,
        stateBefore: stateOf(record, effectiveUntil),
        stateAfter: 'expired',
        at,
        details: {},
        key: idempotencyKey(orgId, 'waiver.expired', waiverId),
      }),
    );
    return appended.ok ? ok(true) : failed(appended.problem);
  }

  /** The next one has as long as the one before, from now on: an outage of ours takes nobody's time away. */
  private async escalate(
    { step, dueAt }: Due,
    record: WaiverRecord,
    { due, waivers, ledger }: Stores,
  ): Promise<Result<boolean, WaiverProblem>> {
    const at = this.clock.now();
    const { waiver } = record;
    const role = nextRole(waiver, step);
    const state = stateOf(record, at);
    if (state !== 'requested' || role === undefined) return ok(false);
    const escalation: Escalation = { step: step + 1, role, at };
    const key = idempotencyKey(waiver.orgId, 'waiver.escalated', `${waiver.waiverId} ${String(step + 1)}`);
    await waivers.addEscalation(waiver, escalation, key);
    for (const next of reviewDue(waiver, step + 1, at)) await due.add(next);
    const appended = await ledger.append(
      clockEntry({
        kind: 'waiver.escalated',
        record,
        stateBefore: state,
        stateAfter: state,
        at,
        details: {
          step: step + 1,
          fromRole: waiver.review?.path[step] ?? null,
          toRole: role,
          lateSince: dueAt,
        },
        key,
      }),
    );
    return appended.ok ? ok(true) : failed(appended.problem);
  }
}
