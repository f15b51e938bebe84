import type { BlobStore } from '../kernel/blob.js';
import { parseRfc3339 } from '../kernel/clock.js';
import { sha256, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { BundleSource } from '../rego/engine.port.js';
import type { WaiverRead } from '../waiver/waiver.read.js';
import type { WaiverRecord } from '../waiver/waiver.js';
import type { PinnedChecklist } from './checklist.js';
import type { ChecklistSource } from './checklist.port.js';
import { asInputs, policyRef, type GateInputs } from './decision-input.js';
import {
  contradictions,
  parseDecision,
  type Decision,
  type DecisionDocument,
  type EvidenceRef,
} from './decision.js';
import type { GateRead } from './gate.read.js';
import {
  checklistAsRecorded,
  compareReplay,
  cutShort,
  waiverAsRecorded,
  wasUnreadable,
  type Replay,
} from './replay.js';
import type { ReplayGap, ReplayImpossible, ReplayProblem } from './replay-problem.js';
import type { RuleJudge } from './rule-judge.service.js';
import type { JudgedArtefact, JudgedEvidence } from './subject.js';
import type { SubjectSource } from './subject.port.js';

/** Nobody waits at a gate for a replay. */
const DEADLINE_MS = 60_000;

/** Where what a decision was made with is kept. */
export interface RecordedSources {
  readonly checklists: ChecklistSource;
  readonly subjects: Pick<SubjectSource, 'artefacts'>;
  readonly waivers: Pick<WaiverRead, 'byId'>;
  readonly bundles: BundleSource;
  readonly blobs: BlobStore;
}

/**
 * Judges recorded decisions again, from nothing but what was recorded: the same pure path, with the inputs as
 * they were. Later evidence, waivers, checklist versions and policies make no difference. Records nothing.
 */
export class ReplayService {
  constructor(
    private readonly read: Pick<GateRead, 'decision'>,
    private readonly sources: RecordedSources,
    private readonly rules: RuleJudge,
  ) {}

  async find(orgId: string, decisionId: string): Promise<Result<Decision, ReplayProblem>> {
    const decision = await this.read.decision(orgId, decisionId);
    return decision ? ok(decision) : failed({ kind: 'DecisionNotFound', decisionId });
  }

  async replay(decision: Decision): Promise<Result<Replay, ReplayImpossible>> {
    const unfinished = cutShort(parseDecision(decision));
    if (unfinished.length > 0)
      return impossible(unfinished.map((name) => ({ what: 'RUN', name, state: 'CUT_SHORT' })));
    const inputs = await this.inputsOf(decision);
    if (!inputs.ok) return inputs;
    const { document } = await this.rules.judge(inputs.value, decision.asOf, DEADLINE_MS);
    return ok(compareReplay(decision, document));
  }

  /** What it was judged with, or all that is not as it was. */
  async inputsOf(decision: Decision): Promise<Result<GateInputs, ReplayImpossible>> {
    const changed = contradictions(decision);
    if (changed.length > 0)
      return impossible([{ what: 'DECISION', name: changed.join(', '), state: 'CHANGED' }]);
    const document = parseDecision(decision);
    const { orgId } = decision;
    const gaps: ReplayGap[] = [];
    const [checklist, artefact, waivers] = await Promise.all([
      this.checklist(orgId, document, gaps),
      this.artefact(orgId, document, gaps),
      this.waivers(orgId, document, gaps),
      this.evidence(orgId, document, gaps),
    ]);
    if (checklist) await this.modules(checklist, gaps);
    if (!checklist || !artefact || gaps.length > 0) return impossible(gaps);
    const { gate } = document;
    const evidence = recordedEvidence(document.evidence);
    const baseline = document.baseline && {
      ...document.baseline,
      evidence: recordedEvidence(document.baseline.evidence),
    };
    const inputs = asInputs({ orgId, gate, checklist, artefact, evidence, baseline, waivers });
    // Whatever has no digest of its own: the agent's header, who made it, and the rest of what was gathered.
    return inputs.digest === decision.inputsDigest
      ? ok(inputs)
      : impossible([{ what: 'INPUTS', name: decision.inputsDigest, state: 'CHANGED' }]);
  }

  private async checklist(
    orgId: string,
    document: DecisionDocument,
    gaps: ReplayGap[],
  ): Promise<PinnedChecklist | undefined> {
    const { chkId, version, digest } = document.checklist;
    const name = `${chkId}@${String(version)}`;
    const pinned = await this.sources.checklists.pinned(orgId, chkId, version);
    if (pinned?.digest !== digest) {
      gaps.push({ what: 'CHECKLIST', name, state: pinned ? 'CHANGED' : 'MISSING' });
      return undefined;
    }
    const refs = pinned.policies.map((policy) => JSON.stringify(policyRef(policy)));
    for (const recorded of document.policies) {
      const { policyId, version: of, digest: policyDigest, bundle } = recorded;
      const wanted = JSON.stringify({ policyId, version: of, digest: policyDigest, bundle });
      if (!refs.includes(wanted)) gaps.push({ what: 'POLICY', name: `${policyId}@${of}`, state: 'CHANGED' });
    }
    return checklistAsRecorded(pinned, document);
  }

  private async modules({ bundle, policies }: PinnedChecklist, gaps: ReplayGap[]): Promise<void> {
    const used = bundle === undefined ? policies.map((policy) => policy.bundle) : [bundle];
    for (const name of new Set(used)) {
      const state = await this.sources.bundles.get(name).then(
        (found) => (found ? undefined : 'MISSING'),
        () => 'CHANGED' as const, // its bytes do not have their digest
      );
      if (state) gaps.push({ what: 'MODULE', name, state });
    }
  }

  private async artefact(
    orgId: string,
    { artefact: { artId, digest } }: DecisionDocument,
    gaps: ReplayGap[],
  ): Promise<JudgedArtefact | undefined> {
    const [found] = await this.sources.subjects.artefacts(orgId, digest, artId);
    if (!found) gaps.push({ what: 'ARTEFACT', name: `${artId} ${digest}`, state: 'MISSING' });
    return found;
  }

  private async waivers(
    orgId: string,
    { waivers: { considered } }: DecisionDocument,
    gaps: ReplayGap[],
  ): Promise<readonly WaiverRecord[]> {
    const records: WaiverRecord[] = [];
    for (const ref of considered) {
      const record = await this.sources.waivers.byId(orgId, ref.waiverId);
      const then = record && waiverAsRecorded(record, ref);
      if (then) records.push(then);
      else gaps.push({ what: 'WAIVER', name: ref.waiverId, state: record ? 'CHANGED' : 'MISSING' });
    }
    return records;
  }

  private async evidence(orgId: string, document: DecisionDocument, gaps: ReplayGap[]): Promise<void> {
    if (wasUnreadable(document)) return;
    for (const { document: digest } of [...document.evidence, ...(document.baseline?.evidence ?? [])]) {
      const bytes = await this.sources.blobs.get(orgId, digest);
      if (!bytes) gaps.push({ what: 'EVIDENCE', name: digest, state: 'MISSING' });
      else if (sha256(bytes) !== digest) gaps.push({ what: 'EVIDENCE', name: digest, state: 'CHANGED' });
    }
  }
}

const impossible = (gaps: readonly ReplayGap[]): Result<never, ReplayImpossible> =>
  failed({ kind: 'ReplayImpossible', gaps });

const recordedEvidence = (evidence: readonly EvidenceRef[]): readonly JudgedEvidence[] =>
  evidence.map(({ digest, document, collectedAt, part }) => ({
    storedDigest: digest,
    documentDigest: document,
    collectedAt: instantOf(collectedAt, digest),
    ...(part && { part }),
  }));

/** Of a document whose digest has just been checked. */
function instantOf(text: string, digest: Digest): number {
  const instant = parseRfc3339(text);
  if (instant === undefined) throw new Error(`evidence ${digest} was collected at ${text}`);
  return instant;
}
