import { systemActor, type ProcessContext } from '../../kernel/actor.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { GateRead } from '../gate.read.js';
import type { GateService } from '../gate.service.js';
import type { DriftRead } from './drift.read.js';
import { causeName, PRIORITY } from './standing.js';

/** What a job says; everything else is looked up. */
export interface RejudgeJob {
  readonly orgId: string;
  readonly decisionId: string;
}

/** A job with what its queue should know of it. */
export interface PlannedJob {
  readonly job: RejudgeJob;
  /** Lower numbers first. */
  readonly priority: number;
}

/**
 * Judges stale decisions again. Which there are stands in the database, so a queue that is lost is filled again; the
 * key of the new decision is made of the old one, so however often a job comes there is one new decision.
 */
export class Rejudger {
  constructor(
    private readonly read: DriftRead,
    private readonly decisions: Pick<GateRead, 'decision'>,
    private readonly entries: Pick<LedgerRead, 'entryByKey'>,
    private readonly gates: Pick<GateService, 'evaluateGate'>,
  ) {}

  /** All that wait, the most urgent first. */
  async waiting(limit: number): Promise<readonly PlannedJob[]> {
    return (await this.read.waiting(limit)).map(({ orgId, decisionId, locus }) => ({
      job: { orgId, decisionId },
      priority: PRIORITY[locus],
    }));
  }

  /** Throws what should be tried again: evidence on its way, no checklist in force, a ledger that is busy. */
  async rejudge({ orgId, decisionId }: RejudgeJob): Promise<void> {
    const old = await this.decisions.decision(orgId, decisionId);
    if (!old) throw new Error(`decision ${decisionId}: not found`);
    const standing = await this.read.standing(old);
    if (standing?.decisionId !== decisionId) return; // somebody has asked meanwhile
    const causes = await this.read.causes(orgId, decisionId);
    if (causes.length === 0) return;
    const answer = await this.gates.evaluateGate(
      {
        gateId: old.gateId,
        artId: old.artId,
        digest: old.artefactDigest,
        rejudge: true,
        context: await this.contextOf(orgId, old.entryKey),
        idempotencyKey: `rejudge ${decisionId}`,
        replaces: { decisionId, causes: causes.map(({ cause }) => causeName(cause)) },
      },
      systemActor(orgId),
    );
    if (!answer.ok) throw new Error(`decision ${decisionId}: ${JSON.stringify(answer.problem)}`);
  }

  /** It belongs to the same case: what is judged again is not another story. */
  private async contextOf(orgId: string, entryKey: Buffer): Promise<ProcessContext> {
    const facts = (await this.entries.entryByKey(orgId, entryKey))?.recorded.facts;
    return {
      ...(facts?.caseId !== undefined && { caseId: facts.caseId }),
      ...(facts?.actId !== undefined && { actId: facts.actId }),
    };
  }
}
