import { plannedOnce } from '../../kernel/planned-once.js';
import type { EntityManager } from 'typeorm';
import type { Instant } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import {
  RUN_COLUMNS,
  runFrom,
  STEP_COLUMNS,
  stepFrom,
  type RunRow,
  type StepRow,
} from './run-row.read.pg.js';
import { statesFor } from './run-state.js';
import type { AttemptName, GateRunStore, RunChange, RunStart } from './run.store.js';
import type { GateRun, RunStep } from './run.js';

const date = (instant: Instant | null): Date | null => (instant === null ? null : new Date(instant));

/** Columns that a step may change. */
const COLUMNS: Readonly<Record<keyof RunChange, string>> = {
  state: 'state',
  attemptLimit: 'attempt_limit',
  finishedAt: 'finished_at',
  dueAt: 'due_at',
  nextAttemptAt: 'next_attempt_at',
  nextEscalationAt: 'next_escalation_at',
  escalated: 'escalated',
  reasonCode: 'reason_code',
};
const TIMES: readonly string[] = ['finishedAt', 'dueAt', 'nextAttemptAt', 'nextEscalationAt'];

const BEGIN = plannedOnce(`
  WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS d(
           run_id uuid, org_id uuid, gate_id text, art_id text, artefact_digest text, attempt_limit integer,
           owner_role text, requested_by uuid, started_at timestamptz, deadline_at timestamptz, due_at timestamptz,
           escalations_at timestamptz[], question jsonb, entry_key text)
  )
  INSERT INTO assay.gate_run AS r (run_id, org_id, gate_id, art_id, artefact_digest, attempt, attempt_limit, state,
         owner_role, requested_by, started_at, deadline_at, due_at, next_escalation_at, question, entry_key)
  SELECT run_id, org_id, gate_id, art_id, artefact_digest, 1, attempt_limit, 'running', owner_role, requested_by,
         started_at, deadline_at, due_at, escalations_at[1], question, decode(entry_key, 'hex')
    FROM given
  ON CONFLICT (run_id) DO UPDATE SET state = 'running', deadline_at = excluded.deadline_at, finished_at = NULL,
         due_at = CASE WHEN r.state = 'failed' THEN excluded.due_at ELSE r.due_at END,
         next_escalation_at = CASE WHEN r.state = 'failed'
           THEN (SELECT g.escalations_at[r.escalated + 1] FROM given g WHERE g.run_id = r.run_id)
           ELSE r.next_escalation_at END
   WHERE r.state = ANY ($2) AND r.attempt = 1
  RETURNING run_id`);

const rowOf = (run: RunStart): Readonly<Record<string, unknown>> => ({
  run_id: run.runId,
  org_id: run.orgId,
  gate_id: run.gateId,
  art_id: run.artId,
  artefact_digest: run.artefactDigest,
  attempt_limit: run.attemptLimit,
  owner_role: run.ownerRole,
  requested_by: run.requestedBy,
  started_at: new Date(run.startedAt),
  deadline_at: new Date(run.deadlineAt),
  due_at: new Date(run.dueAt),
  escalations_at: run.escalationsAt.map((at) => new Date(at)),
  question: run.question,
  entry_key: run.entryKey.toString('hex'),
});

export class PgGateRunStore implements GateRunStore {
  constructor(private readonly manager: EntityManager) {}

