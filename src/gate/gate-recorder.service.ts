import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { sha256 } from '../kernel/digest.js';
import { uuidFromKey } from '../kernel/id.js';
import { failed, ok } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { InGroup, InSet } from '../ledger/appender.service.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ChecklistStore } from '../policy/checklist/checklist.store.js';
import type { WaiverStore } from '../waiver/waiver.store.js';
import { waiverRefs, type WaiverRecord } from '../waiver/waiver.js';
import { decisionEntry } from './decision-entry.js';
import type { GateInputs } from './decision-input.js';
import type { DecisionOrder } from './decision-set.service.js';
import type { DecisionStore } from './decision.store.js';
import type { Decision } from './decision.js';
import {
  answersSame,
  CONFLICT,
  type Attempt,
  type AttemptOf,
  type EvaluateGate,
  type GateAnswer,
  type InputsChanged,
  type RunUnderWay,
} from './gate-question.service.js';
import type { Gate } from './gate.js';
import type { Judgement } from './judge.js';
import type { GateProblem } from './problem.js';
import { recordFailure } from './run/attempt-failure.js';
import type { GateRunStore, RunStart } from './run/run.store.js';
import { dueFrom, escalationsFrom, questionOf, type GateRun } from './run/run.js';

type Stores = {
  decisions: DecisionStore;
  runs: GateRunStore;
  waivers: Pick<WaiverStore, 'hold'>;
  checklists: Pick<ChecklistStore, 'hold'>;
  ledger: Ledger;
};
/** Transactions of the gate's own, and those that many decisions share. */
export interface GateTransactions {
  readonly alone: InTransaction<Stores>;
  readonly inGroup: InGroup<Stores>;
  /** Decisions that nothing stands against, in a few statements for all that are recorded at the moment. */
  readonly inSet: InSet<DecisionOrder>;
  /** Begins a run, with all that begin at the moment. Durable when it answers. */
  readonly begin: (run: RunStart) => Promise<'begun' | GateRun>;
}

/** Puts runs and decisions on record: all that a gate writes, each in one transaction. */
export class GateRecorder {
  constructor(
    private readonly tx: GateTransactions,
    private readonly clock: Clock,
    /** URI under which this installation signs as a verifier. */
    private readonly verifierId: string,
  ) {}

  /** The run is visible while it lasts. Answers what stands under the same command. */
  begin(run: RunUnderWay, command: EvaluateGate, by: Actor): Promise<'begun' | GateRun> {
    const { runId, startedAt, key, inputs, gate } = run;
    const dueAt = dueFrom(gate, startedAt);
    return this.tx.begin({
      ...{ runId, startedAt, dueAt, orgId: inputs.orgId, gateId: gate.gateId, entryKey: key },
      artId: inputs.artefact.artId,
      artefactDigest: inputs.artefact.digest,
      attemptLimit: gate.retry.count + 1,
      ownerRole: gate.ownerRole,
      requestedBy: by.principalId,
      deadlineAt: startedAt + gate.maxRunMs,
      escalationsAt: escalationsFrom(gate, dueAt),
      question: questionOf(command),
    });
  }

  /**
   * Decision, run and entry in one transaction. Together with others' where nothing stands against it, which is
   * nearly always; otherwise – somebody decided the same, or what was judged changed – by itself, to see what it is.
   */
  async record(run: RunUnderWay, judgement: Judgement, command: EvaluateGate, by: Actor): Promise<Attempt> {
    const decision = this.asDecision(run, judgement);
    const { verifierId } = this;
    const { context, replaces, rejudge } = command;
    const made = { ...run, ...judgement, decision, run, actor: by, context, verifierId };
    const entry = decisionEntry({ ...made, ...(replaces && { replaces }) });
    // After an ERROR the run goes on.
    if (decision.verdict === 'ERROR') return this.recordAlone(run, { decision, entry, judgement }, command);
    const { checklist, waiverRefs: considered } = run.inputs;
    const { runId, attempt } = run;
    const together = await this.tx.inSet({
      ...{ decision, entry, considered, runId, attempt, mayReuse: rejudge !== true },
      follows: run.follows ? { chkId: checklist.chkId, version: checklist.version } : null,
      waiverIds: judgement.judged.waiversApplied,
    });
    if (!together.ok) return together;
    if (together.value === 'written') return ok({ decision, reused: false });
    return this.recordAlone(run, { decision, entry, judgement }, command);
  }

