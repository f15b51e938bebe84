import { describe, expect, it } from '@jest/globals';
import { MemoryBlobStore } from '../../test/support/memory-blobs.js';
import { composeFinding } from '../formats/compose-finding.js';
import { OccurrenceCounter } from '../formats/identity.js';
import { aDocument, encodeDocument, type EvidenceDocument } from '../formats/model/document.js';
import type { Finding } from '../formats/model/finding.js';
import { digestFrom, sha256 } from '../kernel/digest.js';
import { baselineNamed } from './baseline-named.js';
import type { PinnedPolicy } from './checklist.js';
import { asInputs, sharedInput, type GateInputs } from './decision-input.js';
import { EvidenceGatherer } from './evidence-gatherer.service.js';
import { MAX_FINDINGS } from './finding-selection.js';
import type { JudgedEvidence } from './subject.js';

const THEN = digestFrom(`gitCommit:${'a'.repeat(40)}`);
const NOW = digestFrom(`gitCommit:${'b'.repeat(40)}`);
const policy: PinnedPolicy = {
  ...{ policyId: 'p', version: '1.0.0', digest: sha256('p'), bundle: sha256('b'), readsClock: false },
  parameters: { floor: 'high' },
  rules: [
    {
      ...{ ruleId: 'r', entrypoint: 'assay/rules/r/result', effect: 'block', severity: 'high', title: 'r' },
      ...{ remediation: '', controls: [], messages: {}, findings: [{ kind: 'sast', from: 'floor' }] },
    },
  ],
};

function scan(
  spots: readonly (readonly [code: string, path?: string, severity?: Finding['severity']])[],
  given: Partial<EvidenceDocument> = {},
): EvidenceDocument {
  const occurrences = new OccurrenceCounter();
  const findings = spots.map(([code, path = 'a.js', severity = 'high'], at) =>
    composeFinding(
      { kind: 'sast', tool: 'semgrep', rule: 'r', severity, message: 'm', place: path, startLine: at, code },
      occurrences,
    ),
  );
  const tools = [{ name: 'semgrep', version: '1', versionFrom: 'file' as const }];
  return aDocument({ format: 'semgrep', kinds: ['sast'], state: 'COMPLETE', tools, findings, ...given });
}

async function stored(blobs: MemoryBlobStore, documents: readonly EvidenceDocument[], at = 1_000) {
  const items: JudgedEvidence[] = [];
  for (const [index, document] of documents.entries())
    items.push({
      storedDigest: sha256(`${String(at)} ${String(index)}`),
      documentDigest: await blobs.put('o1', encodeDocument(document)),
      collectedAt: at + index,
    });
  return items;
}

interface SeenBaseline {
  readonly problem: { readonly code: string } | null;
  readonly incomparable: Readonly<Record<string, string>>;
  readonly new: readonly { evidence: number; list: string; at: number }[];
  readonly unknown: readonly object[];
}

async function asked(
  head: readonly EvidenceDocument[],
  before: readonly EvidenceDocument[],
): Promise<{ readonly inputs: GateInputs; readonly seen: SeenBaseline; readonly rules: string[] }> {
  const blobs = new MemoryBlobStore();
  const inputs = asInputs({
    orgId: 'o1',
    gate: { gateId: 'GATE_A', locus: 'PR' },
    checklist: { chkId: 'C', version: 1, digest: sha256('c'), policies: [policy], freshness: { sast: 1 } },
    artefact: { artId: 'ART_A', digest: NOW, projectId: 'p', registeredAt: 2, authorId: null, agent: null },
    evidence: await stored(blobs, head),
    waivers: [],
    baseline: { artId: 'ART_A', digest: THEN, evidence: await stored(blobs, before, 1) },
  });
  const gathered = await new EvidenceGatherer(blobs).gather(inputs);
  if (!gathered.ok) throw new Error('unreadable');
  const members = sharedInput(inputs, gathered.value, 2_000);
  const evidence = JSON.parse(members['evidence']!.text) as { findings: { identity: { value: string } }[] }[];
  const seen = JSON.parse(members['baseline']!.text) as SeenBaseline;
  const places = seen.new.map(({ evidence: index, at }) => evidence[index]!.findings[at]!.identity.value);
  return { inputs, seen, rules: places };
}

