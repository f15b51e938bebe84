import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { hexOf, sha256, type Digest } from '../kernel/digest.js';
import { idempotencyKey, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { FIX_PREFIX, FIX_TASKS, type FixOutcome, type FixTask, type Remediation } from './fix-task.js';
import { invalid } from './invalid-input.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { principalOf, processEntry, subjectOf } from './process-entry.js';
import { saysTheSame } from './record-table.js';
import type { RecordStore } from './record.store.js';
import { standing } from './standing.js';
import { WORK_ITEMS, type WorkItem } from './work-item.js';

/** What is broken and what is to be done. Members that do not apply are absent. */
export interface FixTaskOrder {
  readonly orgId: string;
  /** Of the case or of the gate. */
  readonly projectId: string;
  /** The case that needs mending. It need not be a work item of ours: the fix then hangs on none. */
  readonly caseId?: string;
  readonly actId?: string;
  readonly gateId?: string;
  readonly runId?: string;
  readonly artId?: string;
  readonly artefactDigest?: Digest;
  /** Kebab-case, 1 to 64 characters. */
  readonly reasonCode: string;
  readonly remediation: Remediation;
  readonly context: ProcessContext;
  /** The same key names the same fix, however often it is asked for. */
  readonly key: IdempotencyKey;
}

export interface CloseFixTask {
  readonly fixTaskId: string;
  readonly outcome: FixOutcome;
  readonly note: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface FixTaskStores {
  readonly records: RecordStore;
  readonly ledger: Ledger;
}

/** A fix and the work item that says how far it is. */
export interface FixTaskRecord {
  readonly task: FixTask;
  readonly item: WorkItem;
}

type Outcome = Result<FixTaskRecord, ProcessProblem>;

const CODE = /^[a-z][a-z0-9-]{0,63}$/;
const MAX_NOTE = 2_000;

/** Fix tasks: rework that somebody owes, linked to what it mends. */
export class FixTaskService {
  constructor(
    private readonly tx: InTransaction<FixTaskStores>,
    private readonly clock: Clock,
  ) {}

  open(order: FixTaskOrder, by: Actor | 'system'): Promise<Outcome> {
    return this.tx((stores) => openFixTask(stores, order, by, this.clock.now()));
  }

  /** Says how it ended. A fix that is closed stays closed: what breaks again is another fix. */
  async close(command: CloseFixTask, by: Actor): Promise<Outcome> {
    const { fixTaskId, outcome, note, context } = command;
    if (note.trim() === '' || note.length > MAX_NOTE)
      return failed(invalid('input.note', `1 to ${String(MAX_NOTE)} characters`));
    const key = idempotencyKey(by.orgId, `fix-task.close ${by.principalId}`, command.idempotencyKey);
    return this.tx<FixTaskRecord, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(by.orgId, fixTaskId);
      const { orgId } = by;
      const [task] = await records.find(FIX_TASKS, { orgId, fixId: fixTaskId });
      const before = await standing(records, WORK_ITEMS, { orgId, caseId: fixTaskId });
      if (!task || !before) return failed({ kind: 'FixTaskNotFound', fixTaskId });
      const status = outcome === 'fixed' ? 'done' : 'cancelled';
      const twin = await records.under(WORK_ITEMS, orgId, key);
      if (twin) return sameEnd(twin, fixTaskId, status) ? ok({ task, item: before }) : failed(CONFLICT);
      if (before.status !== 'active')
        return failed({ kind: 'FixTaskClosed', fixTaskId, status: before.status });
      const at = this.clock.now();
      const item: WorkItem = {
        ...{ ...before, version: before.version + 1, status },
        ...{ changedBy: by.principalId, changedAt: at },
      };
      await records.add(WORK_ITEMS, item, key);
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'fix-task.closed', orgId, actor: by, context, at, key },
          subjects: [subjectOf(WORK_ITEMS, item)],
          facts: {
            ...linksOf(task),
            ...{ result: outcome.toUpperCase(), stateBefore: 'active', stateAfter: status },
          },
          details: { fixTaskId, ...detailsOf(task), item: itemDetails(item) },
          prose: { note },
        }),
      );
      return appended.ok ? ok({ task, item }) : appended;
    });
  }
}

/**
 * Opens a fix on the caller's transaction: whoever finds that something is broken records both or neither. Appends an
 * entry, so it comes after everything else the transaction does but its own entries. Asked again under the same key it
 * answers the fix that stands.
 */
export async function openFixTask(
  { records, ledger }: FixTaskStores,
  order: FixTaskOrder,
  by: Actor | 'system',
  at: Instant,
): Promise<Outcome> {
  if (!CODE.test(order.reasonCode)) return failed(invalid('reasonCode', 'a code in kebab-case'));
  const { orgId, projectId, key, context, remediation, reasonCode } = order;
  const fixId = `${FIX_PREFIX}${hexOf(sha256(key)).slice(0, 12)}`;
  const openedBy = principalOf(by);
  const task: FixTask = {
    ...{ orgId, fixId, projectId, reasonCode, remediation, openedBy, openedAt: at },
    caseId: order.caseId ?? null,
    actId: order.actId ?? null,
    gateId: order.gateId ?? null,
    runId: order.runId ?? null,
    artId: order.artId ?? null,
    artefactDigest: order.artefactDigest ?? null,
  };
  await records.lock(orgId, fixId);
  const twin = await records.under(FIX_TASKS, orgId, key);
  if (twin) {
    const now = await standing(records, WORK_ITEMS, { orgId, caseId: fixId });
    const same = saysTheSame(twin, task, ['openedAt', 'openedBy']);
    return same && now ? ok({ task: twin, item: now }) : failed(CONFLICT);
  }
  const parent =
    order.caseId === undefined
      ? undefined
      : await standing(records, WORK_ITEMS, { orgId, caseId: order.caseId });
  const item: WorkItem = {
    ...{ orgId, caseId: fixId, version: 1, projectId, kind: 'fix', parentId: parent?.caseId ?? null },
    ...{ estimatedMinutes: null, status: 'active', templateId: null, templateVersion: null },
    ...{ changedBy: openedBy, changedAt: at },
  };
  await records.add(WORK_ITEMS, item, key);
  await records.add(FIX_TASKS, task, key);
  const appended = await ledger.append(
    processEntry({
      ...{ kind: 'fix-task.opened', orgId, actor: by, context, at, key },
      subjects: [subjectOf(FIX_TASKS, task), subjectOf(WORK_ITEMS, item)],
      facts: { ...linksOf(task), stateAfter: 'active' },
      details: { fixTaskId: fixId, ...detailsOf(task), item: itemDetails(item) },
    }),
  );
  return appended.ok ? ok({ task, item }) : appended;
}

const linksOf = ({ projectId, caseId, actId, gateId, artId, artefactDigest }: FixTask) => ({
  projectId,
  ...(caseId !== null && { caseId }),
  ...(actId !== null && { actId }),
  ...(gateId !== null && { gateId }),
  ...(artId !== null && { artId }),
  ...(artefactDigest !== null && { artefactDigest }),
});

const detailsOf = ({ reasonCode, remediation, runId }: FixTask) => ({
  reasonCode,
  remediation,
  ...(runId !== null && { runId }),
});

const itemDetails = ({ version, parentId }: WorkItem) => ({
  version,
  ...(parentId !== null && { parentId }),
});

const sameEnd = (twin: WorkItem, fixTaskId: string, status: WorkItem['status']): boolean =>
  twin.caseId === fixTaskId && twin.status === status;
