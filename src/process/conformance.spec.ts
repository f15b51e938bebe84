import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../kernel/canonical-json.js';
import { sha256, type Digest } from '../kernel/digest.js';
import { conformanceOf, type CaseFacts, type Conformance, type GateResult } from './conformance.js';
import type { Step } from './step.js';
import type { Activity, ArtefactRef } from './template.js';

/** Few of everything, so that what is drawn meets. */
const ACTS = ['ACT_A', 'ACT_B', 'ACT_C'];
const ROLES = ['PO', 'DEV'];
const KINDS = ['SPEC', 'BUILD'];
const GATES = ['GATE_X', 'GATE_Y'];
const DIGESTS: Digest[] = [sha256('1'), sha256('2')];
const ORG = 'o';

const ref = fc.oneof(
  fc.constantFrom(...KINDS).map((kind): ArtefactRef => ({ artId: null, kind })),
  fc.constant<ArtefactRef>({ artId: 'ART_1', kind: null }),
);
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });
const activityOf = (actId: string): fc.Arbitrary<Activity> =>
  fc
    .record({
      role: fc.constantFrom(...ROLES),
      needs: some(ref),
      makes: some(ref),
      gateIds: some(fc.constantFrom(...GATES)),
      skips: fc.option(
        fc.array(
          fc.record({
            gateId: fc.constantFrom(...GATES),
            on: ref,
            ruleId: fc.constantFrom(null, 'rule-1'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        { nil: null },
      ),
    })
    .map(({ gateIds, skips, ...rest }) => ({
      ...rest,
      actId,
      title: { en: actId, nl: actId },
      gates: rest.needs[0] ? gateIds.map((gateId) => ({ gateId, on: rest.needs[0]! })) : [],
      skips: skips ? [{ route: 'single-story' as const, controls: skips }] : [],
    }));

const stepArtefact = fc.record({
  artId: fc.constantFrom('ART_1', 'ART_2'),
  digest: fc.constantFrom(...DIGESTS),
  kind: fc.constantFrom(null, ...KINDS),
});
const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      actId: fc.constantFrom(...ACTS, ...ACTS, ...ACTS, 'ACT_STRANGER'),
      event: fc.constantFrom('started' as const, 'finished' as const),
      role: fc.constantFrom(null, ...ROLES, ...ROLES),
      artefacts: fc.array(stepArtefact, { maxLength: 2 }),
      actorId: fc.constantFrom('p', 'q'),
      wait: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 8 },
  )
  .map((drawn) => {
    let at = 10;
    return drawn.map(({ wait, artefacts, ...step }, place) => ({
      ...step,
      ...{ orgId: ORG, caseId: 'C', ordinal: place + 1, agent: null, at: (at += wait) },
      artefacts: step.event === 'finished' ? artefacts : [],
    }));
  });

const results: fc.Arbitrary<GateResult[]> = fc
  .array(
    fc.record({
      gateId: fc.constantFrom(...GATES),
      artId: fc.constantFrom('ART_1', 'ART_2'),
      digest: fc.constantFrom(...DIGESTS),
      decidedAt: fc.integer({ min: 5, max: 25 }),
      verdict: fc.constantFrom('PASS', 'PASS_WITH_WAIVERS', 'FAIL', 'INDETERMINATE', 'ERROR'),
      checklistVersion: fc.constantFrom('CHK@1', 'CHK@2'),
      inForce: fc.constantFrom('CHK@2', 'CHK@2', null),
      rules: fc.constantFrom<Record<string, string>>({}, { 'rule-1': 'PASS' }, { 'rule-1': 'FAIL' }),
    }),
    { maxLength: 8 },
  )
  .map((drawn) =>
    drawn
      .map((result) => ({ ...result, passed: result.verdict.startsWith('PASS') }))
      .sort((a, b) => a.decidedAt - b.decidedAt),
  );

const facts: fc.Arbitrary<CaseFacts> = fc.record({
  activities: fc.tuple(...ACTS.map(activityOf)),
  steps,
  inherited: fc
    .array(fc.tuple(stepArtefact, fc.integer({ min: 0, max: 25 })), { maxLength: 2 })
    .map((made) => made.map(([artefact, at]) => ({ ...artefact, at })).sort((a, b) => a.at - b.at)),
  results,
  roles: fc
    .array(
      fc.record({
        role: fc.constantFrom(...ROLES),
        holderId: fc.constantFrom('p', 'q'),
        assigned: fc.boolean(),
        changedAt: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 6 },
    )
    .map((drawn) =>
      drawn
        .sort((a, b) => a.changedAt - b.changedAt)
        .map((change, place) => ({
          ...{ ...change, orgId: ORG, projectId: 'x', version: place + 1, changedBy: null },
        })),
    ),
  route: fc.constantFrom('standard' as const, 'single-story' as const),
  routeStanding: fc.constantFrom('fits' as const, 'fits' as const, 'outgrown' as const, 'unknown' as const),
  closed: fc.boolean(),
});

const key = ({ artId, kind }: ArtefactRef): string => artId ?? `kind ${String(kind)}`;
const fits = (wanted: ArtefactRef, made: { artId: string; kind: string | null }): boolean =>
  key(wanted) === made.artId || key(wanted) === `kind ${String(made.kind)}`;

/**
 * The rules again, naively: a list of what happened, read from the front, once for every question; no state is kept
 * between two of them. Answers the codes of each activity, sorted.
 */
function naive(given: CaseFacts): Record<string, string[]> {
  const codes: Record<string, string[]> = { case: [] };
  for (const { actId } of given.steps)
    if (!ACTS.includes(actId) && !codes['case']!.includes('not-in-template'))
      codes['case']!.push('not-in-template');
  if (given.routeStanding !== 'fits') codes['case']!.push(`route-${given.routeStanding}`);
  const lawfulSkips: ArtefactRef[] = [];
  given.activities.forEach((activity, place) => {
    const own: string[] = (codes[activity.actId] = []);
    let start: Step | undefined;
    let finish: Step | undefined;
    let touched = false;
    for (const step of given.steps) {
      if (step.actId !== activity.actId) continue;
      touched = true;
      if (step.event === 'started') [start, finish] = [step, undefined];
      else finish ??= step;
    }
    // A finish before the only start belongs to no attempt; without any start the first one counts.
    if (!touched) {
      const later = given.activities.slice(place + 1).map(({ actId }) => actId);
      const due = given.closed || given.steps.some(({ actId }) => later.includes(actId));
      if (!due) return;
      const skip = activity.skips.find(({ route }) => route === given.route);
      if (!skip) own.push('activity-missing');
      for (const { gateId, on, ruleId } of skip?.controls ?? []) {
        const version = madeUntil(given, Infinity, Infinity, on);
        const said = version && saidOf(given, gateId, version, Infinity);
        const rule = ruleId === null ? said?.passed === true : said?.rules[ruleId] === 'PASS';
        if (!rule) own.push('skipped-without-control');
      }
      if (skip && own.length === 0) lawfulSkips.push(...activity.makes);
      return;
    }
    const begun = (start ?? finish)!;
    if (!start) own.push('not-started');
    if (!finish && given.closed) own.push('not-finished');
    const acting = [start, finish].filter((step) => step !== undefined);
    if (acting.some(({ role }) => role !== activity.role)) own.push('wrong-role');
    else if (acting.some((step) => !holds(given, activity.role, step))) own.push('role-not-held');
    for (const before of given.activities.slice(0, place)) {
      const all = given.steps.filter(({ actId }) => actId === before.actId);
      const done = all.filter(({ event, ordinal }) => event === 'finished' && ordinal < begun.ordinal);
      if (all.length > 0 && done.length === 0) own.push('wrong-order');
    }
    for (const need of activity.needs)
      if (
        !madeUntil(given, begun.ordinal, begun.at, need) &&
        !lawfulSkips.some((skipped) => key(skipped) === key(need))
      )
        own.push('missing-artefact');
    if (finish)
      for (const make of activity.makes)
        if (!finish.artefacts.some((made) => fits(make, made))) own.push('missing-artefact');
    for (const { gateId, on } of activity.gates) {
      const version = madeUntil(given, begun.ordinal, begun.at, on);
      if (!version) continue;
      const then = saidOf(given, gateId, version, begun.at);
      const now = saidOf(given, gateId, version, Infinity);
      if (!then) own.push('missing-gate');
      else {
        if (!['PASS', 'PASS_WITH_WAIVERS'].includes(then.verdict)) own.push('failed-gate');
        if (!given.closed && now?.checklistVersion !== now?.inForce) own.push('drifted-checklist');
      }
    }
  });
  return codes;
}

function madeUntil(given: CaseFacts, ordinal: number, at: number, wanted: ArtefactRef) {
  let newest: { artId: string; digest: Digest } | undefined;
  for (const made of given.inherited) if (made.at <= at && fits(wanted, made)) newest = made;
  for (const step of given.steps)
    if (step.event === 'finished' && step.ordinal < ordinal)
      for (const made of step.artefacts) if (fits(wanted, made)) newest = made;
  return newest;
}

function saidOf(given: CaseFacts, gateId: string, about: { artId: string; digest: Digest }, until: number) {
  let newest: GateResult | undefined;
  for (const result of given.results)
    if (
      result.gateId === gateId &&
      result.artId === about.artId &&
      result.digest === about.digest &&
      result.decidedAt <= until
    )
      newest = result;
  return newest;
}

function holds(given: CaseFacts, role: string, step: Step): boolean {
  let held = false;
  for (const change of given.roles)
    if (change.role === role && change.holderId === step.actorId && change.changedAt <= step.at)
      held = change.assigned;
  return held;
}

const sortedCodes = ({ activities, deviations }: Conformance): Record<string, string[]> => {
  const codes: Record<string, string[]> = {
    case: [...new Set(deviations.map(({ code }): string => code))].sort(),
  };
  for (const { actId, deviations: own } of activities) codes[actId] = own.map(({ code }) => code).sort();
  return codes;
};
const expected = (given: CaseFacts): Record<string, string[]> =>
  Object.fromEntries(Object.entries(naive(given)).map(([name, codes]) => [name, [...codes].sort()]));

/** 10^4 in `npm test`; 10^6 with ASSAY_TEST_LONG. */
const RUNS = process.env['ASSAY_TEST_LONG'] ? 1_000_000 : 10_000;
const SEED = Number(process.env['ASSAY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const agrees = (judge: typeof conformanceOf) =>
  fc.check(
    fc.property(facts, (given) => {
      const judged = judge(given);
      const codes = expected(given);
      const clean = Object.values(codes).every((each) => each.length === 0);
      // Compared as text: an expectation for each of so many histories takes ten times as long.
      return canonicalJson(sortedCodes(judged)) === canonicalJson(codes) && judged.conformant === clean;
    }),
    { numRuns: RUNS, seed: SEED },
  );

describe('conformance', () => {
  it('is what a naive reading of the rules gives, over random histories', () => {
    const outcome = agrees(conformanceOf);
    console.log(`conformance: ${String(outcome.numRuns)} histories, seed ${String(outcome.seed)}`);
    expect(fc.defaultReportMessage(outcome) ?? '').toBe('');
  }, 120_000);

  const planted: Readonly<Record<string, (given: CaseFacts) => CaseFacts>> = {
    'a gate counts that spoke after the step began': (given) => ({
      ...given,
      results: given.results.map((result) => ({ ...result, decidedAt: 0 })),
    }),
    'roles are never asked': (given) => ({
      ...given,
      roles: given.steps.flatMap(({ role, actorId }) =>
        role === null
          ? []
          : [
              {
                ...{ orgId: ORG, projectId: 'x', role, holderId: actorId, version: 99, assigned: true },
                ...{ changedBy: null, changedAt: 0 },
              },
            ],
      ),
    }),
    'a skip needs no control': (given) => ({
      ...given,
      activities: given.activities.map((activity) => ({
        ...activity,
        skips: activity.skips.map((skip) => ({ ...skip, controls: [] })),
      })),
    }),
    'a grown story stays fast': (given) => ({ ...given, routeStanding: 'fits' }),
    'an artefact counts that was made later': (given) => ({
      ...given,
      inherited: [
        ...given.inherited,
        ...given.steps.flatMap(({ artefacts }) => artefacts.map((made) => ({ ...made, at: 0 }))),
      ],
    }),
  };

  it.each(Object.keys(planted))('is found out by that comparison when %s', (name) => {
    const outcome = agrees((given) => conformanceOf(planted[name]!(given)));
    expect(outcome.failed).toBe(true);
  });

  it('names the histories it could meet: every code occurs in three thousand of them', () => {
    const seen = new Set<string>();
    for (const given of fc.sample(facts, { numRuns: 3_000, seed: 7 }))
      for (const code of Object.values(sortedCodes(conformanceOf(given))).flat()) seen.add(code);
    expect([...seen].sort()).toEqual([
      ...['activity-missing', 'drifted-checklist', 'failed-gate', 'missing-artefact', 'missing-gate'],
      ...['not-finished', 'not-in-template', 'not-started', 'role-not-held', 'route-outgrown'],
      ...['route-unknown', 'skipped-without-control', 'wrong-order', 'wrong-role'],
    ]);
  });
});
