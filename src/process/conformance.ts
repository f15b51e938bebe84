import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { heldRole, type RoleChange } from './process-role.js';
import { isRef, type Step, type StepArtefact } from './step.js';
import type { Activity, ArtefactRef, Control, GateNeed } from './template.js';
import type { Route } from './work-item.js';

/** One recorded decision, as far as the process asks. */
export interface GateResult {
  readonly gateId: string;
  readonly artId: string;
  readonly digest: Digest;
  readonly decidedAt: Instant;
  readonly verdict: string;
  /** PASS or PASS_WITH_WAIVERS. */
  readonly passed: boolean;
  /** `CHK_X@3`, as it judged. */
  readonly checklistVersion: string;
  /** `CHK_X@4`, as the gate would judge now; null when nothing is in force. */
  readonly inForce: string | null;
  /** Outcome of each rule. */
  readonly rules: Readonly<Record<string, string>>;
}

export interface MadeArtefact extends StepArtefact {
  readonly at: Instant;
}

/** All that conformance depends on. Equal facts give equal answers. */
export interface CaseFacts {
  readonly activities: readonly Activity[];
  /** In the order in which they were recorded. */
  readonly steps: readonly Step[];
  /** What activities of the cases above made, oldest first. */
  readonly inherited: readonly MadeArtefact[];
  /** Those about one version in the order of the ledger. */
  readonly results: readonly GateResult[];
  readonly roles: readonly RoleChange[];
  readonly route: Route;
  /** What the policy says the route should be: `unknown` when it could not be asked. */
  readonly routeStanding: 'fits' | 'outgrown' | 'unknown';
  /** Whether the case is done: then nothing is still to come. */
  readonly closed: boolean;
}

export type ConformanceCode =
  | 'wrong-order'
  | 'missing-artefact'
  | 'missing-gate'
  | 'failed-gate'
  | 'drifted-checklist'
  | 'wrong-role'
  | 'role-not-held'
  | 'not-started'
  | 'not-finished'
  | 'activity-missing'
  | 'skipped-without-control'
  | 'not-in-template'
  | 'route-outgrown'
  | 'route-unknown';

export interface Deviation {
  readonly code: ConformanceCode;
  readonly params: JsonObject;
}

export interface ActivityConformance {
  readonly actId: string;
  readonly state: 'pending' | 'running' | 'finished' | 'skipped';
  readonly deviations: readonly Deviation[];
  /** Where it was skipped: what held instead. */
  readonly controls: readonly Control[];
}

export interface Conformance {
  readonly conformant: boolean;
  readonly activities: readonly ActivityConformance[];
  /** Of the case as a whole. */
  readonly deviations: readonly Deviation[];
}

/** The attempt at an activity that counts: the latest. */
interface Attempt {
  /** Null where it was finished without ever being started. */
  readonly start: Step | null;
  readonly finish: Step | null;
}

const found = (code: ConformanceCode, params: JsonObject = {}): Deviation => ({ code, params });
const refParams = ({ artId, kind }: ArtefactRef): JsonObject => (artId === null ? { kind } : { artId });
const needParams = ({ gateId, on }: GateNeed): JsonObject => ({ gateId, ...refParams(on) });

/**
 * Holds what was done on a case against its template, activity by activity. Nobody declares a step conformant: it is
 * computed, from what was recorded alone.
 */
export function conformanceOf(facts: CaseFacts): Conformance {
  const { activities, steps, routeStanding } = facts;
  const known = new Set(activities.map(({ actId }) => actId));
  const strangers = new Set(steps.map(({ actId }) => actId).filter((actId) => !known.has(actId)));
  const judged: ActivityConformance[] = [];
  for (const [place, activity] of activities.entries())
    judged.push(judgeActivity(facts, activity, place, judged));
  const deviations = [
    ...[...strangers].map((actId) => found('not-in-template', { actId })),
    ...(routeStanding === 'outgrown' ? [found('route-outgrown', { route: facts.route })] : []),
    ...(routeStanding === 'unknown' ? [found('route-unknown', { route: facts.route })] : []),
  ];
  const conformant = deviations.length === 0 && judged.every((each) => each.deviations.length === 0);
  return { conformant, activities: judged, deviations };
}

function judgeActivity(
  facts: CaseFacts,
  activity: Activity,
  place: number,
  earlier: readonly ActivityConformance[],
): ActivityConformance {
  const { actId } = activity;
  const attempt = latestAttempt(facts.steps, actId);
  if (!attempt) return judgeUntouched(facts, activity, place);
  const { start, finish } = attempt;
  const deviations = [
    ...(start ? [] : [found('not-started')]),
    ...(finish === null && facts.closed ? [found('not-finished')] : []),
    ...roleDeviations(facts, activity, attempt),
    ...orderDeviations(facts, place, attempt),
    ...artefactDeviations(facts, activity, attempt, earlier),
    ...gateDeviations(facts, activity, attempt),
  ];
  return { actId, state: finish ? 'finished' : 'running', deviations, controls: [] };
}

