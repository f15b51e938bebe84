import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toRfc3339 } from '../../kernel/clock.js';
import { sha256 } from '../../kernel/digest.js';
import type { PinnedChecklist, PinnedPolicy } from '../checklist.js';
import type { RuleResult } from '../decide.js';
import type { DecisionDocument } from '../decision.js';
import { decisionDiff, type ComparedDecision, type DiffCause } from './decision-diff.js';

const START = Date.parse('2026-11-21T09:00:00Z');
const HOUR = 3_600_000;

/** What a decision is made of, as far as a diff can see it. */
interface Made {
  readonly artId: string;
  readonly locus: 'LOCAL' | 'PR' | 'RELEASE';
  readonly evidence: readonly { name: string; collectedAt: number }[];
  readonly policies: readonly { name: string; version: number; floor: number; effect: 'block' | 'warn' }[];
  readonly freshness: number;
  readonly waivers: readonly { name: string; approvals: number }[];
  readonly asOf: number;
  readonly validFor: number | null;
}

const made: fc.Arbitrary<Made> = fc.record({
  artId: fc.constantFrom('ART_A', 'ART_B'),
  locus: fc.constantFrom('LOCAL', 'PR', 'RELEASE'),
  evidence: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^e[0-9]$/), collectedAt: fc.nat(1_000) }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ name }) => name,
  }),
  policies: fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^p[0-9]$/),
      version: fc.integer({ min: 1, max: 3 }),
      floor: fc.nat(100),
      effect: fc.constantFrom('block', 'warn'),
    }),
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  ),
  freshness: fc.integer({ min: 1, max: 30 }),
  waivers: fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^w[0-9]$/), approvals: fc.integer({ min: 1, max: 3 }) }),
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  ),
  asOf: fc.nat(1_000).map((minutes) => START + minutes * 60_000),
  validFor: fc.option(fc.integer({ min: HOUR, max: 10 * HOUR })),
});

/** Exactly one thing is another one; the decision is made a little later, within what the first one holds. */
const CHANGES: Readonly<Record<DiffCause, readonly ((one: Made) => Made)[]>> = {
  ARTEFACT: [(one) => ({ ...one, artId: `${one.artId}2` })],
  GATE: [(one) => ({ ...one, locus: one.locus === 'PR' ? 'RELEASE' : 'PR' })],
  EVIDENCE: [
    (one) => ({ ...one, evidence: [...one.evidence, { name: 'new', collectedAt: 0 }] }),
    (one) => ({ ...one, evidence: one.evidence.slice(1) }),
    (one) => ({
      ...one,
      evidence: one.evidence.map((each) => ({ ...each, collectedAt: each.collectedAt + 1 })),
    }),
  ],
  POLICY: [
    (one) => ({ ...one, policies: one.policies.map((each) => ({ ...each, version: each.version + 1 })) }),
    (one) => ({ ...one, policies: one.policies.map((each) => ({ ...each, effect: flip(each.effect) })) }),
  ],
  DATA: [
    (one) => ({ ...one, policies: one.policies.map((each) => ({ ...each, floor: each.floor + 1 })) }),
    (one) => ({ ...one, freshness: one.freshness + 1 }),
  ],
  WAIVERS: [
    (one) => ({ ...one, waivers: [...one.waivers, { name: 'new', approvals: 1 }] }),
    (one) => ({ ...one, waivers: one.waivers.slice(1) }),
    (one) => ({ ...one, waivers: one.waivers.map((each) => ({ ...each, approvals: each.approvals + 1 })) }),
  ],
  CLOCK: [(one) => ({ ...one, asOf: one.asOf + (one.validFor ?? 0) })],
};
const flip = (effect: 'block' | 'warn'): 'block' | 'warn' => (effect === 'block' ? 'warn' : 'block');

