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
}

export interface SetStores {
  readonly set: DecisionSetStore;
  readonly waivers: Pick<WaiverStore, 'records'>;
  readonly checklists: Pick<ChecklistStore, 'standing'>;
}

/**
 * Records those decisions that nothing stands against, and answers which. Whatever is not plain – somebody decided the
 * same, a waiver or the checklist changed, the command was sent twice – is left to be tried alone, where it is looked at
 * closely: here it is only noticed.
 */
export async function writeDecisions(
  orders: readonly DecisionOrder[],
  ledger: GroupLedger,
  /** On behalf of one organisation. */
  storesOf: (orgId: string) => SetStores,
): Promise<ReadonlySet<DecisionOrder>> {
  const written: DecisionOrder[] = [];
  // In one order for all sets, as with whatever is locked.
  for (const [orgId, theirs] of [...byOrganisation(firstOfEach(orders))].sort(([a], [b]) => (a < b ? -1 : 1)))
    written.push(...(await writeOf(orgId, theirs, storesOf(orgId))));
  if (written.length === 0) return new Set();
  const appended = await ledger.appendAll(written.map(({ entry }) => entry));
  if (!appended.every((one) => one.ok && one.value.status === 'created')) throw new NotTogether();
  return new Set(written);
}

async function writeOf(
  orgId: string,
  orders: readonly DecisionOrder[],
  stores: SetStores,
): Promise<readonly DecisionOrder[]> {
  await stores.set.lock(orders);
  const plain = await stillSo(orgId, orders, stores);
  if (plain.length === 0) return [];
  const added = await stores.set.add(plain);
  if (!added) throw new NotTogether();
  return plain.filter(({ decision }) => added.has(decision.decisionId));
}

function byOrganisation(orders: readonly DecisionOrder[]): ReadonlyMap<string, readonly DecisionOrder[]> {
  const found = new Map<string, DecisionOrder[]>();
  for (const order of orders) {
    const { orgId } = order.decision;
    found.set(orgId, [...(found.get(orgId) ?? []), order]);
  }
  return found;
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

async function stillSo(
  orgId: string,
  orders: readonly DecisionOrder[],
  { set, waivers, checklists }: SetStores,
): Promise<readonly DecisionOrder[]> {
  const versions = new Map<string, number | null>();
  for (const { follows } of orders)
    if (follows && !versions.has(follows.chkId))
      versions.set(follows.chkId, (await checklists.standing(orgId, follows.chkId)).version);
  const ids = [...new Set(orders.flatMap(({ waiverIds }) => waiverIds))];
  const records = ids.length === 0 ? [] : await waivers.records(orgId, ids);
  const held = new Map(records.map((record) => [record.waiver.waiverId, record]));
  const decided = await set.decided(orders);
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
