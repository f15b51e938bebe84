import type { Instant } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { ok, type Result } from '../../kernel/result.js';
import type { IdempotencyConflict, Ledger } from '../../ledger/ledger.js';
import type { Gate } from '../gate.js';
import { stepEntry } from './run-entry.js';
import type { GateRunStore } from './run.store.js';
import { afterFailure, NOTHING_MORE, type GateRun, type RunStep } from './run.js';

/** An attempt that ended without a verdict, for our own fault. */
export interface FailedAttempt {
  readonly orgId: string;
  readonly runId: string;
  readonly attempt: number;
  /** `gate-run.error-verdict`, `gate-run.crashed`, `gate-run.timed-out`, `gate-run.gate-not-found` … */
  readonly reasonCode: string;
  /** The ERROR that was recorded. */
  readonly decisionId: string | null;
}

/**
 * Counts an attempt that failed: the run is tried again later, or waits for a person when it was tried often enough.
 * Whoever finds out first records it; for the others, and for a run that has gone on meanwhile, nothing happens.
 */
export async function recordFailure(
  { runs, ledger }: { readonly runs: GateRunStore; readonly ledger: Ledger },
  failure: FailedAttempt,
  gate: Pick<Gate, 'retry' | 'pauseMs' | 'escalation' | 'projectId'>,
  at: Instant,
): Promise<Result<GateRun | undefined, IdempotencyConflict>> {
  const { orgId, runId, attempt, reasonCode, decisionId } = failure;
  const run = await runs.lock(orgId, runId);
  if (run?.state !== 'running' || run.attempt !== attempt) return ok(run);
  const after = afterFailure(run, gate, at);
  const isOver = after.state === 'paused';
  const step: RunStep = {
    ...NOTHING_MORE,
    ...{ runId, orgId, ordinal: run.steps + 1, at, by: null, attempt, reasonCode, decisionId },
    kind: isOver ? 'paused' : 'retried',
    stateBefore: run.state,
    stateAfter: after.state,
    nextAttemptAt: after.nextAttemptAt,
    dueAt: isOver ? after.dueAt : null,
    role: isOver ? run.ownerRole : null,
  };
  const key = idempotencyKey(orgId, 'gate-run.attempt-failed', `${runId} ${String(attempt)}`);
  await runs.step(step, { ...after, reasonCode }, key);
  const { projectId } = gate;
  const appended = await ledger.append(
    stepEntry({ run, step, projectId, actor: 'system', context: {}, key }),
  );
  return appended.ok ? ok({ ...run, ...after, steps: step.ordinal, reasonCode }) : appended;
}
