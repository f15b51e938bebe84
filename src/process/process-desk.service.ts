import type { Actor } from '../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import { CRITERIA, type Criterion } from './criterion.js';
import type { ProcessDirectory } from './directory.port.js';
import type { FixTaskRecord } from './fix-task.service.js';
import type { FixTaskFilter, ProcessRead, RelationEnd, Rework, WorkItemFilter } from './process.read.js';
import type { ProcessTexts } from './process-texts.port.js';
import { ROLE_CHANGES, type RoleChange } from './process-role.js';
import type { Relation } from './relation.js';
import type { RouteService, RouteStanding } from './route.service.js';
import { standing } from './standing.js';
import { STEPS, type Step } from './step.js';
import { TEMPLATES, type Template } from './template.js';
import { WORK_ITEMS, type WorkItem } from './work-item.js';

/** One step somebody could take, and why not. The reason is the process's; the access policy may add its own. */
export interface PossibleStep {
  readonly action: string;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** Everything people look at of the process; changes nothing. */
export class ProcessDesk {
  constructor(
    private readonly read: ProcessRead,
    private readonly routes: RouteService,
    private readonly texts: ProcessTexts,
    private readonly directory: ProcessDirectory,
  ) {}

  item(actor: Actor, caseId: string): Promise<WorkItem | undefined> {
    return this.read.item(actor.orgId, caseId);
  }

  /** `project` is a slug; of one that is not there the list is empty. */
  async items(
    actor: Actor,
    { project, ...filter }: Omit<WorkItemFilter, 'projectId'> & { readonly project?: string },
    page: PageRequest,
  ): Promise<Result<Page<WorkItem>, InvalidCursor>> {
    const projectId =
      project === undefined ? undefined : ((await this.directory.projectId(actor.orgId, project)) ?? NOWHERE);
    return this.read.items(actor.orgId, { ...filter, ...(projectId !== undefined && { projectId }) }, page);
  }

  children(actor: Actor, caseId: string): Promise<readonly WorkItem[]> {
    return this.read.children(actor.orgId, caseId);
  }

  template(actor: Actor, templateId: string, version?: number): Promise<Template | undefined> {
    return standing(this.read, TEMPLATES, {
      ...{ orgId: actor.orgId, templateId },
      ...(version !== undefined && { version }),
    });
  }

  templates(actor: Actor, page: PageRequest): Promise<Result<Page<Template>, InvalidCursor>> {
    return this.read.templates(actor.orgId, page);
  }

  steps({ orgId }: Actor, caseId: string): Promise<readonly Step[]> {
    return this.read.find(STEPS, { orgId, caseId }, { by: 'ordinal' });
  }

  /** What stands of each, by id. */
  async criteria({ orgId }: Actor, caseId: string): Promise<readonly Criterion[]> {
    const versions = await this.read.find(CRITERIA, { orgId, caseId }, { by: 'version' });
    const newest = new Map(versions.map((version) => [version.criterionId, version]));
    return [...newest.values()]
      .filter(({ withdrawn }) => !withdrawn)
      .sort((a, b) => (a.criterionId < b.criterionId ? -1 : 1));
  }

  /** Who holds which role now, by role. Undefined where there is no such project. */
  async roles({ orgId }: Actor, project: string): Promise<readonly RoleChange[] | undefined> {
    const projectId = await this.directory.projectId(orgId, project);
    if (projectId === undefined) return undefined;
    const changes = await this.read.find(ROLE_CHANGES, { orgId, projectId }, { by: 'version' });
    const newest = new Map(changes.map((change) => [`${change.role} ${change.holderId}`, change]));
    return [...newest]
      .filter(([, { assigned }]) => assigned)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, change]) => change);
  }

  fixTasks(
    actor: Actor,
    filter: FixTaskFilter,
    page: PageRequest,
  ): Promise<Result<Page<FixTaskRecord>, InvalidCursor>> {
    return this.read.fixTasks(actor.orgId, filter, page);
  }

  rework(actor: Actor, caseId: string): Promise<readonly Rework[]> {
    return this.read.rework(actor.orgId, caseId);
  }

  relations(actor: Actor, version: RelationEnd): Promise<readonly Relation[]> {
    return this.read.relationsOf(actor.orgId, [version]);
  }

  route(item: WorkItem): Promise<RouteStanding> {
    return this.routes.standing(item);
  }

  async title({ orgId, caseId, version }: WorkItem): Promise<string | null> {
    const key = await this.read.entryKeyOf(WORK_ITEMS, { orgId, caseId, version });
    return key ? this.texts.fieldOf(orgId, key, 'title') : null;
  }

  async criterionText({ orgId, caseId, criterionId, version }: Criterion): Promise<string | null> {
    const key = await this.read.entryKeyOf(CRITERIA, { orgId, caseId, criterionId, version });
    return key ? this.texts.fieldOf(orgId, key, 'text') : null;
  }

  viewerCan({ kind, status }: WorkItem): PossibleStep[] {
    const open = status === 'planned' || status === 'active';
    const ours = kind === 'fix' ? 'is-a-fix-task' : undefined;
    const closed = open ? undefined : 'case-closed';
    return [
      possible('save', ours),
      possible('choose-route', ours),
      possible('record-step', closed),
      possible('remediate', ours),
    ];
  }

  viewerCanFix({ item }: FixTaskRecord): PossibleStep[] {
    return [possible('close', item.status === 'active' ? undefined : 'fix-task-closed')];
  }
}

/** No project has this id. */
const NOWHERE = '00000000-0000-0000-0000-000000000000';

const possible = (action: string, why: string | undefined): PossibleStep => ({
  action,
  allowed: why === undefined,
  reasonCode: why ?? 'ok',
});
