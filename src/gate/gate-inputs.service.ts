import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { WaiverRead } from '../waiver/waiver.read.js';
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
}

/** A question whose fixed parts are known; what is still on its way may change. */
export interface ResolvedQuestion {
  readonly gate: Gate;
  readonly checklist: PinnedChecklist;
  readonly artefact: JudgedArtefact;
  readonly asOf?: Instant;
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
    return checklist
      ? ok({ gate, checklist, artefact, ...(asOf !== undefined && { asOf }) })
      : failed({ kind: 'ChecklistNotFound', chkId, version });
  }

  /** The rest of the inputs, or what is still being normalised. */
  async gather({
    gate,
    checklist,
    artefact,
    asOf,
  }: ResolvedQuestion): Promise<Result<GateInputs, GateProblem>> {
    const { orgId, gateId } = gate;
    const { artId, digest } = artefact;
    const [evidence, waivers] = await Promise.all([
      this.subjects.evidence(orgId, { artId, digest }, asOf),
      this.waivers.candidates(orgId, { gateId, artId, digest }),
    ]);
    if (evidence.pending.length > 0) return failed({ kind: 'EvidencePending', awaited: evidence.pending });
    const inOrder = orderEvidence(evidence.normalised);
    return ok(asInputs({ orgId, gate, checklist, artefact, evidence: inOrder, waivers }));
  }
}
