import type { Actor } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { sha256, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { WaiverRead } from '../waiver/waiver.read.js';
import { approvedFrom, asKnownAt } from '../waiver/waiver.js';
import type { ChecklistSource } from './checklist.port.js';
import type { DecisionDocument } from './decision.js';
import { GateInputReader } from './gate-inputs.service.js';
import type { GateRead } from './gate.read.js';
import type { GateProblem } from './problem.js';
import type { RuleJudge } from './rule-judge.service.js';
import type { SubjectSource } from './subject.port.js';

export interface VerdictQuestion {
  readonly gateId: string;
  readonly artId?: string;
  readonly digest: Digest;
  readonly asOf: Instant;
}

/** A judgement that is recorded nowhere. */
export interface UnrecordedVerdict {
  readonly gateVersion: number;
  readonly asOf: Instant;
  readonly validUntil: Instant | null;
  readonly document: DecisionDocument;
  readonly documentDigest: Digest;
}

/** Which version of a checklist was in force at an instant; null when none was. Answered by the policy module. */
export interface ChecklistHistory {
  versionAt(orgId: string, chkId: string, at: Instant): Promise<number | null>;
}

/** Where what was known at an instant is read. */
export interface PastSources {
  readonly gates: Pick<GateRead, 'gateVersion'>;
  readonly checklists: Pick<ChecklistSource, 'pinned'>;
  readonly history: ChecklistHistory;
  readonly subjects: SubjectSource;
  readonly waivers: Pick<WaiverRead, 'candidates'>;
}

/**
 * What a gate would have said at an instant: judged by the same function, from what was known then – the gate's
 * definition and the checklist version that stood, the artefact where it was registered, evidence received until then,
 * waivers with the approvals and endings they had until then. Records nothing.
 */
export class VerdictAtService {
  constructor(
    private readonly sources: PastSources,
    private readonly rules: RuleJudge,
    private readonly clock: Clock,
  ) {}

  async verdictAt(
    { gateId, artId, digest, asOf }: VerdictQuestion,
    { orgId }: Actor,
  ): Promise<Result<UnrecordedVerdict, GateProblem>> {
    const now = this.clock.now();
    if (asOf > now) return failed({ kind: 'AsOfInFuture', asOf, now });
    const reader = this.readerAt(asOf);
    const question = await reader.resolve({
      ...{ orgId, gateId, digest, asOf },
      ...(artId !== undefined && { artId }),
    });
    if (!question.ok) return question;
    const inputs = await reader.gather(question.value);
    if (!inputs.ok) return inputs;
    const { gate } = question.value;
    const { judged, document } = await this.rules.judge(inputs.value, asOf, gate.maxRunMs);
    return ok({
      gateVersion: gate.version,
      asOf,
      validUntil: judged.validUntil,
      document: JSON.parse(document) as DecisionDocument,
      documentDigest: sha256(document),
    });
  }

  /** The reader of every question, of a world that ends at the instant. */
  private readerAt(asOf: Instant): GateInputReader {
    const { gates, checklists, history, subjects, waivers } = this.sources;
    return new GateInputReader(
      { gate: async (orgId, gateId) => (await gates.gateVersion(orgId, gateId, { at: asOf }))?.gate },
      {
        pinned: (orgId, chkId, version) => checklists.pinned(orgId, chkId, version),
        active: (orgId, chkId) => history.versionAt(orgId, chkId, asOf),
      },
      subjects,
      {
        candidates: async (orgId, at) =>
          (await waivers.candidates(orgId, at))
            .filter(({ waiver }) => waiver.requestedAt <= asOf)
            .map((record) => asKnownAt(record, asOf))
            .filter((record) => approvedFrom(record) !== undefined),
      },
    );
  }
}
