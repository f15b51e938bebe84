import type { Instant } from '../kernel/clock.js';
import { parseHumanId } from '../kernel/id.js';
import { invalid, type InvalidInput } from './invalid-input.js';
import type { RecordTable } from './record-table.js';
import { ROUTES, type Route } from './work-item.js';

/** An artefact by its id, or by its kind (`PRD`, `ARCHITECTURE`): exactly one is not null. */
export interface ArtefactRef {
  readonly artId: string | null;
  readonly kind: string | null;
}

/** A gate that must have passed what `on` names. */
export interface GateNeed {
  readonly gateId: string;
  readonly on: ArtefactRef;
}

/** What must hold where an activity is skipped: a gate, or one rule of what a gate judges with. */
export interface Control extends GateNeed {
  readonly ruleId: string | null;
}

export interface Skip {
  readonly route: Route;
  readonly controls: readonly Control[];
}

/** One activity (ACT_*) of a template, in its place. */
export interface Activity {
  readonly actId: string;
  readonly title: { readonly en: string; readonly nl: string };
  /** Process role that acts. */
  readonly role: string;
  /** What must be made before it starts. */
  readonly needs: readonly ArtefactRef[];
  /** What it must have made when it is finished. */
  readonly makes: readonly ArtefactRef[];
  /** What must have passed before it starts; `on` is one of `needs`. */
  readonly gates: readonly GateNeed[];
  /** On which routes it may be left out, and what must hold instead. */
  readonly skips: readonly Skip[];
}

/** One version of a process template (TMP_*). Immutable. */
export interface Template {
  readonly orgId: string;
  readonly templateId: string;
  readonly version: number;
  readonly title: { readonly en: string; readonly nl: string };
  readonly activities: readonly Activity[];
  /** Null is the system. */
  readonly publishedBy: string | null;
  readonly publishedAt: Instant;
}

export const TEMPLATES: RecordTable<Template> = {
  table: 'process_template',
  columns: {
    orgId: 'uuid',
    templateId: 'text',
    version: 'integer',
    title: 'json',
    activities: 'json',
    publishedBy: 'uuid',
    publishedAt: 'instant',
  },
  subject: ({ templateId, version }) => `template/${templateId}@${String(version)}`,
};

const MAX_ACTIVITIES = 100;
const MAX_LIST = 20;
const MAX_TITLE = 200;
export const PROCESS_ROLE = /^[A-Z][A-Z0-9_]{0,31}$/;
export const ARTEFACT_KIND = /^[A-Z][A-Z0-9_-]{0,63}$/;
const RULE_ID = /^[a-z][a-z0-9-]{0,63}$/;

const sameRef = (a: ArtefactRef, b: ArtefactRef): boolean => a.artId === b.artId && a.kind === b.kind;

/** What is wrong with a template as it was sent, and where; undefined when nothing is. */
export function templateFault({
  templateId,
  title,
  activities,
}: Pick<Template, 'templateId' | 'title' | 'activities'>): InvalidInput | undefined {
  const id = parseHumanId('TMP', templateId);
  if (!id.ok) return invalid('input.templateId', id.problem.expected);
  if (activities.length < 1 || activities.length > MAX_ACTIVITIES)
    return invalid('input.activities', `1 to ${String(MAX_ACTIVITIES)} activities`);
  const twice = activities.findIndex(({ actId }, at) => activities.findIndex((a) => a.actId === actId) < at);
  if (twice >= 0) return invalid(`input.activities.${String(twice)}.actId`, 'each activity once');
  return (
    titleFault(title, 'input.title') ??
    firstOf(activities, (activity, at) => activityFault(activity, `input.activities.${String(at)}`))
  );
}

function activityFault(activity: Activity, path: string): InvalidInput | undefined {
  const { actId, title, role, needs, makes, gates, skips } = activity;
  const id = parseHumanId('ACT', actId);
  if (!id.ok) return invalid(`${path}.actId`, id.problem.expected);
  if (!PROCESS_ROLE.test(role)) return invalid(`${path}.role`, 'a process role such as QA');
  if ([needs, makes, gates, skips].some((list) => list.length > MAX_LIST))
    return invalid(path, `at most ${String(MAX_LIST)} members in each list`);
  return (
    titleFault(title, `${path}.title`) ??
    firstOf(needs, (ref, at) => refFault(ref, `${path}.needs.${String(at)}`)) ??
    firstOf(makes, (ref, at) => refFault(ref, `${path}.makes.${String(at)}`)) ??
    firstOf(gates, (gate, at) => gateFault(gate, needs, `${path}.gates.${String(at)}`)) ??
    firstOf(skips, (skip, at) => skipFault(skip, skips, `${path}.skips.${String(at)}`))
  );
}

function gateFault(gate: GateNeed, needs: readonly ArtefactRef[], path: string): InvalidInput | undefined {
  const fault = needFault(gate, path);
  if (fault) return fault;
  // A gate on something the activity does not need would ask for it by the back door.
  return needs.some((ref) => sameRef(ref, gate.on))
    ? undefined
    : invalid(`${path}.on`, 'one of the artefacts that the activity needs');
}

/** Without a compensating control a fast path would be a hole. */
function skipFault({ route, controls }: Skip, all: readonly Skip[], path: string): InvalidInput | undefined {
  if (route === 'standard') return invalid(`${path}.route`, ROUTES.slice(1).join(' or '));
  if (all.filter((skip) => skip.route === route).length > 1)
    return invalid(`${path}.route`, 'each route once');
  if (controls.length < 1 || controls.length > MAX_LIST)
    return invalid(`${path}.controls`, `1 to ${String(MAX_LIST)} compensating controls`);
  return firstOf(controls, (control, at) => {
    const where = `${path}.controls.${String(at)}`;
    const wrongRule = control.ruleId !== null && !RULE_ID.test(control.ruleId);
    return wrongRule ? invalid(`${where}.ruleId`, 'the id of a rule') : needFault(control, where);
  });
}

function needFault({ gateId, on }: GateNeed, path: string): InvalidInput | undefined {
  const id = parseHumanId('GATE', gateId);
  return id.ok ? refFault(on, `${path}.on`) : invalid(`${path}.gateId`, id.problem.expected);
}

function refFault({ artId, kind }: ArtefactRef, path: string): InvalidInput | undefined {
  if ((artId === null) === (kind === null)) return invalid(path, 'either an artefact id or a kind');
  if (artId !== null) {
    const id = parseHumanId('ART', artId);
    return id.ok ? undefined : invalid(`${path}.artId`, id.problem.expected);
  }
  return kind !== null && ARTEFACT_KIND.test(kind)
    ? undefined
    : invalid(`${path}.kind`, 'a kind of artefact such as PRD');
}

function titleFault({ en, nl }: Template['title'], path: string): InvalidInput | undefined {
  const bad = [en, nl].some((text) => text.trim() === '' || text.length > MAX_TITLE);
  return bad ? invalid(path, `1 to ${String(MAX_TITLE)} characters in each language`) : undefined;
}

function firstOf<T>(
  list: readonly T[],
  faultOf: (item: T, at: number) => InvalidInput | undefined,
): InvalidInput | undefined {
  for (const [at, item] of list.entries()) {
    const fault = faultOf(item, at);
    if (fault) return fault;
  }
  return undefined;
}
