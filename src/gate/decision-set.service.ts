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
  readonly ledger: GroupLedger;
}

/**
 * Records those decisions that nothing stands against, and answers which. Whatever is not plain – somebody decided the
 * same, a waiver or the checklist changed, the command was sent twice – is left to be tried alone, where it is looked at
 * closely: here it is only noticed.
 */
export async function writeDecisions(
  orders: readonly DecisionOrder[],
  { set, waivers, checklists, ledger }: SetStores,
): Promise<ReadonlySet<DecisionOrder>> {
  const first = firstOfEach(orders);
  await set.lock(first);
  const plain = await stillSo(first, { set, waivers, checklists });
  if (plain.length === 0) return new Set();
  const added = await set.add(plain);
  const written = plain.filter(({ decision }) => added.has(decision.decisionId));
  const appended = await ledger.appendAll(written.map(({ entry }) => entry));
  if (!appended.every((one) => one.ok && one.value.status === 'created')) throw new NotTogether();
  return new Set(written);
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
  orders: readonly DecisionOrder[],
  { set, waivers, checklists }: Omit<SetStores, 'ledger'>,
): Promise<readonly DecisionOrder[]> {
  const versions = new Map<string, number | null>();
  for (const { decision, follows } of orders) {
    const name = follows && `${decision.orgId} ${follows.chkId}`;
    if (name === null || versions.has(name)) continue;
    versions.set(name, (await checklists.standing(decision.orgId, follows?.chkId ?? '')).version);
  }
  const ids = [...new Set(orders.flatMap(({ waiverIds }) => waiverIds))];
  const records = ids.length === 0 ? [] : await waivers.records(ids);
  const held = new Map(records.map((record) => [record.waiver.waiverId, record]));
  const decided = await set.decided(orders);
  return orders.filter(({ decision, follows, waiverIds, considered, mayReuse }) => {
    if (follows && versions.get(`${decision.orgId} ${follows.chkId}`) !== follows.version) return false;
    if (mayReuse && decided.has(nameOfInputs(decision))) return false;
    return waiverIds.every((id) => {
      const now = held.get(id);
      const then = considered.find(({ waiverId }) => waiverId === id);
      return now?.waiver.orgId === decision.orgId && recordDigest(now) === then?.digest;
    });
  });
}
