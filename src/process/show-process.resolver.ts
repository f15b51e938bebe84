import type {
  AcceptanceCriterion as SdlCriterion,
  Activity as SdlActivity,
  ActivityInput,
  ArtefactRefInput,
  ArtefactRelation as SdlRelation,
  CaseConformance as SdlConformance,
  FixTask as SdlFixTask,
  ProcessRoleHolder,
  ProcessRoute,
  ProcessStep as SdlStep,
  ProcessTemplate as SdlTemplate,
  RouteRecord as SdlRouteRecord,
  WorkItem as SdlWorkItem,
  WorkItemStatus,
} from '../api/generated.js';
import { badRequest, present } from '../api/present.js';
import { message } from '../kernel/message.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page, type PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { CaseConformance } from './conformance.service.js';
import type { Deviation } from './conformance.js';
import type { Criterion } from './criterion.js';
import type { FixTaskRecord } from './fix-task.service.js';
import { CONFORMANCE_MESSAGES, PROCESS_MESSAGES } from './messages.js';
import type { ProcessProblem } from './problem.js';
import type { RoleChange } from './process-role.js';
import type { Relation } from './relation.js';
import type { RouteRecord } from './route.js';
import type { Step } from './step.js';
import type { Activity, ArtefactRef, Template } from './template.js';
import type { Route, WorkItem, WorkItemState } from './work-item.js';

/** What costs a look-up is resolved only when it is asked for. */
export type ShownItem = Omit<
  SdlWorkItem,
  'title' | 'parent' | 'children' | 'route' | 'steps' | 'criteria' | 'rework' | 'viewerCan'
> & { readonly item: WorkItem };
export type ShownCriterion = Omit<SdlCriterion, 'text'> & { readonly criterion: Criterion };
export type ShownFix = Omit<SdlFixTask, 'viewerCan'> & { readonly record: FixTaskRecord };

/** `small-feature` → `SMALL_FEATURE`, and back; the camel case of relations is told apart below. */
export const shown = <T extends string>(name: Dashed<T>): T => name.toUpperCase().replaceAll('-', '_') as T;
export const ours = <T extends string>(name: T): Dashed<T> =>
  name.toLowerCase().replaceAll('_', '-') as Dashed<T>;