  /**
   * Of several equal questions at once, one is recorded. Others' decisions may share the transaction: each sees those
   * before it as if they were committed, and its locks last until the commit of all. They are grouped by what is
   * locked exclusively, hence in one order everywhere.
   */
  private recordAlone(
    run: RunUnderWay,
    { decision, entry, judgement }: { decision: Decision; entry: EntryDraft; judgement: Judgement },
    command: EvaluateGate,
  ): Promise<Attempt> {
    const { orgId } = run.inputs;
    return this.tx.inGroup<GateAnswer, GateProblem | InputsChanged>(async (stores) => {
      const { decisions, runs, waivers, ledger } = stores;
      if (!(await isInForce(run, stores))) return failed({ kind: 'InputsChanged' });
      if (!command.rejudge) {
        await decisions.lockInputs(orgId, decision.inputsDigest);
        const winner = await decisions.findReusable(orgId, decision.inputsDigest, run.asOf);
        if (winner) {
          await runs.end(orgId, run, decision.decidedAt, winner.decisionId);
          return ok({ decision: winner, reused: true });
        }
      }
      const applied = await waivers.hold(orgId, judgement.judged.waiversApplied);
      if (!isAsJudged(applied, run.inputs)) return failed({ kind: 'InputsChanged' });
      if (!(await decisions.add(decision))) {
        const twin = await decisions.find(orgId, decision.decisionId); // the same command, sent twice at once
        if (!twin || !answersSame(twin, command)) return failed(CONFLICT);
        if (twin.verdict !== 'ERROR') await runs.end(orgId, run, decision.decidedAt, twin.decisionId);
        return ok({ decision: twin, reused: true });
      }
      // After an ERROR the run goes on: it is counted as a failed attempt once this is committed.
      const isOver = decision.verdict === 'ERROR' || (await end(runs, run, decision));
      if (!isOver) return failed(await tookOver(runs, run));
      const appended = await ledger.append(entry);
      return appended.ok ? ok({ decision, reused: false }) : appended;
    }, decision.inputsDigest);
  }

  private asDecision({ inputs, asOf, key }: RunUnderWay, { judged, document }: Judgement): Decision {
    const { orgId, gate, artefact, checklist } = inputs;
    return {
      decisionId: uuidFromKey(key),
      orgId,
      gateId: gate.gateId,
      artId: artefact.artId,
      artefactDigest: artefact.digest,
      chkId: checklist.chkId,
      checklistVersion: checklist.version,
      checklistDigest: checklist.digest,
      inputsDigest: inputs.digest,
      asOf,
      validUntil: judged.validUntil,
      verdict: judged.verdict,
      verdictWithoutWaivers: judged.verdictWithoutWaivers,
      document,
      documentDigest: sha256(document),
      decidedAt: this.clock.now(),
      entryKey: key,
    };
  }

  /** Of an attempt that leads to a decision that was on record before, or to none. */
  end(orgId: string, of: AttemptOf, decisionId: string | null): Promise<unknown> {
    return this.tx.alone(async ({ runs }) => {
      await runs.end(orgId, of, this.clock.now(), decisionId);
      return ok(undefined);
    });
  }

  /** Counts an attempt as failed. */
  fail(
    { orgId, runId, attempt, gate }: AttemptOf & { readonly orgId: string; readonly gate: Gate },
    reasonCode: string,
    decisionId: string | null,
  ): Promise<unknown> {
    return this.tx.alone((stores) =>
      recordFailure(stores, { orgId, runId, attempt, reasonCode, decisionId }, gate, this.clock.now()),
    );
  }
}

const end = (runs: GateRunStore, run: RunUnderWay, { decidedAt, decisionId }: Decision): Promise<boolean> =>
  runs.end(run.inputs.orgId, run, decidedAt, decisionId);

/**
 * The attempt was given up for dead, and another one is on its way or has decided: a run leads to one decision, so
 * what came late is not recorded. Asked again under the same key, the run answers with what it led to.
 */
async function tookOver(runs: GateRunStore, { runId, inputs }: RunUnderWay): Promise<GateProblem> {
  const run = await runs.lock(inputs.orgId, runId);
  if (!run) throw new Error(`run ${runId} is gone while it is decided`);
  const { state, nextAttemptAt, ownerRole } = run;
  return { kind: 'RunWaiting', runId, state, nextAttemptAt, ownerRole };
}

/** Whether a gate that follows its checklist judged with the version that is in force while it records. */
async function isInForce(
  { follows, inputs }: RunUnderWay,
  { checklists }: Pick<Stores, 'checklists'>,
): Promise<boolean> {
  const { chkId, version } = inputs.checklist;
  return !follows || (await checklists.hold(inputs.orgId, chkId)) === version;
}

/** Whether the waivers a judgement rests on are still what it took them for. */
const isAsJudged = (held: readonly WaiverRecord[], { waiverRefs: judged }: GateInputs): boolean =>
  waiverRefs(held).every((now) =>
    judged.some((then) => then.waiverId === now.waiverId && then.digest === now.digest),
  );