const valueOf = (document: EvidenceDocument, at: number): string => document.findings[at]!.identity.value;

describe('what rules see of a baseline', () => {
  it('is where new findings stand: not what moved, what was renamed or what went', async () => {
    const head = scan([['moved'], ['new'], ['renamed', 'b.js']]);
    const before = scan([['gone'], ['renamed', 'a.js'], ['moved']]);
    const { seen, rules } = await asked([head], [before]);
    expect(rules).toEqual([valueOf(head, 1)]);
    expect(seen).toMatchObject({ problem: null, incomparable: {}, unknown: [] });
  });

  it('is held to the floor of the rules on both sides', async () => {
    const head = scan([
      ['risen', 'a.js', 'critical'],
      ['small', 'a.js', 'low'],
    ]);
    const { rules } = await asked([head], [scan([['risen', 'a.js', 'low']])]);
    expect(rules).toEqual([valueOf(head, 0)]);
  });

  it('is not decided where a run is missing or not complete', async () => {
    const head = scan([['x']]);
    for (const [before, why] of [
      [[], 'no-baseline'],
      [[scan([], { state: 'ERROR' })], 'not-complete'],
    ] as const)
      expect((await asked([head], before)).seen).toMatchObject({
        new: [],
        unknown: [{ evidence: 0, list: 'findings', at: 0 }],
        incomparable: { semgrep: why },
      });
  });

  it('does not mind how old the baseline is, nor a failed run that a later one replaced', async () => {
    const failed = scan([], { state: 'ERROR' });
    const head = scan([['x'], ['y']]);
    const { rules } = await asked([failed, head], [failed, scan([['x']])]);
    expect(rules).toEqual([valueOf(head, 1)]);
  });

  it('is nothing but the reason where there is more than one decision takes in', async () => {
    const traits = { kind: 'sast', level: 'error', severity: 'high', baseline: 'new' } as const;
    const large = scan([], {
      aggregates: [{ ...traits, toolSuppression: 'none', count: MAX_FINDINGS + 1 }],
      pages: [{ digest: sha256('never read'), sizeBytes: 1, counts: [MAX_FINDINGS + 1] }],
    });
    expect((await asked([scan([['x']])], [large])).seen).toMatchObject({
      problem: { code: 'gate.too-many-findings' },
      new: [],
      unknown: [],
    });
  });

  it('is part of what a decision is a function of', async () => {
    const [one, other] = [await asked([], [scan([['x']])]), await asked([], [scan([['y']])])];
    const { baseline: _, ...without } = one.inputs;
    expect(new Set([one, other].map(({ inputs }) => inputs.digest)).size).toBe(2);
    expect(asInputs(without).digest).not.toBe(one.inputs.digest);
  });
});

describe('which baseline it is', () => {
  const named = (versions: unknown) =>
    baselineNamed(
      { policies: [{ ...policy, parameters: { baseline_versions: versions } as never }] },
      'ART_A',
      THEN,
    );

  it('says the question, where the checklist names none for the artefact', () => {
    for (const none of [{}, undefined, { ART_B: [NOW] }, { ART_A: [] }])
      expect(named(none)).toEqual({ ok: true, value: THEN });
  });

  it('says the checklist, and the question cannot name another', () => {
    const { policies } = { policies: [{ ...policy, parameters: { baseline_versions: { ART_A: [NOW] } } }] };
    expect(baselineNamed({ policies }, 'ART_A', undefined)).toEqual({ ok: true, value: NOW });
    expect(baselineNamed({ policies }, 'ART_A', NOW)).toEqual({ ok: true, value: NOW });
    expect(baselineNamed({ policies }, 'ART_A', THEN)).toMatchObject({ problem: { path: 'baseline' } });
  });

  it('is refused where the checklist names two, or something else than a version', () => {
    for (const bad of [{ ART_A: [NOW, THEN] }, { ART_A: ['the one before'] }, { ART_A: [3] }])
      expect(named(bad)).toMatchObject({ problem: { kind: 'InvalidInput' } });
  });
});
