import { describe, expect, it } from '@jest/globals';
import { digestFrom, sha256 } from '../kernel/digest.js';
import type { WaiverRecord } from '../waiver/waiver.js';
import type { PinnedChecklist, PinnedPolicy } from './checklist.js';
import {
  asInputs,
  orderEvidence,
  ownInput,
  sharedInput,
  staleFrom,
  type GateFacts,
  type GateInputs,
} from './decision-input.js';
import type { ReadEvidence } from './subject.js';
import { ok } from '../kernel/result.js';
import type { InputMembers } from '../rego/engine.port.js';
import { judge } from './judge.js';
import { compareReplay } from './replay.js';
import { contradictions, parseDecision, type Decision } from './decision.js';
import { verificationSummary } from './vsa.js';

const DAY = 86_400_000;
const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const digest = (name: string): ReturnType<typeof sha256> => sha256(name);
const policy: PinnedPolicy = {
  policyId: 'secure-release',
  version: '1.0.0',
  digest: digest('policy'),
  bundle: digest('bundle'),
  readsClock: false,
  rules: [
    {
      ruleId: 'r1',
      entrypoint: 'assay/rules/r1/result',
      effect: 'block',
      severity: 'high',
      title: 'R1',
      remediation: 'Mend.',
      controls: [],
      messages: {},
    },
  ],
  parameters: { floor: 'high' },
};
const checklist: PinnedChecklist = {
  chkId: 'CHK_A',
  version: 3,
  digest: digest('checklist'),
  policies: [policy],
  freshness: { sast: 30, sbom: 90 },
};
const item = { storedDigest: digest('bytes'), documentDigest: digest('document'), collectedAt: 1_000 };
const facts: GateFacts = {
  orgId: 'o1',
  gate: { gateId: 'GATE_A', locus: 'RELEASE' },
  checklist,
  artefact: {
    artId: 'ART_A',
    digest: digestFrom(`gitCommit:${'a'.repeat(40)}`),
    projectId: 'p1',
    registeredAt: 0,
    authorId: 'zed',
    agent: null,
  },
  evidence: [item],
  waivers: [],
};
const inputs = asInputs(facts);
const waiver: WaiverRecord = {
  waiver: {
    waiverId: 'w1',
    orgId: 'o1',
    selectors: [{ type: 'rule', ruleId: 'r1' }],
    severity: 'high',
    effectiveFrom: 0,
    effectiveUntil: 9,
    requiredApprovals: 1,
    requesterId: 'rita',
    requestedAt: 0,
    compensatingControl: null,
    reference: null,
    caseId: null,
  },
  approvals: [],
  refusal: null,
  revocation: null,
};
const textsOf = (members: InputMembers): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).map(([name, { text }]) => [name, JSON.parse(text)]));
/** What a rule of the policy sees as `input`. */
const seenBy = (given: GateInputs, document: object, asOf: number): Record<string, unknown> => ({
  ...textsOf(sharedInput(given, { evidence: [read(document)] }, asOf)),
  ...textsOf(ownInput(policy)),
});
const read = (document: object): ReadEvidence => ({
  ...item,
  document: document as ReadEvidence['document'],
});

describe('the digest of a decision’s inputs', () => {
  it('changes with each of them', () => {
    const agent = {
      agentId: 'a',
      modelName: 'm',
      modelVersion: '1',
      temperature: '0',
      presetId: 'p',
      promptHash: 'h',
    };
    const changed: GateFacts[] = [
      facts,
      { ...facts, gate: { ...facts.gate, gateId: 'GATE_B' } },
      { ...facts, gate: { ...facts.gate, locus: 'PR' } },
      { ...facts, checklist: { ...checklist, digest: digest('other') } },
      { ...facts, checklist: { ...checklist, policies: [{ ...policy, digest: digest('other') }] } },
      { ...facts, artefact: { ...facts.artefact, artId: 'ART_B' } },
      { ...facts, artefact: { ...facts.artefact, digest: digest('other') } },
      { ...facts, artefact: { ...facts.artefact, authorId: null } },
      { ...facts, artefact: { ...facts.artefact, agent } },
      { ...facts, evidence: [] },
      { ...facts, evidence: [{ ...item, storedDigest: digest('other') }] },
      { ...facts, evidence: [{ ...item, documentDigest: digest('other') }] },
      { ...facts, evidence: [{ ...item, collectedAt: 1_001 }] },
      { ...facts, waivers: [waiver] },
      { ...facts, waivers: [{ ...waiver, revocation: { by: 'ann', at: 5 } }] },
    ];
    expect(new Set(changed.map((each) => asInputs(each).digest)).size).toBe(changed.length);
  });

  it('does not change with the order or repetition of evidence', () => {
    const [a, b] = [item, { ...item, storedDigest: digest('b') }];
    const older = { ...a, collectedAt: 1 };
    expect(orderEvidence([b, a])).toEqual(orderEvidence([a, older, b, a]));
    expect(orderEvidence([older, a])).toEqual([a]);
  });
});

