import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestFrom } from '../kernel/digest.js';
import { failed, ok } from '../kernel/result.js';
import type { WaiverContext } from '../waiver/match.js';
import type { Severity } from '../waiver/severity.js';
import type { Waiver, WaiverRecord } from '../waiver/waiver.js';
import type { Effect, PinnedRule } from './checklist.js';
import { decide, type DecideInput, type Judged, type RuleJudgement } from './decide.js';
import { gateMessage } from './messages.js';
import type { RuleReport, RuleViolation } from './rule-report.js';

const EVIDENCE = digestFrom(`sha256:${'e'.repeat(64)}`);
const context: WaiverContext = {
  orgId: 'o1',
  gateId: 'GATE_A',
  artId: 'ART_A',
  digest: digestFrom(`sha256:${'a'.repeat(64)}`),
  authorId: null,
};

const aRule = (ruleId: string, effect: Effect = 'block'): PinnedRule => ({
  ruleId,
  entrypoint: `assay/rules/${ruleId}/result`,
  effect,
  severity: 'high',
  title: `Rule ${ruleId}`,
  remediation: 'Mend it.',
  controls: ['C-1'],
  messages: { 'x.found': { en: 'found in {tool}' }, 'x.missing': { en: 'missing' } },
});
const aViolation = (value = 'v', severity: Severity = 'high'): RuleViolation => ({
  code: 'x.found',
  params: { tool: 'bandit' },
  severity,
  where: { path: 'src/a.py', line: 3 },
  identity: { scheme: 's', value, occurrence: 0 },
  subject: null,
  evidence: EVIDENCE,
});
const aGap: RuleReport['gaps'][number] = { code: 'x.missing', params: {}, evidence: null };

/** What a rule says: the letters stand for violations, gaps, nothing, not applicable, engine failure. */
type Says = { violations?: RuleViolation[]; gaps?: number; applicable?: boolean; fails?: boolean };
function asked(ruleId: string, says: Says = {}, effect: Effect = 'block'): RuleJudgement {
  const { violations = [], gaps = 0, applicable = true, fails = false } = says;
  const rule = aRule(ruleId, effect);
  if (fails)
    return { policyId: 'p', rule, report: failed(gateMessage('gate.engine-failed', { problem: 'X' })) };
  const list = Array.from({ length: gaps }, () => aGap);
  return { policyId: 'p', rule, report: ok({ ruleId, applicable, violations, gaps: list, facts: {} }) };
}
function aWaiver(waiverId: string, change: Partial<Waiver> = {}): WaiverRecord {
  const waiver: Waiver = {
    waiverId,
    orgId: 'o1',
    selectors: [{ type: 'rule', ruleId: 'r1' }],
    severity: 'critical',
    effectiveFrom: 100,
    effectiveUntil: 200,
    requiredApprovals: 1,
    requesterId: 'rita',
    requestedAt: 10,
    compensatingControl: null,
    reference: null,
    caseId: null,
    ...change,
  };
  const approvals = [{ ordinal: 1, approverId: 'ann', at: 50, authTime: null, amr: [] }];
  return { waiver, approvals, refusal: null, revocation: null };
}
const judge = (judgements: RuleJudgement[], change: Partial<DecideInput> = {}): Judged =>
  decide({
    judgements,
    waivers: [],
    severityRules: {},
    context,
    asOf: 150,
    staleFrom: [],
    readsClock: false,
    ...change,
  });
const both = (
  outcome: string,
  outcomeWithoutWaivers = outcome,
): { outcome: string; outcomeWithoutWaivers: string } => ({
  outcome,
  outcomeWithoutWaivers,
});
const verdicts = ({ verdict, verdictWithoutWaivers }: Judged): string[] => [verdict, verdictWithoutWaivers];