const rule = (ruleId: string, policyId: string, change: Partial<RuleResult> = {}): RuleResult => ({
  ...{ ruleId, policyId, title: ruleId, effect: 'block', severity: 'high', remediation: 'Mend it.' },
  ...{ controls: [], outcome: 'PASS', outcomeWithoutWaivers: 'PASS', violations: [], gaps: [], facts: {} },
  problem: null,
  ...change,
});

function compared(one: Made, rules: readonly RuleResult[] = []): ComparedDecision {
  const policies = one.policies.map(({ name, version, floor, effect }): PinnedPolicy => ({
    policyId: name,
    version: `${String(version)}.0.0`,
    digest: sha256(`${name} ${String(version)}`),
    bundle: sha256(`bundle ${name} ${String(version)}`),
    readsClock: false,
    rules: [
      {
        ...{ ruleId: 'r', entrypoint: 'x', effect, severity: 'high', title: 'r', remediation: 'm' },
        ...{ controls: [], messages: {} },
      },
    ],
    parameters: { floor },
  }));
  const checklist: PinnedChecklist = {
    ...{ chkId: 'CHK_A', version: 1, policies, freshness: { sast: one.freshness } },
    digest: sha256(JSON.stringify([one.policies, one.freshness])),
  };
  const considered = one.waivers.map(({ name, approvals }) => ({
    waiverId: name,
    digest: sha256(`${name} ${String(approvals)}`),
  }));
  const document: DecisionDocument = {
    model: 'assay.decision/1',
    asOf: toRfc3339(one.asOf),
    validUntil: one.validFor === null ? null : toRfc3339(one.asOf + one.validFor),
    ...{ verdict: 'PASS', verdictWithoutWaivers: 'PASS' },
    gate: { gateId: 'GATE_A', locus: one.locus },
    artefact: { artId: one.artId, digest: sha256(one.artId) },
    checklist: { chkId: 'CHK_A', version: 1, digest: checklist.digest },
    policies: policies.map(({ policyId, version, digest, bundle }) => ({
      policyId,
      version,
      digest,
      bundle,
    })),
    evidence: one.evidence.map(({ name, collectedAt }) => ({
      digest: sha256(name),
      document: sha256(`document ${name}`),
      collectedAt: toRfc3339(START - collectedAt * 1_000),
    })),
    waivers: { set: sha256(JSON.stringify(considered)), considered, applied: [] },
    inputsDigest: sha256(JSON.stringify({ ...one, asOf: 0, validFor: 0 })),
    rules,
  };
  return { document, checklist };
}

