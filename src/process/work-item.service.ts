import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ProcessDirectory } from './directory.port.js';
import { invalid } from './invalid-input.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { processEntry, subjectOf } from './process-entry.js';
import { saysTheSame } from './record-table.js';
import type { RecordRead, RecordStore } from './record.store.js';
import type { RouteService } from './route.service.js';
import { standing } from './standing.js';
import { TEMPLATES } from './template.js';
import { minutesOf, moveFault, workItemFault } from './work-item-rules.js';
import { PARENT_KINDS, WORK_ITEMS, type WorkItem, type WorkItemKind } from './work-item.js';

/** A work item as it shall be, whole: what is left out is not kept. */
export interface SaveWorkItem {
  readonly caseId: string;
  /** 0 for a new one. */
  readonly expectedVersion: number;
  /** Slug. */
  readonly project: string;
  readonly kind: WorkItemKind;
  readonly parentId?: string;
  /** What people call it. Kept encrypted. */
  readonly title: string;
  readonly estimatedHours?: number;
  readonly status: WorkItem['status'];
  readonly templateId?: string;
  /** The newest one unless said otherwise. */
  readonly templateVersion?: number;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };
type Outcome = Result<WorkItem, ProcessProblem>;

/** The tree of cases: project, feature, story. Every edit is another version. */
export class WorkItemService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly directory: ProcessDirectory,
    private readonly routes: RouteService,
    private readonly clock: Clock,
  ) {}

  /** Also asks the policy again about every route that the edit may have outgrown. */
  async save(command: SaveWorkItem, by: Actor): Promise<Outcome> {
    const fault = workItemFault(command);
    if (fault) return failed(fault);
    const projectId = await this.directory.projectId(by.orgId, command.project);
    if (projectId === undefined) return failed({ kind: 'ProjectNotFound', project: command.project });
    const key = idempotencyKey(by.orgId, `work-item.save ${by.principalId}`, command.idempotencyKey);
    let before: WorkItem | undefined;
    const saved = await this.tx<WorkItem, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(by.orgId, command.caseId);
      const template = await pinned(records, by.orgId, command);
      if (!template.ok) return template;
      const at = this.clock.now();
      const yours: WorkItem = {
        orgId: by.orgId,
        caseId: command.caseId,
        version: command.expectedVersion + 1,
        projectId,
        kind: command.kind,
        parentId: command.parentId ?? null,
        estimatedMinutes: command.estimatedHours === undefined ? null : minutesOf(command.estimatedHours),
        status: command.status,
        ...template.value,
        changedBy: by.principalId,
        changedAt: at,
      };
      const twin = await records.under(WORK_ITEMS, by.orgId, key);
      // The newest template may be another by now: a repetition is the same all the same.
      if (twin)
        return saysTheSame(twin, yours, ['changedAt', 'templateVersion']) ? ok(twin) : failed(CONFLICT);
      const theirs = await standing(records, WORK_ITEMS, { orgId: by.orgId, caseId: command.caseId });
      before = theirs;
      const problem = changeProblem(theirs, yours) ?? (await parentProblem(records, yours));
      if (problem) return failed(problem);
      await records.add(WORK_ITEMS, yours, key);
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'work-item.saved', orgId: by.orgId, actor: by, context: command.context, at, key },
          subjects: [subjectOf(WORK_ITEMS, yours)],
          facts: {
            ...{ projectId, caseId: yours.caseId, stateAfter: yours.status },
            ...(theirs && { stateBefore: theirs.status }),
          },
          details: detailsOf(yours),
          prose: { title: command.title },
        }),
      );
      return appended.ok ? ok(yours) : appended;
    });
    // Not in that transaction: the policy is asked outside of any. Conformance asks it again in any case.
    if (saved.ok) await this.routes.review(saved.value, before, { by, context: command.context, key });
    return saved;
  }
}

function changeProblem(theirs: WorkItem | undefined, yours: WorkItem): ProcessProblem | undefined {
  const expectedVersion = yours.version - 1;
  if ((theirs?.version ?? 0) !== expectedVersion)
    return { kind: 'WorkItemStale', caseId: yours.caseId, expectedVersion, theirs: theirs ?? null, yours };
  if (theirs && theirs.kind !== yours.kind) return invalid('input.kind', `${theirs.kind}, as it is`);
  if (theirs && theirs.projectId !== yours.projectId)
    return invalid('input.project', 'the project that the case belongs to');
  return moveFault(theirs?.status, yours.status);
}

/**
 * What stands above what never changes, and every kind stands below another: so there is no way round, and nothing
 * above has to be held.
 */
async function parentProblem(
  records: RecordRead,
  { orgId, caseId, parentId, kind, projectId }: WorkItem,
): Promise<ProcessProblem | undefined> {
  if (parentId === null) return undefined;
  const refused = (reasonCode: 'kind' | 'project' | 'cycle' | 'missing'): ProcessProblem => ({
    ...{ kind: 'ParentRefused', caseId, parentId, reasonCode },
  });
  if (parentId === caseId) return refused('cycle');
  const parent = await standing(records, WORK_ITEMS, { orgId, caseId: parentId });
  if (!parent) return refused('missing');
  if (!PARENT_KINDS[kind].includes(parent.kind)) return refused('kind');
  return parent.projectId === projectId ? undefined : refused('project');
}

async function pinned(
  records: RecordRead,
  orgId: string,
  { templateId, templateVersion }: SaveWorkItem,
): Promise<Result<Pick<WorkItem, 'templateId' | 'templateVersion'>, ProcessProblem>> {
  if (templateId === undefined) return ok({ templateId: null, templateVersion: null });
  const template = await standing(records, TEMPLATES, {
    ...{ orgId, templateId },
    ...(templateVersion !== undefined && { version: templateVersion }),
  });
  return template
    ? ok({ templateId, templateVersion: template.version })
    : failed({ kind: 'TemplateNotFound', templateId, version: templateVersion ?? null });
}

const detailsOf = (item: WorkItem) => ({
  version: item.version,
  kind: item.kind,
  ...(item.parentId !== null && { parentId: item.parentId }),
  ...(item.estimatedMinutes !== null && { estimatedMinutes: item.estimatedMinutes }),
  ...(item.templateId !== null && {
    template: `${item.templateId}@${String(item.templateVersion)}`,
  }),
});