/** Nothing was done of it. Whether that is a skip or a hole shows once something later was done. */
function judgeUntouched(facts: CaseFacts, { actId, skips }: Activity, place: number): ActivityConformance {
  const later = new Set(facts.activities.slice(place + 1).map((activity) => activity.actId));
  const due = facts.closed || facts.steps.some((step) => later.has(step.actId));
  if (!due) return { actId, state: 'pending', deviations: [], controls: [] };
  const skip = skips.find(({ route }) => route === facts.route);
  if (!skip)
    return {
      ...{ actId, state: 'pending', controls: [] },
      deviations: [found('activity-missing', { route: facts.route })],
    };
  const failing = skip.controls.filter((control) => !controlHolds(facts, control));
  return {
    ...{ actId, state: 'skipped' },
    deviations: failing.map((control) =>
      found('skipped-without-control', {
        ...needParams(control),
        ...(control.ruleId !== null && { ruleId: control.ruleId }),
      }),
    ),
    controls: skip.controls.filter((control) => !failing.includes(control)),
  };
}

/** On the newest version there is, by the newest decision about it. What was never judged does not hold. */
function controlHolds(facts: CaseFacts, { gateId, on, ruleId }: Control): boolean {
  const version = madeBefore(facts, null).findLast((made) => isRef(on, made));
  const result = version && facts.results.findLast((each) => isAbout(each, gateId, version));
  if (!result) return false;
  return ruleId === null ? result.passed : ['PASS', 'WAIVED'].includes(result.rules[ruleId] ?? '');
}

function latestAttempt(steps: readonly Step[], actId: string): Attempt | undefined {
  const own = steps.filter((step) => step.actId === actId);
  if (own.length === 0) return undefined;
  const start = own.findLast(({ event }) => event === 'started') ?? null;
  const after = start?.ordinal ?? 0;
  const finish = own.find(({ event, ordinal }) => event === 'finished' && ordinal > after) ?? null;
  return { start, finish };
}

const beginning = ({ start, finish }: Attempt): Step | null => start ?? finish;

function roleDeviations(facts: CaseFacts, { role }: Activity, { start, finish }: Attempt): Deviation[] {
  const steps = [start, finish].filter((step) => step !== null);
  const wrong = steps.find((step) => step.role !== role);
  if (wrong) return [found('wrong-role', { expected: role, given: wrong.role })];
  const holds = (step: Step): boolean => heldRole(facts.roles, { role, holderId: step.actorId, at: step.at });
  return steps.every(holds) ? [] : [found('role-not-held', { role })];
}

/** Everything that comes before it and was begun at all must have been finished before it began. */
function orderDeviations(facts: CaseFacts, place: number, attempt: Attempt): Deviation[] {
  const begun = beginning(attempt)?.ordinal ?? 0;
  return facts.activities.slice(0, place).flatMap(({ actId }) => {
    const own = facts.steps.filter((step) => step.actId === actId);
    const inTime = own.some(({ event, ordinal }) => event === 'finished' && ordinal < begun);
    return own.length === 0 || inTime ? [] : [found('wrong-order', { before: actId })];
  });
}

function artefactDeviations(
  facts: CaseFacts,
  { needs, makes }: Activity,
  attempt: Attempt,
  earlier: readonly ActivityConformance[],
): Deviation[] {
  const there = madeBefore(facts, beginning(attempt));
  const excused = (ref: ArtefactRef): boolean =>
    facts.activities.some(
      ({ makes: made }, at) =>
        earlier[at]?.state === 'skipped' &&
        earlier[at].deviations.length === 0 &&
        made.some((each) => each.artId === ref.artId && each.kind === ref.kind),
    );
  const lacking = needs.filter((ref) => !there.some((made) => isRef(ref, made)) && !excused(ref));
  const made = attempt.finish?.artefacts;
  const unmade = made ? makes.filter((ref) => !made.some((each) => isRef(ref, each))) : [];
  return [
    ...lacking.map((ref) => found('missing-artefact', { use: 'needs', ...refParams(ref) })),
    ...unmade.map((ref) => found('missing-artefact', { use: 'makes', ...refParams(ref) })),
  ];
}

/** A gate counts as it stood when the activity began, and as long as the case is open it must not have drifted since. */
function gateDeviations(facts: CaseFacts, { gates }: Activity, attempt: Attempt): Deviation[] {
  const begun = beginning(attempt);
  const there = madeBefore(facts, begun);
  return gates.flatMap((gate) => {
    const version = there.findLast((made) => isRef(gate.on, made));
    if (!version || !begun) return []; // what is missing is said of the artefact
    const about = facts.results.filter((result) => isAbout(result, gate.gateId, version));
    const counted = about.findLast(({ decidedAt }) => decidedAt <= begun.at);
    const newest = about.at(-1);
    if (!counted) return [found('missing-gate', needParams(gate))];
    const drifted = !facts.closed && newest !== undefined && newest.checklistVersion !== newest.inForce;
    return [
      ...(counted.passed ? [] : [found('failed-gate', { ...needParams(gate), verdict: counted.verdict })]),
      ...(drifted
        ? [
            found('drifted-checklist', {
              ...{ gateId: gate.gateId, used: newest.checklistVersion, inForce: newest.inForce },
            }),
          ]
        : []),
    ];
  });
}

const isAbout = (result: GateResult, gateId: string, { artId, digest }: MadeArtefact): boolean =>
  result.gateId === gateId && result.artId === artId && result.digest === digest;

/** What there was before a step, oldest first: from the cases above, then from this one. Null: by now. */
function madeBefore({ inherited, steps }: CaseFacts, step: Step | null): readonly MadeArtefact[] {
  const own = steps
    .filter(({ event, ordinal }) => event === 'finished' && (step === null || ordinal < step.ordinal))
    .flatMap(({ artefacts, at }) => artefacts.map((artefact) => ({ ...artefact, at })));
  return [...inherited.filter(({ at }) => step === null || at <= step.at), ...own];
}
