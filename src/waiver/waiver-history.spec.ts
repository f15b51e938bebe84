import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestFrom } from '../kernel/digest.js';
import { approve, refuse, revoke } from './approve.js';
import { excuses, type Excusable, type WaiverContext } from './match.js';
import type { WaiverSelector } from './selector.js';
import { SEVERITIES, type Severity } from './severity.js';
import { stateOf, type WaiverRecord, type WaiverState } from './waiver.js';

// Random histories of a waiver, judged twice: by the code, and by a model that walks the event log step by
// step and shares no line with it. ASSAY_LONG=1 runs a million.
const RUNS = process.env['ASSAY_LONG'] === '1' ? 1_000_000 : 10_000;
const SEED = Number(process.env['ASSAY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const PEOPLE = ['rita', 'ann', 'bob', 'zed'];
const DIGESTS = ['1', '2'].map((digit) => digestFrom(`sha256:${digit.repeat(64)}`));
/** Few instants, so that ends, beginnings and questions often fall on the same one. */
const instant = fc.integer({ min: 0, max: 12 });
const person = fc.constantFrom(...PEOPLE, 'ann', 'bob');
/** Usually the first, so that a history has a chance to end in an excuse. */
const mostly = <T>(likely: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(likely) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

type Step = {
  readonly at: number;
  readonly by: string;
  readonly what: 'approve' | 'refuse' | 'revoke' | 'forge';
};
interface History {
  readonly selectors: readonly WaiverSelector[];
  readonly severity: Severity;
  readonly from: number;
  readonly length: number;
  readonly required: number;
  readonly steps: readonly Step[];
  readonly violation: Excusable;
  readonly authorId: string | null;
  readonly digest: number;
  readonly asOf: number;
}

const selector: fc.Arbitrary<WaiverSelector> = fc.oneof(
  fc.record({ type: fc.constant('gate' as const), gateId: mostly('GATE_A', 'GATE_B') }),
  fc.record({ type: fc.constant('rule' as const), ruleId: mostly('r1', 'r2') }),
  fc.record(
    {
      type: fc.constant('finding' as const),
      scheme: fc.constant('s'),
      value: mostly('v', 'w'),
      occurrence: fc.integer({ min: 0, max: 1 }),
    },
    { requiredKeys: ['type', 'scheme', 'value'] },
  ),
  fc.record(
    {
      type: fc.constant('artefact' as const),
      artId: mostly('ART_A', 'ART_B'),
      digest: fc.constantFrom(...DIGESTS),
    },
    { requiredKeys: ['type', 'artId'] },
  ),
  fc.record({
    type: fc.constant('path' as const),
    pattern: mostly('src/*', 'src/a', '**', 'test/**'),
  }),
  fc.record({
    type: fc.constant('component' as const),
    purl: mostly('pkg:npm/x', 'pkg:npm/x@1', 'pkg:npm/y'),
  }),
);

const history: fc.Arbitrary<History> = fc.record({
  selectors: fc
    .tuple(
      mostly<WaiverSelector[]>([{ type: 'rule', ruleId: 'r1' }], []),
      fc.array(selector, { maxLength: 2 }),
    )
    .map(([first, others]) => [...new Map([...others, ...first].map((each) => [each.type, each])).values()]),
  severity: mostly<Severity>('critical', ...SEVERITIES),
  from: fc.integer({ min: 0, max: 6 }),
  length: fc.integer({ min: 0, max: 8 }),
  required: mostly(1, 2),
  steps: fc.array(
    fc.record({
      at: instant,
      by: person,
      what: fc.constantFrom(
        'approve' as const,
        'approve' as const,
        'refuse' as const,
        'revoke' as const,
        'forge' as const,
      ),
    }),
    { maxLength: 6 },
  ),
  violation: fc.record({
    ruleId: mostly('r1', 'r2'),
    severity: fc.constantFrom(...SEVERITIES),
    path: mostly<string | null>('src/a', 'test/b', null),
    identity: fc.option(
      fc.record({
        scheme: fc.constant('s'),
        value: mostly('v', 'w'),
        occurrence: fc.integer({ min: 0, max: 1 }),
      }),
    ),
    component: mostly<string | null>('pkg:npm/x@1', 'pkg:npm/y@2', null),
  }),
  authorId: fc.option(person),
  digest: fc.integer({ min: 0, max: 1 }),
  asOf: instant,
});

const inOrder = ({ steps }: History): Step[] => [...steps].sort((a, b) => a.at - b.at);
const contextOf = ({ authorId, digest }: History): WaiverContext => ({
  orgId: 'o1',
  gateId: 'GATE_A',
  artId: 'ART_A',
  digest: DIGESTS[digest]!,
  authorId,
});

/** Lives the history through the domain's own rules; `forge` writes an approval past them, as SQL could. */
function live(given: History): WaiverRecord {
  const waiver = {
    waiverId: 'w',
    orgId: 'o1',
    selectors: given.selectors,
    severity: given.severity,
    effectiveFrom: given.from,
    effectiveUntil: given.from + given.length,
    requiredApprovals: given.required,
    requesterId: 'rita',
    requestedAt: 0,
    compensatingControl: null,
    reference: null,
    caseId: null,
  };
  let record: WaiverRecord = { waiver, approvals: [], refusal: null, revocation: null };
  for (const { at, by, what } of inOrder(given)) {
    if (what === 'refuse') {
      const refused = refuse(record, by, at);
      if (refused.ok) record = { ...record, refusal: refused.value };
    } else if (what === 'revoke') {
      const revoked = revoke(record, by, at);
      if (revoked.ok) record = { ...record, revocation: revoked.value };
    } else {
      const approved = approve(record, { principalId: by }, [], at);
      const forged = { ordinal: record.approvals.length + 1, approverId: by, at, authTime: null, amr: [] };
      if (what === 'forge') record = { ...record, approvals: [...record.approvals, forged] };
      else if (approved.ok) record = { ...record, approvals: [...record.approvals, approved.value] };
    }
  }
  return record;
}

/** The naive model: one pass over the log up to as-of, with a state that is kept and not derived. */
function naively(given: History): boolean {
  const { violation, asOf } = given;
  let state: 'open' | 'approved' | 'over' = 'open';
  const hands = new Set<string>(); // who agreed, apart from the requester
  const until = given.from + given.length;
  for (const { at, by, what } of inOrder(given)) {
    if (at > asOf) break;
    if (what === 'forge' && by !== 'rita') hands.add(by);
    if (at <= until) {
      if (what === 'approve' && state === 'open' && by !== 'rita') hands.add(by);
      if (what === 'refuse' && state === 'open') state = 'over';
      if (what === 'revoke' && state === 'approved') state = 'over';
    }
    if (state === 'open' && hands.size >= given.required) state = 'approved';
  }
  if (given.authorId !== null) hands.delete(given.authorId);
  if (state !== 'approved' || hands.size < given.required) return false;
  if (asOf < given.from || asOf > until) return false;
  const order = ['none', 'low', 'medium', 'high', 'critical'];
  const ceiling = given.severity;
  if (violation.severity === 'unknown') {
    if (ceiling !== 'unknown' && ceiling !== 'critical') return false;
  } else if (ceiling === 'unknown' || order.indexOf(violation.severity) > order.indexOf(ceiling))
    return false;
  let anchored = false;
  for (const s of given.selectors) {
    if (s.type === 'rule' || s.type === 'finding') anchored = true;
    if (s.type === 'gate' && s.gateId !== 'GATE_A') return false;
    if (s.type === 'rule' && s.ruleId !== violation.ruleId) return false;
    if (s.type === 'artefact' && s.artId !== 'ART_A') return false;
    if (s.type === 'artefact' && s.digest && s.digest !== DIGESTS[given.digest]) return false;
    if (s.type === 'finding') {
      if (violation.identity?.value !== s.value) return false;
      if (s.occurrence !== undefined && s.occurrence !== violation.identity.occurrence) return false;
    }
    if (s.type === 'path') {
      const all: Record<string, string[]> = {
        'src/a': ['src/a'],
        'src/*': ['src/a'],
        '**': ['src/a', 'test/b'],
        'test/**': ['test/b'],
      };
      if (!all[s.pattern]!.includes(violation.path ?? '')) return false;
    }
    if (s.type === 'component') {
      const all: Record<string, string> = {
        'pkg:npm/x': 'pkg:npm/x@1',
        'pkg:npm/x@1': 'pkg:npm/x@1',
        'pkg:npm/y': 'pkg:npm/y@2',
      };
      if (all[s.purl] !== violation.component) return false;
    }
  }
  return anchored;
}

type Excuses = typeof excuses;
/** Fails on the first history in which the code excuses what the model does not, or the reverse. */
const check = (excusing: Excuses, seed = SEED): fc.RunDetails<[History]> =>
  fc.check(
    fc.property(
      history,
      (given) => excusing(live(given), given.violation, contextOf(given), given.asOf) === naively(given),
    ),
    { numRuns: RUNS, seed },
  );

describe(`over ${RUNS} random histories (seed ${SEED})`, () => {
  it('no expired, revoked, refused, out-of-scope or self-approved waiver excuses anything', () => {
    const found = check(excuses);
    expect(found.counterexample).toBeNull();
    expect(found.numRuns).toBe(RUNS);
  });

  it('enough of them are excused for that to mean something', () => {
    const excused = fc.sample(history, { numRuns: 10_000, seed: SEED }).filter(naively).length;
    expect(excused).toBeGreaterThan(200);
  });

  // Each of these is what a hurried change would do to `excuses`; none may survive.
  it.each<[string, Excuses]>([
    [
      'ends a millisecond late',
      (r, ...rest) => excuses(withWaiver(r, { effectiveUntil: r.waiver.effectiveUntil + 1 }), ...rest),
    ],
    [
      'ends a millisecond early',
      (r, ...rest) => excuses(withWaiver(r, { effectiveUntil: r.waiver.effectiveUntil - 1 }), ...rest),
    ],
    [
      'begins a millisecond early',
      (r, ...rest) => excuses(withWaiver(r, { effectiveFrom: r.waiver.effectiveFrom - 1 }), ...rest),
    ],
    ['forgets revocations', (r, ...rest) => excuses({ ...r, revocation: null }, ...rest)],
    ['forgets refusals', (r, ...rest) => excuses({ ...r, refusal: null }, ...rest)],
    ['counts the requester', (r, ...rest) => excuses(withWaiver(r, { requesterId: 'nobody' }), ...rest)],
    ['counts the author', (r, v, c, at) => excuses(r, v, { ...c, authorId: null }, at)],
    ['takes one approval for two', (r, ...rest) => excuses(withWaiver(r, { requiredApprovals: 1 }), ...rest)],
    [
      'ignores when approvals came',
      (r, ...rest) => excuses({ ...r, approvals: r.approvals.map((a) => ({ ...a, at: 0 })) }, ...rest),
    ],
    ['ignores the ceiling', (r, ...rest) => excuses(withWaiver(r, { severity: 'critical' }), ...rest)],
    ...(['gate', 'artefact', 'path', 'component'] as const).map((type): [string, Excuses] => [
      `ignores the ${type}`,
      (r, ...rest) =>
        excuses(withWaiver(r, { selectors: r.waiver.selectors.filter((s) => s.type !== type) }), ...rest),
    ]),
  ])('a mistake is found that %s', (_what, mistaken) => {
    expect(check(mistaken, 1).failed).toBe(true); // a fixed seed: whether it is found must not be chance
  });

  it('a state never comes back once it is final', () => {
    const final: readonly WaiverState[] = ['refused', 'expired', 'revoked'];
    const found = fc.check(
      fc.property(history, (given) => {
        const states = Array.from({ length: 20 }, (_, at) => stateOf(live(given), at));
        const end = states.findIndex((state) => final.includes(state));
        return states.slice(end).every((state) => end < 0 || final.includes(state));
      }),
      { numRuns: Math.min(RUNS, 10_000), seed: SEED },
    );
    expect(found.counterexample).toBeNull();
  });
});

const withWaiver = (record: WaiverRecord, change: Partial<WaiverRecord['waiver']>): WaiverRecord => ({
  ...record,
  waiver: { ...record.waiver, ...change },
});
