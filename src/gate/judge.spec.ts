import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestFrom, sha256 } from '../kernel/digest.js';
import { ok } from '../kernel/result.js';
import type { WaiverRecord } from '../waiver/waiver.js';
import type { PinnedChecklist, PinnedRule } from './checklist.js';
import { asInputs, orderEvidence, type GateFacts, type GateInputs } from './decision-input.js';
import { judge } from './judge.js';
import { parseDecision } from './decision.js';
import type { ReadEvidence } from './subject.js';

/**
 * gate result = f(artefact content hash, checklist version, evidence digests, waiver set, as-of). Stated here of the
 * function that decides, replays and answers about the past alike: what it is a function of, and of nothing else.
 */
const DAY = 86_400_000;
const AS_OF = 100 * DAY;

const RULE: PinnedRule = {
  ...{ ruleId: 'r1', entrypoint: 'assay/rules/r1/result', effect: 'block', severity: 'high', title: 'R1' },
  ...{ remediation: 'Mend it.', controls: [], messages: { 'x.found': { en: 'found' } } },
};
const checklistOf = (version: number): PinnedChecklist => ({
  ...{ chkId: 'CHK_A', version, digest: sha256(`checklist ${String(version)}`), freshness: { sast: 30 } },
  policies: [
    {
      ...{ policyId: 'p', version: '1.0.0', digest: sha256('p'), bundle: sha256('b'), readsClock: false },
      ...{ rules: [RULE], parameters: {} },
    },
  ],
});
const evidenceOf = (name: string): ReadEvidence => ({
  ...{ storedDigest: sha256(name), documentDigest: sha256(`document of ${name}`), collectedAt: AS_OF - DAY },
  document: { model: 'assay.evidence/1', state: 'COMPLETE', kinds: ['sast'], reasons: [], findings: [] },
});
const waiverOf = (waiverId: string, until = AS_OF + DAY): WaiverRecord => ({
  waiver: {
    ...{ waiverId, orgId: 'o', selectors: [{ type: 'rule', ruleId: 'r1' }], severity: 'critical' },
    ...{ effectiveFrom: 0, effectiveUntil: until, requiredApprovals: 1, requesterId: 'rita', requestedAt: 0 },
    ...{ compensatingControl: null, reference: null, caseId: null },
  },
  approvals: [{ ordinal: 1, approverId: 'ann', at: 1, authTime: null, amr: [] }],
  ...{ refusal: null, revocation: null },
});

interface Asked {
  readonly artefact: string;
  readonly checklist: number;
  readonly evidence: readonly string[];
  readonly waivers: readonly string[];
  readonly asOf: number;
}
const BASE: Asked = { artefact: 'a', checklist: 1, evidence: ['e1', 'e2'], waivers: ['w1'], asOf: AS_OF };

function inputsOf(
  { artefact, checklist, evidence, waivers }: Asked,
  more: Partial<GateFacts> = {},
): GateInputs {
  return asInputs({
    orgId: 'o',
    gate: { gateId: 'GATE_A', locus: 'PR' },
    checklist: checklistOf(checklist),
    artefact: {
      ...{ artId: 'ART_A', digest: sha256(artefact), projectId: 'p1', registeredAt: 0 },
      ...{ authorId: 'alan', agent: null },
    },
    evidence: orderEvidence(evidence.map(evidenceOf)),
    waivers: waivers.map((id) => waiverOf(id)),
    ...more,
  });
}

/** One violation, which a waiver excuses. */
function f(asked: Asked, more: Partial<GateFacts> = {}) {
  const inputs = inputsOf(asked, more);
  const violation = {
    ...{ code: 'x.found', params: {}, severity: 'high' as const, where: null, identity: null, subject: null },
    evidence: digestFrom(`sha256:${'e'.repeat(64)}`),
  };
  const report = ok({ ruleId: 'r1', applicable: true, violations: [violation], gaps: [], facts: {} });
  const evidence = asked.evidence.map(evidenceOf);
  const { document, judged } = judge(inputs, evidence, [{ policyId: 'p', rule: RULE, report }], asked.asOf);
  return { inputs, judged, document, said: parseDecision({ document }) };
}

