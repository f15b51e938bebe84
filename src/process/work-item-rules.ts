import { contextFault } from '../kernel/process-context.js';
import { parseHumanId } from '../kernel/id.js';
import { invalid, type InvalidInput } from './invalid-input.js';
import { FIX_PREFIX } from './fix-task.js';
import type { WorkItemKind, WorkItemState } from './work-item.js';

/** Longer than that is no estimate. */
const MAX_HOURS = 10_000;
const MAX_TITLE = 200;

/** From what to what; nothing else. A story that is done may be reopened: that is a remediation. */
const MOVES: Readonly<Record<WorkItemState, readonly WorkItemState[]>> = {
  planned: ['planned', 'active', 'cancelled'],
  active: ['active', 'planned', 'done', 'cancelled'],
  done: ['done', 'active'],
  cancelled: ['cancelled', 'planned'],
};

/** `before` is undefined for a new work item: it is planned, or already under way. */
export function moveFault(before: WorkItemState | undefined, after: WorkItemState): InvalidInput | undefined {
  const allowed: readonly WorkItemState[] = before === undefined ? ['planned', 'active'] : MOVES[before];
  return allowed.includes(after) ? undefined : invalid('input.status', allowed.join(' or '));
}

interface Sent {
  readonly caseId: string;
  readonly kind: WorkItemKind;
  readonly parentId?: string;
  readonly title: string;
  readonly estimatedHours?: number;
  readonly templateId?: string;
  readonly templateVersion?: number;
}

export function workItemFault(sent: Sent): InvalidInput | undefined {
  const { caseId, kind, parentId, title, estimatedHours: hours, templateId, templateVersion } = sent;
  const badCase = contextFault({ caseId });
  if (badCase) return invalid('input.caseId', badCase.expected);
  if (caseId.startsWith(FIX_PREFIX))
    return invalid('input.caseId', `an id that does not begin with ${FIX_PREFIX}: those are of fix tasks`);
  if (kind === 'fix')
    return invalid('input.kind', 'project, feature or story: a fix is opened as a fix task');
  if (kind === 'project' && parentId !== undefined)
    return invalid('input.parentId', 'none: a project stands at the top');
  if (title.trim() === '' || title.length > MAX_TITLE)
    return invalid('input.title', `1 to ${String(MAX_TITLE)} characters`);
  if (hours !== undefined && !isDuration(hours))
    return invalid('input.estimatedHours', `more than 0, at most ${String(MAX_HOURS)}, in whole minutes`);
  if (templateVersion !== undefined && templateId === undefined)
    return invalid('input.templateId', 'the template whose version is given');
  const template = templateId === undefined ? undefined : parseHumanId('TMP', templateId);
  return template?.ok === false ? invalid('input.templateId', template.problem.expected) : undefined;
}

const isDuration = (hours: number): boolean => {
  const minutes = minutesOf(hours);
  return minutes > 0 && hours <= MAX_HOURS && Math.abs(hours * 60 - minutes) < 1e-6;
};

/** Fractions of an hour have no exact binary form; minutes do. */
export const minutesOf = (hours: number): number => Math.round(hours * 60);