type Dashed<T extends string> = T extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}-${Dashed<Rest>}`
  : Lowercase<T>;

const RELATION_NAMES = {
  derivedFrom: 'DERIVED_FROM',
  shardOf: 'SHARD_OF',
  supersedes: 'SUPERSEDES',
} as const;
export const RELATION_OF = {
  DERIVED_FROM: 'derivedFrom',
  SHARD_OF: 'shardOf',
  SUPERSEDES: 'supersedes',
} as const;

const hours = (minutes: number | null): number | null => (minutes === null ? null : minutes / 60);
const status = (state: WorkItemState): WorkItemStatus => shown(state);
const route = (name: Route): ProcessRoute => shown(name);

export const showItem = (item: WorkItem): ShownItem => ({
  __typename: 'WorkItem',
  item,
  caseId: item.caseId,
  version: item.version,
  projectId: item.projectId,
  kind: shown(item.kind),
  parentId: item.parentId,
  estimatedHours: hours(item.estimatedMinutes),
  status: status(item.status),
  templateId: item.templateId,
  templateVersion: item.templateVersion,
  changedBy: item.changedBy,
  changedAt: item.changedAt,
});

export const showRoute = (record: RouteRecord): SdlRouteRecord => ({
  __typename: 'RouteRecord',
  caseId: record.caseId,
  version: record.version,
  event: shown(record.event),
  route: route(record.route),
  reasonCode: record.reasonCode,
  estimatedHours: hours(record.estimatedMinutes),
  stories: record.stories,
  policyDigest: record.policyDigest,
  recordedBy: record.recordedBy,
  recordedAt: record.recordedAt,
});

export const showTemplate = (template: Template): SdlTemplate => ({
  __typename: 'ProcessTemplate',
  templateId: template.templateId,
  version: template.version,
  title: { ...template.title },
  activities: template.activities.map(showActivity),
  publishedBy: template.publishedBy,
  publishedAt: template.publishedAt,
});

const showActivity = ({ skips, ...activity }: Activity): SdlActivity => ({
  ...activity,
  needs: [...activity.needs],
  makes: [...activity.makes],
  gates: [...activity.gates],
  skips: skips.map((skip) => ({ route: route(skip.route), controls: [...skip.controls] })),
});

const refOf = ({ artId, kind }: ArtefactRefInput): ArtefactRef => ({
  artId: artId ?? null,
  kind: kind ?? null,
});

export const activityOf = (input: ActivityInput): Activity => ({
  actId: input.actId,
  title: { en: input.title.en, nl: input.title.nl },
  role: input.role,
  needs: (input.needs ?? []).map(refOf),
  makes: (input.makes ?? []).map(refOf),
  gates: (input.gates ?? []).map(({ gateId, on }) => ({ gateId, on: refOf(on) })),
  skips: (input.skips ?? []).map((skip) => ({
    route: ours(skip.route),
    controls: skip.controls.map(({ gateId, on, ruleId }) => ({
      ...{ gateId, on: refOf(on), ruleId: ruleId ?? null },
    })),
  })),
});

export const showStep = (step: Step): SdlStep => ({
  __typename: 'ProcessStep',
  caseId: step.caseId,
  ordinal: step.ordinal,
  actId: step.actId,
  event: shown(step.event),
  role: step.role,
  artefacts: step.artefacts.map((artefact) => ({ ...artefact })),
  agent: step.agent && { ...step.agent },
  actorId: step.actorId,
  at: step.at,
});

export const showCriterion = (criterion: Criterion): ShownCriterion => ({
  __typename: 'AcceptanceCriterion',
  criterion,
  caseId: criterion.caseId,
  criterionId: criterion.criterionId,
  version: criterion.version,
  testIds: [...criterion.testIds],
  withdrawn: criterion.withdrawn,
  changedBy: criterion.changedBy,
  changedAt: criterion.changedAt,
});

export const showRole = (change: RoleChange): ProcessRoleHolder => ({
  __typename: 'ProcessRoleHolder',
  role: change.role,
  principalId: change.holderId,
  assigned: change.assigned,
  changedBy: change.changedBy,
  changedAt: change.changedAt,
});

export const showRelation = (relation: Relation): SdlRelation => ({
  __typename: 'ArtefactRelation',
  from: { artId: relation.fromArtId, digest: relation.fromDigest },
  relation: RELATION_NAMES[relation.relation],
  to: { artId: relation.toArtId, digest: relation.toDigest },
  statedBy: relation.statedBy,
  statedAt: relation.statedAt,
});

export const showFix = (record: FixTaskRecord): ShownFix => ({
  __typename: 'FixTask',
  record,
  fixTaskId: record.task.fixId,
  status: status(record.item.status),
  version: record.item.version,
  projectId: record.task.projectId,
  caseId: record.task.caseId,
  actId: record.task.actId,
  gateId: record.task.gateId,
  runId: record.task.runId,
  artId: record.task.artId,
  artefactDigest: record.task.artefactDigest,
  reasonCode: record.task.reasonCode,
  remediation: shown(record.task.remediation),
  openedBy: record.task.openedBy,
  openedAt: record.task.openedAt,
});

const said = ({ code, params }: Deviation) => message(CONFORMANCE_MESSAGES, code, params);

export const showConformance = (judged: CaseConformance): SdlConformance => ({
  __typename: 'CaseConformance',
  caseId: judged.item.caseId,
  templateId: judged.templateId,
  templateVersion: judged.templateVersion,
  route: route(judged.route),
  conformant: judged.conformant,
  activities: judged.activities.map(({ actId, state, deviations, controls }) => ({
    ...{ actId, state: shown(state), conformant: deviations.length === 0 },
    deviations: deviations.map(said),
    controls: controls.map((control) => ({ ...control })),
  })),
  deviations: judged.deviations.map(said),
});

/** A problem as its union shows it: what it carries of ours is shown as ours is. */
export function showProblem(problem: ProcessProblem): object {
  const base = present(problem, PROCESS_MESSAGES);
  switch (problem.kind) {
    case 'WorkItemStale':
      return { ...base, theirs: problem.theirs && showItem(problem.theirs), yours: showItem(problem.yours) };
    case 'CriterionStale': {
      const { theirs, yours } = problem;
      return { ...base, theirs: theirs && showCriterion(theirs), yours: showCriterion(yours) };
    }
    case 'TemplateStale':
      return {
        ...base,
        theirs: problem.theirs && showTemplate(problem.theirs),
        yours: showTemplate(problem.yours),
      };
    case 'CaseClosed':
    case 'FixTaskClosed':
      return { ...base, status: status(problem.status) };
    default:
      return base;
  }
}

export const answer = <T, A extends object>(result: Result<T, ProcessProblem>, show: (value: T) => A): A =>
  result.ok ? show(result.value) : (showProblem(result.problem) as A);

export const pageOf = ({ first, after }: PageArguments): PageRequest => ({
  first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
  ...(after == null ? {} : { after }),
});

export interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

export function connection<T, A>(
  listed: Result<Page<T>, InvalidCursor>,
  show: (item: T) => A,
): { nodes: A[]; totalCount: number; pageInfo: { endCursor: string | null; hasNextPage: boolean } } {
  if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
  const { items, totalCount, endCursor, hasNextPage } = listed.value;
  return { nodes: items.map(show), totalCount, pageInfo: { endCursor, hasNextPage } };
}
