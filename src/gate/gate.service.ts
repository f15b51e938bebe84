import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { sha256, type Digest } from '../kernel/digest.js';
import { idempotencyKey, uuidFromKey, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { InGroup, InSet } from '../ledger/appender.service.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import { decisionEntry, type Replaced } from './decision-entry.js';
import type { GateInputs } from './decision-input.js';
import type { DecisionOrder } from './decision-set.service.js';
import type { DecisionStore } from './decision.store.js';
import { parseDecision, type Decision } from './decision.js';
import type { EvidenceGatherer } from './evidence-gatherer.service.js';
import type { GateInputReader, ResolvedQuestion } from './gate-inputs.service.js';
import type { GateRead } from './gate.read.js';
import type { Judgement } from './judge.js';
import type { GateProblem } from './problem.js';
import type { WaiverStore } from '../waiver/waiver.store.js';
import { waiverRefs, type WaiverRecord } from '../waiver/waiver.js';
import type { ChecklistStore } from '../policy/checklist/checklist.store.js';
import type { Gate } from './gate.js';
import type { RuleJudge } from './rule-judge.service.js';
import { recordFailure } from './run/attempt-failure.js';
import type { GateRunStore, RunStart } from './run/run.store.js';
import { attemptKey, dueFrom, escalationAt, runIdOf, type GateRun } from './run/run.js';

export interface EvaluateGate {
  readonly gateId: string;
  /** Needed only when the digest is registered under several ids. */
  readonly artId?: string;
  readonly digest: Digest;
  /** Judge as of this instant; now when absent. */
  readonly asOf?: Instant;
  /** An earlier version of the same artefact, which new findings are told from old ones by. */
  readonly baseline?: Digest;
  /** Judge anew even when a recorded decision is valid. */
  readonly rejudge?: boolean;
  /** How long to wait for evidence that is still being normalised; at most `MAX_WAIT_MS`. */
  readonly waitMs?: number;
  /** Of questions that are asked together; otherwise each reads for itself. */
  readonly evidence?: EvidenceGatherer;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
  /** The decision that this one takes the place of, where one was found stale; on record in its entry. */
  readonly replaces?: Replaced;
}

export interface GateAnswer {
  readonly decision: Decision;
  /** True when it had been recorded before this question. */
  readonly reused: boolean;
}

/** What the installation gives the service beside its stores. */
export interface GateSettings {
  /** URI under which this installation signs as a verifier. */
  readonly verifierId: string;
  pause(ms: number): Promise<void>;
}

/** A caller may hold a connection this long for evidence that is on its way. */
export const MAX_WAIT_MS = 30_000;
const POLL_MS = 200;

/** Waivers or checklists that change faster than a gate can decide are an error, after this many tries. */
const MAX_TRIES = 5;

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
type Outcome = Result<GateAnswer, GateProblem>;
/**
 * Between judging and recording somebody revoked a waiver or put another version of the checklist in force:
 * what was judged must not be recorded any more.
 */
interface InputsChanged {
  readonly kind: 'InputsChanged';
}
type Attempt = Result<GateAnswer, GateProblem | InputsChanged>;
/** Which attempt of which run, and the key of the decision that it makes. */
interface AttemptOf {
  readonly runId: string;
  readonly attempt: number;
  readonly key: IdempotencyKey;
}
/** One evaluation on its way to being recorded. */
interface Run extends AttemptOf {
  readonly startedAt: Instant;
  readonly gate: Gate;
  readonly asOf: Instant;
  readonly inputs: GateInputs;
  /** Whether the gate judges with the version in force, which may change under it. */
  readonly follows: boolean;
}

/**
 * Asks a gate for a verdict. Answers the recorded decision while that is valid; otherwise judges, and answers
 * after the decision and its ledger entry are committed. What the engine cannot judge is recorded as ERROR; the run
 * is then tried again, or waits for a person, as its gate says.
 */
export class GateService {
  constructor(
    private readonly tx: GateTransactions,
    private readonly read: GateRead,
    private readonly inputs: GateInputReader,
    private readonly rules: RuleJudge,
    private readonly clock: Clock,
    private readonly settings: GateSettings,
  ) {}

  async evaluateGate(command: EvaluateGate, by: Actor): Promise<Outcome> {
    const key = idempotencyKey(by.orgId, `gate.evaluate ${by.principalId}`, command.idempotencyKey);
    const [known, question] = await Promise.all([
      this.read.decision(by.orgId, uuidFromKey(key)),
      this.inputs.resolve({ ...command, orgId: by.orgId }),
    ]);
    if (known) return answersSame(known, command) ? ok({ decision: known, reused: true }) : failed(conflict);
    return this.ask(command, by, { runId: runIdOf(by.orgId, key), attempt: 1, key }, question);
  }

  /**
   * Makes the next attempt of a run that is queued and due, in the name of who asked. One that is not, or that
   * somebody else takes, is left alone.
   */
  async attempt(orgId: string, runId: string): Promise<void> {
    const taken = await this.tx.alone<{ run: GateRun; gate: Gate } | undefined, never>(async ({ runs }) => {
      const standing = await runs.lock(orgId, runId);
      const gate = standing && (await this.read.gate(orgId, standing.gateId));
      const run = gate && (await runs.take(orgId, runId, this.clock.now(), gate.maxRunMs));
      return ok(run && { run, gate });
    });
    if (!taken.ok || !taken.value) return;
    const { run, gate } = taken.value;
    const { gateId, artId, artefactDigest: digest, attempt, question, requestedBy } = run;
    const of = { runId, attempt, key: attemptKey(run) };
    const by: Actor = { orgId, principalId: requestedBy, kind: 'service', roles: [] };
    const answer = await this.ask({ gateId, artId, digest, ...question, idempotencyKey: '' }, by, of);
    if (!answer.ok) await this.fail({ ...of, orgId, gate }, `gate-run.${kebab(answer.problem.kind)}`, null);
  }

  /** `resolved`: where it was looked up already, for the first try. */
  private async ask(
    command: EvaluateGate,
    by: Actor,
    of: AttemptOf,
    resolved?: Result<ResolvedQuestion, GateProblem>,
  ): Promise<Outcome> {
    for (let tried = 0; tried < MAX_TRIES; tried++) {
      const question =
        (tried === 0 ? resolved : undefined) ?? (await this.inputs.resolve({ ...command, orgId: by.orgId }));
      if (!question.ok) return question;
      const answer = await this.answer(question.value, command, by, of);
      if (answer.ok || answer.problem.kind !== 'InputsChanged') return answer as Outcome;
    }
    throw new Error(`what ${command.gateId} judges with changed ${MAX_TRIES} times while it was deciding`);
  }

  private async answer(
    question: ResolvedQuestion,
    command: EvaluateGate,
    by: Actor,
    of: AttemptOf,
  ): Promise<Attempt> {
    const inputs = await this.gather(question, command.waitMs ?? 0);
    if (!inputs.ok) return inputs;
    const now = this.clock.now();
    const asOf = command.asOf ?? now;
    if (asOf > now) return failed({ kind: 'AsOfInFuture', asOf, now });
    const recorded = command.rejudge
      ? undefined
      : await this.read.reusable(by.orgId, inputs.value.digest, asOf);
    if (recorded) {
      if (of.attempt > 1) await this.end(by.orgId, of.runId, recorded.decisionId);
      return ok({ decision: recorded, reused: true });
    }
    const { gate } = question;
    const follows = gate.checklistVersion === null;
    const run = { ...of, gate, startedAt: now, asOf, inputs: inputs.value, follows };
    return this.decide(run, command, by);
  }

  /** Waits, if asked to, for evidence that is still being normalised; a decision without it would be a lie. */
  private async gather(question: ResolvedQuestion, waitMs: number): Promise<Result<GateInputs, GateProblem>> {
    const deadline = this.clock.now() + Math.min(waitMs, MAX_WAIT_MS);
    for (;;) {
      const inputs = await this.inputs.gather(question);
      const pending = !inputs.ok && inputs.problem.kind === 'EvidencePending';
      const leftMs = deadline - this.clock.now();
      if (!pending || leftMs <= 0) return inputs;
      await this.settings.pause(Math.min(POLL_MS, leftMs));
    }
  }

  /** The run is visible while it lasts; whatever happens to it, it is not left running. */
  private async decide(run: Run, command: EvaluateGate, by: Actor): Promise<Attempt> {
    const { orgId } = run.inputs;
    if (run.attempt === 1) {
      const standing = await this.begin(run, command, by);
      if (standing !== 'begun') return this.answerOf(standing, command);
    }
    let answer: Attempt;
    try {
      const judgement = await this.rules.judge(run.inputs, run.asOf, run.gate.maxRunMs, command.evidence);
      answer = await this.record(run, judgement, command, by);
    } catch (error) {
      // Where even this cannot be recorded, the worker finds the run after its deadline.
      await this.fail({ ...run, orgId }, 'gate-run.crashed', null).catch(() => undefined);
      throw error;
    }
    if (answer.ok && !answer.value.reused && answer.value.decision.verdict === 'ERROR')
      await this.fail({ ...run, orgId }, 'gate-run.error-verdict', answer.value.decision.decisionId);
    // Told to who asked; a later attempt, which nobody waits for, is counted as failed instead.
    if (!answer.ok && answer.problem.kind !== 'InputsChanged' && run.attempt === 1)
      await this.end(orgId, run.runId, null);
    return answer;
  }

  /** The same command again: what became of its run. */
  private async answerOf(run: GateRun, command: EvaluateGate): Promise<Attempt> {
    const { orgId, runId, state, decisionId, nextAttemptAt, ownerRole } = run;
    const decision = decisionId === null ? undefined : await this.read.decision(orgId, decisionId);
    if (!decision) return failed({ kind: 'RunWaiting', runId, state, nextAttemptAt, ownerRole });
    return answersSame(decision, command) ? ok({ decision, reused: true }) : failed(conflict);
  }

  /**
   * Decision, run and entry in one transaction. Together with others' where nothing stands against it, which is
   * nearly always; otherwise – somebody decided the same, or what was judged changed – by itself, to see what it is.
   */
  private async record(run: Run, judgement: Judgement, command: EvaluateGate, by: Actor): Promise<Attempt> {
    const decision = this.asDecision(run, judgement);
    const { verifierId } = this.settings;
    const { context, replaces, rejudge } = command;
    const made = { ...run, ...judgement, decision, run, actor: by, context, verifierId };
    const entry = decisionEntry({ ...made, ...(replaces && { replaces }) });
    // After an ERROR the run goes on.
    if (decision.verdict === 'ERROR') return this.recordAlone(run, { decision, entry, judgement }, command);
    const { checklist, waiverRefs: considered } = run.inputs;
    const together = await this.tx.inSet({
      ...{ decision, entry, considered, runId: run.runId, mayReuse: rejudge !== true },
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
    run: Run,
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
          await runs.end(orgId, run.runId, decision.decidedAt, winner.decisionId);
          return ok({ decision: winner, reused: true });
        }
      }
      const applied = await waivers.hold(orgId, judgement.judged.waiversApplied);
      if (!isAsJudged(applied, run.inputs)) return failed({ kind: 'InputsChanged' });
      if (!(await decisions.add(decision))) {
        const twin = await decisions.find(orgId, decision.decisionId); // the same command, sent twice at once
        if (!twin || !answersSame(twin, command)) return failed(conflict);
        if (twin.verdict !== 'ERROR') await runs.end(orgId, run.runId, decision.decidedAt, twin.decisionId);
        return ok({ decision: twin, reused: true });
      }
      // After an ERROR the run goes on: it is counted as a failed attempt once this is committed.
      if (decision.verdict !== 'ERROR')
        await runs.end(orgId, run.runId, decision.decidedAt, decision.decisionId);
      const appended = await ledger.append(entry);
      return appended.ok ? ok({ decision, reused: false }) : appended;
    }, decision.inputsDigest);
  }

  private asDecision({ inputs, asOf, key }: Run, { judged, document }: Judgement): Decision {
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

  private begin(run: Run, { asOf, context }: EvaluateGate, by: Actor): Promise<'begun' | GateRun> {
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
      nextEscalationAt: escalationAt(gate, dueAt, 0),
      question: { ...(asOf !== undefined && { asOf }), context },
    });
  }

  private end(orgId: string, runId: string, decisionId: string | null): Promise<unknown> {
    return this.tx.alone(async ({ runs }) => {
      await runs.end(orgId, runId, this.clock.now(), decisionId);
      return ok(undefined);
    });
  }

  private fail(
    { orgId, runId, attempt, gate }: AttemptOf & { readonly orgId: string; readonly gate: Gate },
    reasonCode: string,
    decisionId: string | null,
  ): Promise<unknown> {
    return this.tx.alone((stores) =>
      recordFailure(stores, { orgId, runId, attempt, reasonCode, decisionId }, gate, this.clock.now()),
    );
  }
}

const kebab = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const conflict: GateProblem = { kind: 'IdempotencyConflict', seq: null };

/** Whether a gate that follows its checklist judged with the version that is in force while it records. */
async function isInForce(
  { follows, inputs }: Run,
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

/** The key names who asked; a repetition must ask about the same thing, at the same as-of if it names one. */
const answersSame = (known: Decision, command: EvaluateGate): boolean =>
  known.gateId === command.gateId &&
  known.artefactDigest === command.digest &&
  (command.artId === undefined || command.artId === known.artId) &&
  (command.baseline === undefined || command.baseline === parseDecision(known).baseline?.digest) &&
  (command.asOf === undefined || command.asOf === known.asOf);
