import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { ok } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { InsightRead } from './insight.read.js';
import type { InsightStore } from './insight.store.js';
import type { KpiDimension, KpiFilter, Kpis } from './kpi.js';

type Stores = { insight: InsightStore };

const READ_AT_ONCE = 1_000;
/** Steps that a question takes on before it answers as far as it got: a hundred thousand entries. */
const MAX_STEPS = 100;

/** Key figures, from the ledger alone. What answers is a read model by cursor; each question reads on first. */
export class InsightService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: InsightRead,
    private readonly clock: Clock,
  ) {}

  /** Reads on, so many steps or until there is nothing new. Answers how many entries. */
  async follow(steps = MAX_STEPS): Promise<number> {
    let entries = 0;
    for (let step = 0; step < steps; step++) {
      const read = await this.tx<number, never>(async ({ insight }) =>
        ok(await insight.readOn(READ_AT_ONCE)),
      );
      if (!read.ok || read.value === 0) break;
      entries += read.value;
    }
    return entries;
  }

  async kpis({ orgId }: Actor, filter: KpiFilter, by?: KpiDimension): Promise<readonly Kpis[]> {
    await this.follow();
    return this.read.kpis(orgId, filter, this.clock.now(), by);
  }

  /** By gate, in the time given before now, of every organisation: for the scraper. */
  async everywhere(
    lastMs: number,
  ): Promise<readonly { readonly orgId: string; readonly rows: readonly Kpis[] }[]> {
    const now = this.clock.now();
    const all = [];
    for (const orgId of await this.read.organisations())
      all.push({ orgId, rows: await this.read.kpis(orgId, { from: now - lastMs }, now, 'GATE') });
    return all;
  }

  /** Forgets the read models and makes them again from the first entry. Answers how many entries were read. */
  async rebuild(): Promise<number> {
    await this.tx<undefined, never>(async ({ insight }) => {
      await insight.empty();
      return ok(undefined);
    });
    return this.follow(Infinity);
  }
}