describe('the result of a gate', () => {
  it('names everything that it is a function of', () => {
    const { inputs, said } = f(BASE);
    expect(said).toMatchObject({
      artefact: { digest: sha256('a') },
      checklist: { version: 1, digest: sha256('checklist 1') },
      evidence: inputs.evidence.map(({ storedDigest }) => ({ digest: storedDigest })),
      waivers: { set: inputs.waiverSet },
      asOf: new Date(AS_OF).toISOString(),
      inputsDigest: inputs.digest,
    });
  });

  it('is the same, byte for byte, however often and in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['e1', 'e2', 'e3', 'e4'], { minLength: 4 }),
        fc.shuffledSubarray(['w1', 'w2', 'w3'], { minLength: 3 }),
        (evidence, waivers) => {
          const sorted = { ...BASE, evidence: [...evidence].sort(), waivers: [...waivers].sort() };
          expect(f({ ...BASE, evidence, waivers }).document).toBe(f(sorted).document);
        },
      ),
    );
  });

  it.each<[string, Partial<Asked>]>([
    ['artefact’s content', { artefact: 'b' }],
    ['checklist version', { checklist: 2 }],
    ['evidence', { evidence: ['e1', 'e3'] }],
    ['set of evidence', { evidence: ['e1'] }],
    ['set of waivers', { waivers: ['w1', 'w2'] }],
  ])('is another with another %s, and says so in the digest of its inputs', (_what, change) => {
    const changed = f({ ...BASE, ...change });
    expect(changed.inputs.digest).not.toBe(f(BASE).inputs.digest);
    expect(changed.document).not.toBe(f(BASE).document);
  });

  it('is another with a waiver whose history went on, though its id is the same', () => {
    const revoked = { ...waiverOf('w1'), revocation: { by: 'otto', at: AS_OF - 1 } };
    const after = f(BASE, { waivers: [revoked] });
    expect(after.inputs.waiverSet).not.toBe(f(BASE).inputs.waiverSet);
    expect([f(BASE).judged.verdict, after.judged.verdict]).toEqual(['PASS_WITH_WAIVERS', 'FAIL']);
  });

  it('has as-of for its only clock: it is no part of the inputs’ digest, and moves the verdict where one changes', () => {
    const at = (asOf: number) => f({ ...BASE, asOf });
    const { validUntil } = at(AS_OF).judged;
    expect(validUntil).toBe(AS_OF + DAY + 1); // the waiver ends, inclusive, before the evidence turns stale
    expect(at(AS_OF + 5).inputs.digest).toBe(at(AS_OF).inputs.digest);
    expect([at(AS_OF), at(validUntil! - 1), at(validUntil!)].map(({ judged }) => judged.verdict)).toEqual([
      ...['PASS_WITH_WAIVERS', 'PASS_WITH_WAIVERS', 'FAIL'],
    ]);
  });

  it('may be answered again until `validUntil`: nothing but the instant differs in between', () => {
    fc.assert(
      fc.property(fc.integer({ min: AS_OF, max: AS_OF + 60 * DAY }), (later) => {
        const first = f(BASE);
        const then = f({ ...BASE, asOf: later });
        const holds = first.judged.validUntil === null || later < first.judged.validUntil;
        const same = { ...then.said, asOf: first.said.asOf };
        if (holds) expect(same).toEqual(first.said);
        else expect(then.judged.verdict).toBe('FAIL');
      }),
    );
  });

  it('is not a function of who owns the project that the artefact is in', () => {
    const elsewhere = { ...inputsOf(BASE).artefact, projectId: 'p2' };
    expect(f(BASE, { artefact: elsewhere }).document).toBe(f(BASE).document);
  });
});
