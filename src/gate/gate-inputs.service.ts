import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { WaiverRead } from '../waiver/waiver.read.js';
import { baselineNamed } from './baseline-named.js';
import type { PinnedChecklist } from './checklist.js';
import type { ChecklistSource } from './checklist.port.js';
import { asInputs, orderEvidence, type GateInputs } from './decision-input.js';
import type { Gate } from './gate.js';
import type { GateRead } from './gate.read.js';
import type { GateProblem } from './problem.js';
import type { JudgedArtefact } from './subject.js';
import type { SubjectSource } from './subject.port.js';

/** Whom a gate is asked about. */
export interface GateQuestion {
  readonly orgId: string;
  readonly gateId: string;
  readonly artId?: string;
  readonly digest: Digest;
  /** Absent for a question about now. */
  readonly asOf?: Instant;
  /** An earlier version of the same artefact, which new findings are told from old ones by. */
  readonly baseline?: Digest;
}

/** A question whose fixed parts are known; what is still on its way may change. */
export interface ResolvedQuestion {
  readonly gate: Gate;
  readonly checklist: PinnedChecklist;
  readonly artefact: JudgedArtefact;
  readonly asOf?: Instant;
  readonly baseline?: JudgedArtefact;
}

/** Gathers what a decision is a function of. Reads only. */
export class GateInputReader {
  constructor(
    private readonly gates: Pick<GateRead, 'gate'>,
    private readonly checklists: ChecklistSource,
    private readonly subjects: SubjectSource,
    private readonly waivers: Pick<WaiverRead, 'candidates'>,
  ) {}

  async resolve({
    orgId,
    gateId,
    artId,
    digest,
    asOf,
    baseline: named,
  }: GateQuestion): Promise<Result<ResolvedQuestion, GateProblem>> {
    const [gate, artefacts] = await Promise.all([
      this.gates.gate(orgId, gateId),
      this.subjects.artefacts(orgId, digest, artId),
    ]);
    if (!gate) return failed({ kind: 'GateNotFound', gateId });
    const [artefact, another] = artefacts.filter(
      ({ registeredAt }) => asOf === undefined || registeredAt <= asOf,
    );
    if (!artefact) return failed({ kind: 'ArtefactNotFound', digest, artId: artId ?? null });
    if (another)
      return failed({
        kind: 'ArtefactAmbiguous',
        digest,
        artIds: artefacts.map((each) => each.artId).sort(),
      });
    const { chkId } = gate;
    const version = gate.checklistVersion ?? (await this.checklists.active(orgId, chkId));
    if (version === null) return failed({ kind: 'ChecklistNotActive', chkId });
    const checklist = await this.checklists.pinned(orgId, chkId, version);
    if (!checklist) return failed({ kind: 'ChecklistNotFound', chkId, version });
    const baseline = await this.baseline(orgId, artefact, baselineNamed(checklist, artefact.artId, named));
    if (!baseline.ok) return baseline;
    const [base] = baseline.value;
    return ok({
      gate,
      checklist,
      artefact,
      ...(asOf !== undefined && { asOf }),
      ...(base && { baseline: base }),
    });
  }

  /** The version itself, or one made after it, would make everything it holds an old thing. */
  private async baseline(
    orgId: string,
    artefact: JudgedArtefact,
    named: Result<Digest | undefined, GateProblem>,
  ): Promise<Result<readonly JudgedArtefact[], GateProblem>> {
    if (!named.ok) return named;
    const { artId } = artefact;
    const digest = named.value;
    if (digest === undefined) return ok([]);
    const [found] = await this.subjects.artefacts(orgId, digest, artId);
    if (!found) return failed({ kind: 'BaselineNotFound', artId, digest });
    return found.digest === artefact.digest || found.registeredAt > artefact.registeredAt
      ? failed({ kind: 'InvalidInput', path: 'baseline', expected: `an earlier version of ${artId}` })
      : ok([found]);
  }

  /** The rest of the inputs, or what is still being normalised. */
  async gather(question: ResolvedQuestion): Promise<Result<GateInputs, GateProblem>> {
    const { gate, checklist, artefact, asOf, baseline } = question;
    const { orgId, gateId } = gate;
    const { artId, digest } = artefact;
    const [evidence, before, waivers] = await Promise.all([
      this.subjects.evidence(orgId, { artId, digest }, asOf),
      baseline && this.subjects.evidence(orgId, { artId, digest: baseline.digest }, asOf),
      this.waivers.candidates(orgId, { gateId, artId, digest }),
    ]);
    const awaited = [...evidence.pending, ...(before?.pending ?? [])];
    if (awaited.length > 0) return failed({ kind: 'EvidencePending', awaited });
    const facts = { orgId, gate, checklist, artefact, evidence: orderEvidence(evidence.normalised), waivers };
    if (!baseline || !before) return ok(asInputs(facts));
    const base = { artId, digest: baseline.digest, evidence: orderEvidence(before.normalised) };
    return ok(asInputs({ ...facts, baseline: base }));
  }
}