describe('the difference of two decisions', () => {
  const CAUSES = Object.keys(CHANGES) as DiffCause[];
  const isReal = (cause: DiffCause, one: Made): boolean => cause !== 'CLOCK' || one.validFor !== null;

  it.each(CAUSES)('names %s, and nothing else, when only that has changed', (cause) => {
    fc.assert(
      fc.property(made, fc.nat(), fc.nat(HOUR - 1), (one, pick, laterMs) => {
        fc.pre(isReal(cause, one));
        const deeds = CHANGES[cause];
        const changed = deeds[pick % deeds.length]!(one);
        const other = cause === 'CLOCK' ? changed : { ...changed, asOf: changed.asOf + laterMs };
        const diff = decisionDiff(compared(one), compared(other));
        expect(diff.causes).toEqual([cause]);
        expect(diff.inputs.length).toBeGreaterThan(0);
        // From the other side it is the same difference.
        expect(decisionDiff(compared(other), compared(one)).causes).toEqual([cause]);
      }),
      { numRuns: 300 },
    );
  });

  it('names every cause when several things have changed', () => {
    fc.assert(
      fc.property(made, fc.subarray(CAUSES), (one, chosen) => {
        const real = chosen.filter((cause) => isReal(cause, one));
        const other = real.reduce((each, cause) => CHANGES[cause][0]!(each), one);
        expect(decisionDiff(compared(one), compared(other)).causes).toEqual(
          decisionDiff(compared(one), compared(other)).causes.filter((cause) => real.includes(cause)),
        );
        expect(decisionDiff(compared(one), compared(other)).causes).toHaveLength(real.length);
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing between a decision and itself, asked later within what it holds', () => {
    fc.assert(
      fc.property(made, fc.nat(HOUR - 1), (one, laterMs) => {
        const diff = decisionDiff(compared(one), compared({ ...one, asOf: one.asOf + laterMs }));
        expect(diff).toMatchObject({ causes: [], inputs: [], rules: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('falls back on the artefact’s header, which has no digest of its own', () => {
    const one = fc.sample(made, { numRuns: 1, seed: 7 })[0]!;
    const other = compared(one);
    const document = { ...other.document, inputsDigest: sha256('another agent') };
    expect(decisionDiff(compared(one), { ...other, document }).inputs).toMatchObject([
      { cause: 'ARTEFACT', what: 'header' },
    ]);
  });
});

describe('a rule that says something else', () => {
  const one: Made = {
    ...{ artId: 'ART_A', locus: 'PR', freshness: 7, asOf: START, validFor: null },
    evidence: [{ name: 'e1', collectedAt: 0 }],
    policies: ['p1', 'p2'].map((name) => ({ name, version: 1, floor: 80, effect: 'block' as const })),
    waivers: [{ name: 'w1', approvals: 1 }],
  };
  const violation = (waivedBy: string | null, line = 1): RuleResult['violations'][number] => ({
    message: { code: 'x.found', params: {}, text: 'found' },
    ...{ severity: 'high', where: { path: 'a.js', line }, identity: null, subject: null },
    ...{ evidence: sha256('e1'), waivedBy },
  });
  const failing = rule('r', 'p1', {
    ...{ outcome: 'FAIL', outcomeWithoutWaivers: 'FAIL', violations: [violation(null)] },
  });

  it('does so because of a waiver when it found the same', () => {
    const changed = CHANGES.EVIDENCE[0]!(CHANGES.WAIVERS[0]!(one));
    const waived = { ...failing, outcome: 'WAIVED' as const, violations: [violation('w1')] };
    const { rules, causes } = decisionDiff(compared(one, [failing]), compared(changed, [waived]));
    expect(causes).toEqual(['EVIDENCE', 'WAIVERS']);
    expect(rules).toEqual([
      {
        ...{ policyId: 'p1', ruleId: 'r', before: 'FAIL', after: 'WAIVED' },
        ...{ because: ['WAIVERS'], appeared: [], disappeared: [] },
      },
    ]);
  });

  it('does so because of evidence when it found something else, whatever waivers were given', () => {
    const changed = CHANGES.EVIDENCE[0]!(CHANGES.WAIVERS[0]!(one));
    const more = { ...failing, violations: [violation(null), violation(null, 2)] };
    const { rules } = decisionDiff(compared(one, [failing]), compared(changed, [more]));
    expect(rules).toMatchObject([{ because: ['EVIDENCE'], appeared: [violation(null, 2)], disappeared: [] }]);
  });

  it('never does so because of another policy’s parameters', () => {
    const other = (index: number): Made => ({
      ...one,
      policies: one.policies.map((each, at) => (at === index ? { ...each, floor: 90 } : each)),
    });
    const passing = rule('r', 'p1');
    const because = (index: number) =>
      decisionDiff(compared(one, [failing]), compared(other(index), [passing])).rules.map(
        (each) => each.because,
      );
    expect(because(0)).toEqual([['DATA']]);
    expect(because(1)).toEqual([[]]);
  });

  it('is named also when only one of them asked it', () => {
    const { rules } = decisionDiff(compared(one, [failing]), compared(CHANGES.POLICY[0]!(one)));
    expect(rules).toMatchObject([{ before: 'FAIL', after: null, because: ['POLICY'] }]);
  });
});
