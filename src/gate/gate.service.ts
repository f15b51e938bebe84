import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, uuidFromKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { GateInputs } from './decision-input.js';
import type { GateInputReader, ResolvedQuestion } from './gate-inputs.service.js';
import {
  answersSame,
  CONFLICT,
  type Attempt,
  type AttemptOf,
  type EvaluateGate,
  type GateAnswer,
  type RunUnderWay,
} from './gate-question.service.js';
import { GateRecorder, type GateTransactions } from './gate-recorder.service.js';
import type { GateRead } from './gate.read.js';
import type { Gate } from './gate.js';
import type { GateProblem } from './problem.js';
import type { RuleJudge } from './rule-judge.service.js';
import { attemptKey, runIdOf, type GateRun } from './run/run.js';

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

type Outcome = Result<GateAnswer, GateProblem>;
/**
 * Asks a gate for a verdict. Answers the recorded decision while that is valid; otherwise judges, and answers
 * after the decision and its ledger entry are committed. What the engine cannot judge is recorded as ERROR; the run
 * is then tried again, or waits for a person, as its gate says.
 */
export class GateService {
  private readonly recorder: GateRecorder;

  constructor(
    private readonly tx: GateTransactions,
    private readonly read: GateRead,
    private readonly inputs: GateInputReader,
    private readonly rules: RuleJudge,
    private readonly clock: Clock,
    private readonly settings: GateSettings,
  ) {
    this.recorder = new GateRecorder(tx, clock, settings.verifierId);
  }

  async evaluateGate(command: EvaluateGate, by: Actor): Promise<Outcome> {
    const key = idempotencyKey(by.orgId, `gate.evaluate ${by.principalId}`, command.idempotencyKey);
    const [known, question] = await Promise.all([
      this.read.decision(by.orgId, uuidFromKey(key)),
      this.inputs.resolve({ ...command, orgId: by.orgId }),
    ]);
    if (known) return answersSame(known, command) ? ok({ decision: known, reused: true }) : failed(CONFLICT);
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
    if (!answer.ok)
      await this.recorder.fail({ ...of, orgId, gate }, `gate-run.${kebab(answer.problem.kind)}`, null);
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
      if (of.attempt > 1) await this.recorder.end(by.orgId, of, recorded.decisionId);
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
  private async decide(run: RunUnderWay, command: EvaluateGate, by: Actor): Promise<Attempt> {
    const { orgId } = run.inputs;
    if (run.attempt === 1) {
      const standing = await this.recorder.begin(run, command, by);
      if (standing !== 'begun') return this.answerOf(standing, command);
    }
    let answer: Attempt;
    try {
      const judgement = await this.rules.judge(run.inputs, run.asOf, run.gate.maxRunMs, command.evidence);
      answer = await this.recorder.record(run, judgement, command, by);
    } catch (error) {
      // Where even this cannot be recorded, the worker finds the run after its deadline.
      await this.recorder.fail({ ...run, orgId }, 'gate-run.crashed', null).catch(() => undefined);
      throw error;
    }
    if (answer.ok && !answer.value.reused && answer.value.decision.verdict === 'ERROR')
      await this.recorder.fail({ ...run, orgId }, 'gate-run.error-verdict', answer.value.decision.decisionId);
    // Told to who asked; a later attempt, which nobody waits for, is counted as failed instead.
    if (!answer.ok && answer.problem.kind !== 'InputsChanged' && run.attempt === 1)
      await this.recorder.end(orgId, run, null);
    return answer;
  }

  /** The same command again: what became of its run. */
  private async answerOf(run: GateRun, command: EvaluateGate): Promise<Attempt> {
    const { orgId, runId, state, decisionId, nextAttemptAt, ownerRole } = run;
    const decision = decisionId === null ? undefined : await this.read.decision(orgId, decisionId);
    if (!decision) return failed({ kind: 'RunWaiting', runId, state, nextAttemptAt, ownerRole });
    return answersSame(decision, command) ? ok({ decision, reused: true }) : failed(CONFLICT);
  }
}

const kebab = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