describe('evidence', () => {
  it('is stale after the shortest age allowed for any of its kinds, the last instant still being fresh', () => {
    const edge = 1_000 + 30 * DAY;
    expect(staleFrom(read({ state: 'COMPLETE', kinds: ['sbom', 'sast'] }), checklist.freshness)).toBe(
      edge + 1,
    );
    const seen = (asOf: number): unknown =>
      (
        seenBy(inputs, { state: 'COMPLETE', kinds: ['sast'], reasons: [] }, asOf)['evidence'] as {
          state: string;
        }[]
      )[0]?.state;
    expect([edge, edge + 1].map(seen)).toEqual(['COMPLETE', 'STALE']);
  });

  it('never is where the checklist sets no age, and keeps a worse state', () => {
    expect(staleFrom(read({ state: 'COMPLETE', kinds: ['coverage'] }), checklist.freshness)).toBeUndefined();
    expect(staleFrom(read({ state: 'ERROR', kinds: ['sast'] }), checklist.freshness)).toBeUndefined();
    expect(staleFrom(read({ state: 'COMPLETE', kinds: ['toString'] }), checklist.freshness)).toBeUndefined();
  });

  it('is stale when the data its tool judged with is too old, or of an age nobody knows', () => {
    const freshness = { vulnerabilities: 30, 'vulnerabilities-data': 7 };
    const made = (dataDate: string | null) =>
      read({ state: 'COMPLETE', kinds: ['vulnerabilities'], dataDate });
    expect(staleFrom(made('1970-01-01T00:00:00Z'), freshness)).toBe(7 * 86_400_000 + 1);
    expect(staleFrom(made('2026-01-01T00:00:00Z'), freshness)).toBe(1000 + 30 * 86_400_000 + 1);
    expect(staleFrom(made(null), freshness)).toBe(Number.NEGATIVE_INFINITY);
    expect(staleFrom(made('yesterday'), freshness)).toBe(Number.NEGATIVE_INFINITY);
    expect(staleFrom(made(null), { vulnerabilities: 30 })).toBe(1000 + 30 * 86_400_000 + 1);
  });

  it('says why it is stale', () => {
    const document = { state: 'COMPLETE', kinds: ['sast'], reasons: [{ code: 'x', params: {} }] };
    expect(seenBy(inputs, document, 1_000 + 31 * DAY)).toMatchObject({
      evidence: [
        {
          digest: item.storedDigest,
          state: 'STALE',
          reasons: [
            { code: 'x' },
            { code: 'evidence.stale', params: { collectedAt: '1970-01-01T00:00:01.000Z', maxAgeDays: 30 } },
          ],
        },
      ],
    });
  });
});

describe('what rules see', () => {
  it('is the artefact, the gate, the parameters and the evidence, and nothing else', () => {
    expect(seenBy({ ...inputs, waivers: [waiver] }, { state: 'COMPLETE' }, 5)).toEqual({
      artefact: { artId: 'ART_A', digest: inputs.artefact.digest, agent: null },
      gate: { gateId: 'GATE_A', locus: 'RELEASE' },
      parameters: { floor: 'high' },
      evidence: [{ state: 'COMPLETE', digest: item.storedDigest }],
    });
  });
});