  /** A statement takes one row once only: who asks for the same run as another waits for that one. */
  async beginAll(orgId: string, runs: readonly RunStart[]): Promise<readonly ('begun' | GateRun)[]> {
    const first = new Map(runs.toReversed().map((run) => [run.runId, run]));
    const ordered = [...first.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1));
    const rows = await this.manager.query<{ run_id: string }[]>(BEGIN, [
      JSON.stringify(ordered.map(rowOf)),
      statesFor('ask'),
    ]);
    const begun = new Set(rows.map(({ run_id }) => run_id));
    const answers: ('begun' | GateRun)[] = [];
    for (const run of runs) {
      const isFirst = first.get(run.runId) === run;
      if (isFirst && begun.has(run.runId)) answers.push('begun');
      else if (isFirst) answers.push(await this.standing(orgId, run));
      else answers.push(...(await this.beginAll(orgId, [run])));
    }
    return answers;
  }

  private async standing(orgId: string, { runId }: RunStart): Promise<GateRun> {
    const standing = await this.find(orgId, runId, '');
    if (!standing) throw new Error(`run ${runId} can neither be begun nor be found`);
    return standing;
  }

  async take(orgId: string, runId: string, now: Instant, maxRunMs: number): Promise<GateRun | undefined> {
    const [rows] = await this.manager.query<[RunRow[], number]>(
      `UPDATE assay.gate_run SET state = 'running', attempt = attempt + 1, deadline_at = $3, next_attempt_at = NULL
        WHERE org_id = $5 AND run_id = $1 AND state = ANY ($4) AND next_attempt_at <= $2 RETURNING ${RUN_COLUMNS}`,
      [runId, new Date(now), new Date(now + maxRunMs), statesFor('start'), orgId],
    );
    return rows[0] && runFrom(rows[0]);
  }

  async end(
    orgId: string,
    { runId, attempt }: AttemptName,
    at: Instant,
    decisionId: string | null,
  ): Promise<boolean> {
    const [state, action] =
      decisionId === null ? (['failed', 'give-up'] as const) : (['decided', 'decide'] as const);
    const [, ended] = await this.manager.query<[unknown[], number]>(
      `UPDATE assay.gate_run SET state = $4, decision_id = $5, finished_at = $3, next_attempt_at = NULL,
              next_escalation_at = NULL
        WHERE org_id = $1 AND run_id = $2 AND state = ANY ($6) AND attempt = $7`,
      [orgId, runId, new Date(at), state, decisionId, statesFor(action), attempt],
    );
    return ended === 1;
  }

  lock(orgId: string, runId: string): Promise<GateRun | undefined> {
    return this.find(orgId, runId, 'FOR UPDATE');
  }

  async step(step: RunStep, change: RunChange, key: IdempotencyKey): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.gate_run_step (run_id, org_id, ordinal, kind, at, acted_by, attempt, state_before, state_after,
              reason_code, decision_id, next_attempt_at, due_at, role, waiver_ids, fix_task_id, rework, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        ...[step.runId, step.orgId, step.ordinal, step.kind, new Date(step.at), step.by, step.attempt],
        ...[step.stateBefore, step.stateAfter, step.reasonCode, step.decisionId, date(step.nextAttemptAt)],
        ...[date(step.dueAt), step.role, step.waiverIds, step.fixTaskId, step.rework, key],
      ],
    );
    const changed = Object.entries(change) as [keyof RunChange, RunChange[keyof RunChange]][];
    const sets = changed.map(([name], at) => `${COLUMNS[name]} = $${String(at + 3)}`);
    await this.manager.query(
      `UPDATE assay.gate_run SET ${['steps = $2', ...sets].join(', ')} WHERE run_id = $1`,
      [
        ...[step.runId, step.ordinal],
        ...changed.map(([name, value]) => (TIMES.includes(name) ? date(value as Instant | null) : value)),
      ],
    );
  }

  async stepBy(orgId: string, key: IdempotencyKey): Promise<RunStep | undefined> {
    const [row] = await this.manager.query<StepRow[]>(
      `SELECT ${STEP_COLUMNS} FROM assay.gate_run_step WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row && stepFrom(row);
  }

  async rejected(orgId: string, gateId: string, artId: string): Promise<number> {
    const [row] = await this.manager.query<{ count: string }[]>(
      `SELECT count(*) FROM assay.gate_run
        WHERE org_id = $1 AND gate_id = $2 AND art_id = $3 AND state = 'rejected'`,
      [orgId, gateId, artId],
    );
    return Number(row?.count ?? 0);
  }

  private async find(orgId: string, runId: string, lock: '' | 'FOR UPDATE'): Promise<GateRun | undefined> {
    const [row] = await this.manager.query<RunRow[]>(
      `SELECT ${RUN_COLUMNS} FROM assay.gate_run WHERE org_id = $1 AND run_id = $2 ${lock}`,
      [orgId, runId],
    );
    return row && runFrom(row);
  }
}
