import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { idempotencyKey, type IdempotencyKey } from '../../kernel/id.js';
import { refused } from '../../kernel/refusal.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { WaiverStore } from '../../waiver/waiver.store.js';
import { waiverContext } from '../decision-input.js';
import { parseDecision } from '../decision.js';
import type { GateInputReader } from '../gate-inputs.service.js';
import type { GateRead } from '../gate.read.js';
import type { Gate } from '../gate.js';
import { passes } from '../verdict.js';
import type { FixTaskOrder, FixTasks } from './fix-task.port.js';
import { coverOf, openRules, type OpenRule } from './override.js';
import { stepEntry } from './run-entry.js';
import type { RunPolicy, RunToResolve } from './run-policy.port.js';
import type { RunProblem } from './run-problem.js';
import { moveRun, type RunAction } from './run-state.js';
import type { GateRunRead } from './run.read.js';
import type { GateRunStore, RunChange } from './run.store.js';
import { dueFrom, escalationAt, NOTHING_MORE, type GateRun, type RunStep } from './run.js';

export interface ResolveRun {
  readonly runId: string;
  /** Audit note, required, kept encrypted. */
  readonly note: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface RejectRun extends ResolveRun {
  /** Kebab-case: why it is sent back. */
  readonly reasonCode: string;
  readonly remediation: FixTaskOrder['remediation'];
}

interface Stores {
  readonly runs: GateRunStore;
  readonly waivers: Pick<WaiverStore, 'hold'>;
  readonly fixTasks: FixTasks;
  readonly ledger: Ledger;
}

/** Where what a run needs to be looked at with is read. */
export interface RunReads {
  readonly runs: Pick<GateRunRead, 'run' | 'steps'>;
  readonly gates: Pick<GateRead, 'gate' | 'decision'>;
  readonly inputs: GateInputReader;
}

type Outcome = Result<GateRun, RunProblem>;
/** What one kind of step adds, once it is known that it may be taken. */
type Added = Result<{ readonly step: Partial<RunStep>; readonly change: RunChange }, RunProblem>;
interface Step {
  readonly action: Extract<RunAction, 'resume' | 'override' | 'reject'>;
  readonly kind: RunStep['kind'];
  readonly add: (
    stores: Stores,
    on: { run: GateRun; gate: Gate; at: Instant; key: IdempotencyKey },
  ) => Promise<Added>;
}

const MAX_NOTE = 2_000;
const REASON = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * What people do with a run that waits for them. Each is one transaction that ends with its ledger entry; repeated
 * under the same key it changes nothing. The policy is asked before, the state is looked at inside.
 */
export class GateRunService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: RunReads,
    private readonly policy: RunPolicy,
    private readonly clock: Clock,
  ) {}

  /** One more attempt, at once. */
  resume(command: ResolveRun, by: Actor): Promise<Outcome> {
    return this.take(command, by, {
      ...{ action: 'resume', kind: 'resumed' },
      add: (_, { run, gate, at }) => {
        const dueAt = dueFrom(gate, at);
        const nextEscalationAt = escalationAt(gate, dueAt, run.escalated);
        const attemptLimit = run.attempt + 1;
        return Promise.resolve(
          ok({
            step: { nextAttemptAt: at, dueAt },
            change: { attemptLimit, nextAttemptAt: at, dueAt, nextEscalationAt },
          }),
        );
      },
    });
  }

  /**
   * Lets the artefact go on although it could not be judged: only where active waivers stand for every rule that was
   * not. The recorded ERROR stays what it is.
   */
  async override(command: ResolveRun, by: Actor): Promise<Outcome> {
    const run = await this.read.runs.run(by.orgId, command.runId);
    const cover = run?.state === 'paused' ? await this.coverOf(run) : undefined;
    return this.take(command, by, {
      ...{ action: 'override', kind: 'overridden' },
      add: async ({ waivers }, { run: { runId, orgId }, at }) => {
        if (!cover || cover.uncovered.length > 0 || cover.waiverIds.length === 0)
          return failed({ kind: 'OverrideNotCovered', runId, rules: cover?.uncovered ?? [] });
        const held = await waivers.hold(orgId, cover.waiverIds); // nobody revokes them until this is recorded
        const still = coverOf(cover.open, held, cover.context, at);
        return still.uncovered.length === 0
          ? ok({ step: { waiverIds: still.waiverIds }, change: { finishedAt: at, nextEscalationAt: null } })
          : failed({ kind: 'OverrideNotCovered', runId, rules: still.uncovered });
      },
    });
  }

  /** Sends the artefact back: opens a fix task linked to the run, and counts as rework. */
  async reject(command: RejectRun, by: Actor): Promise<Outcome> {
    const { reasonCode, remediation } = command;
    if (!REASON.test(reasonCode))
      return failed({ kind: 'FieldInvalid', where: 'reasonCode', expected: 'a code in kebab-case' });
    return this.take(command, by, {
      ...{ action: 'reject', kind: 'rejected' },
      add: async ({ runs, fixTasks }, { run, gate: { projectId }, at, key }) => {
        const { orgId, runId, gateId, artId, artefactDigest, decisionId, question } = run;
        const decision = decisionId === null ? undefined : await this.read.gates.decision(orgId, decisionId);
        if (decision && passes(decision.verdict))
          return failed({ kind: 'RunPassed', runId, decisionId: decision.decisionId });
        const rework = (await runs.rejected(orgId, gateId, artId)) + 1;
        const { caseId, actId } = { ...question.context, ...command.context };
        const opened = await fixTasks.open(
          {
            ...{ orgId, projectId, gateId, runId, artId, artefactDigest, reasonCode, remediation },
            ...(caseId !== undefined && { caseId }),
            ...(actId !== undefined && { actId }),
            context: command.context,
            key: idempotencyKey(orgId, 'gate-run.fix-task', key.toString('hex')),
          },
          by,
          at,
        );
        if (!opened.ok)
          throw new Error(`run ${runId}: its fix task cannot be opened: ${opened.problem.kind}`);
        const { fixTaskId } = opened.value;
        return ok({
          step: { reasonCode, fixTaskId, rework },
          change: { finishedAt: at, nextEscalationAt: null, reasonCode },
        });
      },
    });
  }

  /** Whom a run waits for, and what of it the policy is asked. */
  async toResolve(run: GateRun, gate: Gate, action: RunToResolve['action']): Promise<RunToResolve> {
    const steps = run.escalated > 0 ? await this.read.runs.steps(run.orgId, run.runId) : [];
    const escalatedTo = steps.flatMap(({ kind, role }) =>
      kind === 'escalated' && role !== null ? [role] : [],
    );
    return {
      ...{ action, projectId: gate.projectId, gateId: run.gateId, requesterId: run.requestedBy },
      roles: [...new Set([run.ownerRole || gate.ownerRole, ...escalatedTo])],
    };
  }

  private async take(command: ResolveRun, by: Actor, what: Step): Promise<Outcome> {
    const { runId, note, context } = command;
    const { orgId, principalId } = by;
    if (note.trim() === '' || note.length > MAX_NOTE)
      return failed({ kind: 'FieldInvalid', where: 'note', expected: `1 to ${String(MAX_NOTE)} characters` });
    const found = await this.read.runs.run(orgId, runId);
    const gate = found && (await this.read.gates.gate(orgId, found.gateId));
    if (!gate) return failed({ kind: 'GateRunNotFound', runId });
    const may = await this.policy.mayResolve(by, await this.toResolve(found, gate, what.action));
    const key = idempotencyKey(orgId, `gate-run.${what.action} ${principalId}`, command.idempotencyKey);
    return this.tx<GateRun, RunProblem>(async (stores) => {
      const { runs, ledger } = stores;
      const run = await runs.lock(orgId, runId);
      if (!run) return failed({ kind: 'GateRunNotFound', runId });
      const done = await runs.stepBy(orgId, key);
      if (done) return done.runId === runId && done.kind === what.kind ? ok(run) : failed(CONFLICT);
      const moved = moveRun(runId, run.state, what.action);
      if (!moved.ok) return moved;
      if (!may.allowed) return failed({ kind: 'NotPermitted', ...refused(may) });
      const at = this.clock.now();
      const added = await what.add(stores, { run, gate, at, key });
      if (!added.ok) return added;
      const step: RunStep = {
        ...NOTHING_MORE,
        ...{
          runId,
          orgId,
          ordinal: run.steps + 1,
          kind: what.kind,
          at,
          by: principalId,
          attempt: run.attempt,
        },
        ...{ stateBefore: run.state, stateAfter: moved.value },
        ...added.value.step,
      };
      const change = { ...added.value.change, state: moved.value };
      await runs.step(step, change, key);
      const { projectId } = gate;
      const after = { ...run, ...change, steps: step.ordinal };
      const appended = await ledger.append(
        stepEntry({ run: after, step, projectId, actor: by, context, note, key }),
      );
      return appended.ok ? ok(after) : appended;
    });
  }

  /** What stands in the way of a run that waits, and which waivers stand for it now; undefined when nobody can tell. */
  private async coverOf(run: GateRun) {
    const { orgId, runId, gateId, artId, artefactDigest: digest } = run;
    const question = await this.read.inputs.resolve({ orgId, gateId, artId, digest });
    if (!question.ok) return undefined;
    const inputs = await this.read.inputs.gather(question.value);
    if (!inputs.ok) return undefined;
    const steps = await this.read.runs.steps(orgId, runId);
    const last = steps.findLast(({ kind }) => kind === 'paused');
    const open = await this.openRules(run, last?.decisionId ?? null, question.value);
    const context = waiverContext(inputs.value, []);
    return { open, context, ...coverOf(open, inputs.value.waivers, context, this.clock.now()) };
  }

  /** Without a recorded ERROR nobody knows what was judged: every rule that could stop the artefact is open. */
  private async openRules(
    { orgId }: GateRun,
    decisionId: string | null,
    {
      gate,
      checklist,
    }: { readonly gate: Gate; readonly checklist: { readonly policies: readonly PinnedRules[] } },
  ): Promise<readonly OpenRule[]> {
    const decision = decisionId === null ? undefined : await this.read.gates.decision(orgId, decisionId);
    if (decision) return openRules(parseDecision(decision).rules, gate.severityRules);
    const tightens = Object.values(gate.severityRules).includes('block');
    return checklist.policies.flatMap(({ rules }) =>
      rules
        .filter(({ effect }) => effect === 'block' || (effect === 'warn' && tightens))
        .map(({ ruleId }) => ({ ruleId, why: 'not-judged' as const })),
    );
  }
}

interface PinnedRules {
  readonly rules: readonly { readonly ruleId: string; readonly effect: string }[];
}

const CONFLICT: RunProblem = { kind: 'IdempotencyConflict', seq: null };