describe('a decision', () => {
  const report = ok({ ruleId: 'r1', applicable: true, violations: [], gaps: [], facts: { open: 0 } });
  const judgements = [{ policyId: 'secure-release', rule: policy.rules[0]!, report }];
  const evidence = [read({ state: 'COMPLETE', kinds: ['sast'] })];
  const made = judge(inputs, evidence, judgements, 2_000);
  const decision: Decision = {
    decisionId: 'd1',
    orgId: 'o1',
    gateId: 'GATE_A',
    artId: 'ART_A',
    artefactDigest: inputs.artefact.digest,
    chkId: 'CHK_A',
    checklistVersion: 3,
    checklistDigest: checklist.digest,
    inputsDigest: inputs.digest,
    asOf: 2_000,
    validUntil: 1_000 + 30 * DAY + 1,
    verdict: 'PASS',
    verdictWithoutWaivers: 'PASS',
    document: made.document,
    documentDigest: sha256(made.document),
    decidedAt: 2_001,
    entryKey: Buffer.alloc(16),
  };

  it('replayed from the same inputs is the same bytes', () => {
    const again = judge(asInputs(copied(facts)), copied(evidence), copied(judgements), 2_000);
    expect(again.document).toBe(made.document);
    expect(compareReplay(decision, again.document)).toEqual({ same: true, document: made.document });
  });

  it('replayed from other inputs says where it differs', () => {
    const other = judge(asInputs({ ...facts, waivers: [waiver] }), evidence, judgements, 2_001);
    expect(compareReplay(decision, other.document)).toMatchObject({
      same: false,
      differs: ['$.asOf', '$.inputsDigest', '$.waivers.considered.0', '$.waivers.set'],
    });
  });

  it('names no person', () => {
    expect(made.document).not.toContain('zed');
    expect(made.document).not.toContain('rita');
  });

  it('has columns that its document confirms, and any changed one is named', () => {
    expect(contradictions(decision)).toEqual([]);
    const changes: Partial<Record<keyof Decision, unknown>> = {
      gateId: 'GATE_B',
      artId: 'ART_B',
      artefactDigest: digest('other'),
      chkId: 'CHK_B',
      checklistVersion: 4,
      checklistDigest: digest('other'),
      inputsDigest: digest('other'),
      asOf: 1_999,
      validUntil: null,
      verdict: 'PASS_WITH_WAIVERS',
      verdictWithoutWaivers: 'FAIL',
    };
    for (const [column, value] of Object.entries(changes))
      expect(contradictions({ ...decision, [column]: value })).toEqual([column]);
    expect(contradictions({ ...decision, document: made.document.replace('PASS', 'FAIL') })).toEqual([
      'documentDigest',
    ]);
  });

  it('says what it was judged with', () => {
    expect(parseDecision(decision)).toMatchObject({
      evidence: [
        { digest: item.storedDigest, document: item.documentDigest, collectedAt: '1970-01-01T00:00:01.000Z' },
      ],
      policies: [
        { policyId: 'secure-release', version: '1.0.0', digest: policy.digest, bundle: policy.bundle },
      ],
      validUntil: '1970-01-31T00:00:01.001Z',
    });
  });

  it('is summarised as a SLSA VSA that claims no level', () => {
    const summary = verificationSummary('https://assay.example/verifier', inputs, 'PASS_WITH_WAIVERS', 2_001);
    expect(summary).toEqual({
      verifier: { id: 'https://assay.example/verifier' },
      timeVerified: '1970-01-01T00:00:02.001Z',
      resourceUri: 'urn:assay:o1:artefact:ART_A',
      policy: { uri: 'urn:assay:o1:checklist:CHK_A:3', digest: { sha256: checklist.digest.slice(7) } },
      inputAttestations: [
        { uri: `urn:assay:o1:evidence:${item.storedDigest}`, digest: { sha256: item.storedDigest.slice(7) } },
      ],
      verificationResult: 'PASSED',
      verifiedLevels: [],
    });
    for (const verdict of ['FAIL', 'INDETERMINATE', 'ERROR'] as const)
      expect(verificationSummary('v', inputs, verdict, 0)).toMatchObject({
        verificationResult: 'FAILED',
        verifiedLevels: ['FAILED'],
      });
  });
});