describe('the outcome of a rule', () => {
  const found = { violations: [aViolation()] };
  const excused = [aWaiver('w')];
  it.each<[string, Says, WaiverRecord[], { outcome: string; outcomeWithoutWaivers: string }]>([
    ['nothing found', {}, [], both('PASS')],
    ['it does not apply', { applicable: false }, [], both('NOT_APPLICABLE')],
    ['something found', found, [], both('FAIL')],
    ['something found and excused', found, excused, both('WAIVED', 'FAIL')],
    ['something missing', { gaps: 1 }, [], both('INDETERMINATE')],
    ['something missing, which no waiver excuses', { gaps: 1 }, excused, both('INDETERMINATE')],
    ['found and missing', { ...found, gaps: 1 }, [], both('FAIL')],
    ['found, excused, and missing', { ...found, gaps: 1 }, excused, both('INDETERMINATE', 'FAIL')],
    ['it could not be asked', { fails: true }, excused, both('ERROR')],
  ])('when %s', (_when, says, waivers, outcomes) => {
    expect(judge([asked('r1', says)], { waivers }).rules[0]).toMatchObject(outcomes);
  });

  it('fails while one violation of several is not excused', () => {
    const waivers = [aWaiver('w', { selectors: [{ type: 'finding', scheme: 's', value: 'v' }] })];
    const [rule] = judge([asked('r1', { violations: [aViolation('v'), aViolation('other')] })], {
      waivers,
    }).rules;
    expect(rule).toMatchObject({ outcome: 'FAIL' });
    expect(rule?.violations.map(({ waivedBy }) => waivedBy)).toEqual(expect.arrayContaining(['w', null]));
  });

  it('is reported for every rule, unfired and switched-off ones included, in the checklist’s order', () => {
    const judged = judge([asked('r2'), asked('r1', found, 'off'), asked('r0', found, 'warn')]);
    expect(judged.rules.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual([
      ['r2', 'PASS'],
      ['r1', 'SKIPPED'],
      ['r0', 'FAIL'],
    ]);
    expect(judged.rules[1]?.violations).toEqual([]);
  });

  it('carries what a reader needs: text, place, identity, remedy, controls', () => {
    expect(judge([asked('r1', found)]).rules[0]).toMatchObject({
      title: 'Rule r1',
      remediation: 'Mend it.',
      controls: ['C-1'],
      violations: [
        {
          message: { code: 'x.found', params: { tool: 'bandit' }, text: 'found in bandit' },
          where: { path: 'src/a.py', line: 3 },
          identity: { scheme: 's', value: 'v', occurrence: 0 },
          evidence: EVIDENCE,
        },
      ],
    });
  });

  it('lists the worst first, what nobody rated last, and does not depend on the order of the report', () => {
    const some = (['low', 'unknown', 'critical', 'low'] as const).map((severity, n) =>
      aViolation(`v${n}`, severity),
    );
    const one = judge([asked('r1', { violations: some })]);
    expect(one.rules[0]?.violations.map(({ severity }) => severity)).toEqual([
      'critical',
      'low',
      'low',
      'unknown',
    ]);
    expect(judge([asked('r1', { violations: [...some].reverse() })])).toEqual(one);
  });
});

describe('the verdict', () => {
  const found = { violations: [aViolation()] };
  it('counts only what blocks', () => {
    expect(verdicts(judge([asked('r1', found, 'warn'), asked('r2', { fails: true }, 'warn')]))).toEqual([
      'PASS',
      'PASS',
    ]);
    expect(verdicts(judge([asked('r1', found, 'warn'), asked('r2', { gaps: 1 })]))).toEqual([
      'INDETERMINATE',
      'INDETERMINATE',
    ]);
  });

  it('is stored with and without waivers', () => {
    const judged = judge([asked('r1', found)], { waivers: [aWaiver('w')] });
    expect(verdicts(judged)).toEqual(['PASS_WITH_WAIVERS', 'FAIL']);
    expect(judged.waiversApplied).toEqual(['w']);
  });

  it('is no pass by a waiver that excused nothing', () => {
    const judged = judge([asked('r1')], { waivers: [aWaiver('w')] });
    expect(verdicts(judged)).toEqual(['PASS', 'PASS']);
    expect(judged.waiversApplied).toEqual([]);
  });

  it('is ERROR for a checklist that could not have found anything', () => {
    expect(verdicts(judge([]))).toEqual(['ERROR', 'ERROR']);
    expect(verdicts(judge([asked('r1', found, 'off')]))).toEqual(['ERROR', 'ERROR']);
  });
});

describe('how long a judgement holds', () => {
  const found = { violations: [aViolation()] };
  it('is until the earliest change of what it rests on, and for ever without one', () => {
    expect(judge([asked('r1', found)]).validUntil).toBeNull();
    expect(judge([asked('r1', found)], { waivers: [aWaiver('w')] }).validUntil).toBe(201);
    expect(judge([asked('r1', found)], { waivers: [aWaiver('w')], asOf: 60 }).validUntil).toBe(100);
    expect(judge([asked('r1', found)], { waivers: [aWaiver('w')], asOf: 201 }).validUntil).toBeNull();
    expect(judge([asked('r1')], { staleFrom: [140, 170, 160] }).validUntil).toBe(160);
  });

  it('is until the narrower of two waivers ends, although the other goes on', () => {
    const narrow = aWaiver('n', {
      effectiveUntil: 170,
      selectors: [{ type: 'finding', scheme: 's', value: 'v' }],
    });
    const judged = judge([asked('r1', found)], { waivers: [aWaiver('w'), narrow] });
    expect(judged.waiversApplied).toEqual(['n']);
    expect(judged.validUntil).toBe(171);
  });

  it('is not shortened by a waiver that matches nothing', () => {
    expect(judge([asked('r1')], { waivers: [aWaiver('w')] }).validUntil).toBeNull();
    const elsewhere = aWaiver('w', {
      selectors: [
        { type: 'rule', ruleId: 'r1' },
        { type: 'gate', gateId: 'GATE_B' },
      ],
    });
    expect(judge([asked('r1', found)], { waivers: [elsewhere] }).validUntil).toBeNull();
  });

  it('is this instant only when a policy asked for the time', () => {
    expect(judge([asked('r1')], { readsClock: true, staleFrom: [170] }).validUntil).toBe(151);
  });

  it('is no time at all when something could not be judged, a warning included', () => {
    expect(judge([asked('r1', { fails: true })]).validUntil).toBe(150);
    expect(judge([asked('r1'), asked('r2', { fails: true }, 'warn')]).validUntil).toBe(150);
  });

  it('is a span in which asking again gives the same', () => {
    const time = fc.integer({ min: 0, max: 12 });
    const waiver = fc.record({
      from: time,
      length: fc.integer({ min: 0, max: 6 }),
      approvedAt: time,
      revokedAt: fc.option(time),
      value: fc.constantFrom('v', 'w'),
    });
    const cases = fc.record({
      waivers: fc.array(waiver, { maxLength: 4 }),
      asOf: time,
      found: fc.subarray(['v', 'w']),
    });
    fc.assert(
      fc.property(cases, ({ waivers, asOf, found: values }) => {
        const records = waivers.map(
          ({ from, length, approvedAt, revokedAt, value }, index): WaiverRecord => ({
            ...aWaiver(`w${index}`, {
              effectiveFrom: from,
              effectiveUntil: from + length,
              selectors: [{ type: 'finding', scheme: 's', value }],
            }),
            approvals: [{ ordinal: 1, approverId: 'ann', at: approvedAt, authTime: null, amr: [] }],
            revocation: revokedAt === null ? null : { by: 'ann', at: revokedAt },
          }),
        );
        const at = (instant: number): Judged =>
          judge([asked('r1', { violations: values.map((value) => aViolation(value)) })], {
            waivers: records,
            asOf: instant,
          });
        const first = at(asOf);
        for (let later = asOf; later < (first.validUntil ?? 30); later++)
          if (JSON.stringify(at(later)) !== JSON.stringify(first)) return false;
        return true;
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a gate with rules for severities', () => {
  const found = (...severities: Severity[]) => ({
    violations: severities.map((severity, n) => aViolation(`v${String(n)}`, severity)),
  });
  const told = (judgements: RuleJudgement[], severityRules: DecideInput['severityRules'], change = {}) =>
    verdicts(judge(judgements, { severityRules, ...change }));

  it('lets what it only warns of pass, reported, and nothing else', () => {
    const judged = judge([asked('r1', found('low', 'medium'))], {
      severityRules: { low: 'warn', medium: 'warn' },
    });
    expect(verdicts(judged)).toEqual(['PASS', 'PASS']);
    expect(judged.rules[0]).toMatchObject({ effect: 'block', outcome: 'FAIL' });
    expect(judged.rules[0]?.violations.map(({ effect }) => effect)).toEqual(['warn', 'warn']);
    expect(told([asked('r1', found('low', 'high'))], { low: 'warn' })).toEqual(['FAIL', 'FAIL']);
  });

  it('stops what it blocks, also where the rule only warns', () => {
    const warning = asked('r1', found('critical', 'low'), 'warn');
    expect(told([warning], {})).toEqual(['PASS', 'PASS']);
    expect(told([warning], { critical: 'block' })).toEqual(['FAIL', 'FAIL']);
    expect(told([asked('r1', found('low'), 'warn')], { critical: 'block' })).toEqual(['PASS', 'PASS']);
  });

  it('takes waivers into account as ever', () => {
    const waivers = [aWaiver('w')];
    expect(told([asked('r1', found('critical'), 'warn')], { critical: 'block' }, { waivers })).toEqual([
      'PASS_WITH_WAIVERS',
      'FAIL',
    ]);
    expect(told([asked('r1', found('low'))], { low: 'warn' }, { waivers })).toEqual(['PASS', 'PASS']);
  });

  it('excuses nothing that could not be looked at, and must know what a warning could not look at', () => {
    const unseen = { gaps: 1 };
    expect(told([asked('r1', unseen)], { low: 'warn', high: 'warn' })).toEqual([
      'INDETERMINATE',
      'INDETERMINATE',
    ]);
    expect(told([asked('r1', unseen, 'warn')], { low: 'warn' })).toEqual(['PASS', 'PASS']);
    expect(told([asked('r1', unseen, 'warn')], { high: 'block' })).toEqual([
      'INDETERMINATE',
      'INDETERMINATE',
    ]);
    expect(told([asked('r1', { fails: true }, 'warn')], { high: 'block' })).toEqual(['ERROR', 'ERROR']);
  });

  it('makes no wish of a checklist to switch a rule off undone', () => {
    expect(told([asked('r0'), asked('r1', found('critical'), 'off')], { critical: 'block' })).toEqual([
      'PASS',
      'PASS',
    ]);
  });
});
