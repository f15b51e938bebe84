import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { ok } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { GateRead } from '../gate.read.js';
import { recordFailure } from './attempt-failure.js';
import { stepEntry } from './run-entry.js';
import type { GateRunRead, RunName } from './run.read.js';
import type { GateRunStore } from './run.store.js';
import { moveRun } from './run-state.js';
import { escalationAt, NOTHING_MORE, type RunStep } from './run.js';

/** Runs looked at in one round; the rest follow in the next. */
const ROUND = 200;
/** A run that is over its deadline may be recording at this moment: it is given this long. */
const GRACE_MS = 10_000;

/** What a job says; everything else is looked up. */
export interface AttemptJob {
  readonly orgId: string;
  readonly runId: string;
  readonly attempt: number;
}

/**
 * Looks after runs that nobody waits for: finds those whose process died, those whose next attempt is due, and those
 * that are late. All of it stands in the database: whatever queue or worker is lost, the next round finds it again.
 */
export class GateRunWatch {
  constructor(
    private readonly tx: InTransaction<{ runs: GateRunStore; ledger: Ledger }>,
    private readonly runs: Pick<GateRunRead, 'due' | 'dead' | 'late'>,
    private readonly gates: Pick<GateRead, 'gate'>,
    private readonly clock: Clock,
  ) {}

  /** Attempts that may be made now. */
  due(): Promise<readonly AttemptJob[]> {
    return this.runs.due(this.clock.now(), ROUND);
  }

  /** Counts attempts as failed whose process died, or took longer than its gate allows. Answers how many. */
  async endDead(): Promise<number> {
    const dead = await this.runs.dead(this.clock.now() - GRACE_MS, ROUND);
    for (const { orgId, runId, attempt } of dead)
      await this.tx(async (stores) => {
        const run = await stores.runs.lock(orgId, runId);
        const gate = run && (await this.gates.gate(orgId, run.gateId));
        if (!gate) return ok(undefined);
        const failure = { orgId, runId, attempt, reasonCode: 'gate-run.timed-out', decisionId: null };
        return recordFailure(stores, failure, gate, this.clock.now());
      });
    return dead.length;
  }

  /** Takes the next step of the path for every run that is late, once. Answers how many it took. */
  async escalate(): Promise<number> {
    let taken = 0;
    for (const name of await this.runs.late(this.clock.now(), ROUND))
      if (await this.escalateOne(name)) taken += 1;
    return taken;
  }

  private async escalateOne({ orgId, runId }: RunName): Promise<boolean> {
    const answer = await this.tx<boolean, unknown>(async ({ runs, ledger }) => {
      const run = await runs.lock(orgId, runId);
      const at = this.clock.now();
      if (run?.nextEscalationAt == null || run.nextEscalationAt > at) return ok(false);
      const moved = moveRun(runId, run.state, 'escalate');
      const gate = await this.gates.gate(orgId, run.gateId);
      const to = gate?.escalation[run.escalated];
      if (!moved.ok || !gate) return ok(false);
      const escalated = run.escalated + 1;
      const nextEscalationAt = escalationAt(gate, run.dueAt, escalated);
      const step: RunStep = {
        ...NOTHING_MORE,
        ...{ runId, orgId, ordinal: run.steps + 1, kind: 'escalated', at, by: null, attempt: run.attempt },
        ...{ stateBefore: run.state, stateAfter: moved.value, dueAt: run.dueAt },
        role: to?.role ?? run.ownerRole, // the path was cut short meanwhile: then whoever owns it hears of it
      };
      const key = idempotencyKey(orgId, 'gate-run.escalated', `${runId} ${String(escalated)}`);
      await runs.step(step, { escalated, nextEscalationAt }, key);
      const { projectId } = gate;
      const appended = await ledger.append(
        stepEntry({ run, step, projectId, actor: 'system', context: {}, key }),
      );
      return appended.ok ? ok(true) : appended;
    });
    if (!answer.ok) throw new Error(`run ${runId} cannot be escalated: ${JSON.stringify(answer.problem)}`);
    return answer.value;
  }
}
