import type { EntryDraft } from '../ledger/entry.js';
import { NotTogether } from '../ledger/appender.service.js';
import type { GroupLedger } from '../ledger/ledger.js';
import type { ChecklistStore } from '../policy/checklist/checklist.store.js';
import { recordDigest, type WaiverRef } from '../waiver/waiver.js';
import type { WaiverStore } from '../waiver/waiver.store.js';
import { nameOfInputs, type DecisionSetStore, type DecisionToAdd } from './decision-set.store.js';

/** A decision that is ready to be recorded, but for what may have changed since it was judged. */
export interface DecisionOrder extends DecisionToAdd {
  /** Every candidate that was taken into account, with the history it had. */
  readonly considered: readonly WaiverRef[];
  readonly entry: EntryDraft;
  /** To which projects who ordered it is narrowed. */
  readonly within?: readonly string[];
}

export interface SetStores {
  readonly set: DecisionSetStore;
  readonly waivers: Pick<WaiverStore, 'records'>;
  readonly checklists: Pick<ChecklistStore, 'standing'>;
}

/**
 * Records those decisions that nothing stands against, and answers which. Whatever is not plain – somebody decided the
 * same, a waiver or the checklist changed, the command was sent twice – is left to be tried alone, where it is looked at
 * closely: here it is only noticed. Where it is noticed by writing, that goes for all of them.
 */
export async function writeDecisions(
  orders: readonly DecisionOrder[],
  ledger: GroupLedger,
  /** On behalf of one organisation, or of some of its projects. */
  storesOf: (orgId: string, within: DecisionOrder['within']) => SetStores,
): Promise<ReadonlySet<DecisionOrder>> {
  const plain: Group[] = [];
  for (const [orgId, theirs] of groupsOf(firstOfEach(orders), ({ decision }) => decision.orgId)) {
    const groups = groupsOf(theirs, ({ within }) => within?.join(' ') ?? '').map(([, orders]) => ({
      orders,
      stores: storesOf(orgId, orders[0]?.within),
    }));
    // Names alone, and of all at once: in one order for all sets. What is sent behind it is asked when they are held, and
    // not before: decision-set.spec.ts has them wait.
    const locked = storesOf(orgId, undefined).set.lock(theirs);
    const asked = groups.map(async ({ orders, stores }) => ({
      stores,
      orders: await stillSo(orgId, orders, stores),
    }));
    const [looked] = await Promise.all([Promise.all(asked), locked]);
    plain.push(...looked.filter((group) => group.orders.length > 0));
  }
  const all = plain.flatMap((group) => group.orders);
  if (all.length === 0) return new Set();
  const [added, appended] = await Promise.all([
    Promise.all(plain.map((group) => group.stores.set.add(group.orders))),
    ledger.appendAll(all.map(({ entry }) => entry)),
  ]);
  const isAdded = plain.every((group, at) =>
    group.orders.every(({ decision }) => added[at]?.has(decision.decisionId)),
  );
  const isAppended = appended.every((one) => one.ok && one.value.status === 'created');
  if (!isAdded || !isAppended) throw new NotTogether();
  return new Set(all);
}

/** Of one organisation, and on behalf of the same projects. */
interface Group {
  readonly orders: readonly DecisionOrder[];
  readonly stores: SetStores;
}

/** In the order of their names: what is locked by several sets is locked alike. */
function groupsOf(
  orders: readonly DecisionOrder[],
  nameOf: (order: DecisionOrder) => string,
): readonly (readonly [name: string, orders: readonly DecisionOrder[]])[] {
  const found = new Map<string, DecisionOrder[]>();
  for (const order of orders) found.set(nameOf(order), [...(found.get(nameOf(order)) ?? []), order]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Equal questions and equal commands wait for the first of them. */
function firstOfEach(orders: readonly DecisionOrder[]): readonly DecisionOrder[] {
  const seen = new Set<string>();
  return orders.filter(({ decision, runId }) => {
    const names = [nameOfInputs(decision), decision.decisionId, runId];
    const isFirst = names.every((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    return isFirst;
  });
}

/** Puts its questions at once: none needs another's answer. */
async function stillSo(
  orgId: string,
  orders: readonly DecisionOrder[],
  { set, waivers, checklists }: SetStores,
): Promise<readonly DecisionOrder[]> {
  const chkIds = [...new Set(orders.flatMap(({ follows }) => follows?.chkId ?? []))];
  const ids = [...new Set(orders.flatMap(({ waiverIds }) => waiverIds))];
  const [inForce, records, decided] = await Promise.all([
    Promise.all(chkIds.map(async (id) => [id, (await checklists.standing(orgId, id)).version] as const)),
    ids.length === 0 ? [] : waivers.records(orgId, ids),
    set.decided(orders),
  ]);
  const versions = new Map(inForce);
  const held = new Map(records.map((record) => [record.waiver.waiverId, record]));
  return orders.filter(({ decision, follows, waiverIds, considered, mayReuse }) => {
    if (follows && versions.get(follows.chkId) !== follows.version) return false;
    if (mayReuse && decided.has(nameOfInputs(decision))) return false;
    return waiverIds.every((id) => {
      const now = held.get(id);
      const then = considered.find(({ waiverId }) => waiverId === id);
      return now?.waiver.orgId === decision.orgId && recordDigest(now) === then?.digest;
    });
  });
}
