import { digestFrom } from '../../kernel/digest.js';
import type { GateRun, RunQuestion, RunStep, RunStepKind } from './run.js';
import type { RunState } from './run-state.js';

export const RUN_COLUMNS = `
  run_id AS "runId", org_id AS "orgId", gate_id AS "gateId", art_id AS "artId", artefact_digest AS "artefactDigest",
  state, attempt, attempt_limit AS "attemptLimit", owner_role AS "ownerRole", requested_by AS "requestedBy",
  started_at AS "startedAt", finished_at AS "finishedAt", deadline_at AS "deadlineAt",
  coalesce(due_at, deadline_at) AS "dueAt", next_attempt_at AS "nextAttemptAt",
  next_escalation_at AS "nextEscalationAt", escalated, steps, reason_code AS "reasonCode",
  decision_id AS "decisionId", question`;

type Times = 'startedAt' | 'finishedAt' | 'deadlineAt' | 'dueAt' | 'nextAttemptAt' | 'nextEscalationAt';

export type RunRow = Omit<GateRun, Times | 'artefactDigest' | 'question'> & {
  readonly artefactDigest: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly deadlineAt: Date;
  readonly dueAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly nextEscalationAt: Date | null;
  readonly question: Partial<RunQuestion>;
};

export const runFrom = (row: RunRow): GateRun => ({
  ...row,
  artefactDigest: digestFrom(row.artefactDigest),
  startedAt: row.startedAt.getTime(),
  finishedAt: row.finishedAt?.getTime() ?? null,
  deadlineAt: row.deadlineAt.getTime(),
  dueAt: row.dueAt.getTime(),
  nextAttemptAt: row.nextAttemptAt?.getTime() ?? null,
  nextEscalationAt: row.nextEscalationAt?.getTime() ?? null,
  question: { context: {}, ...row.question },
});

export const STEP_COLUMNS = `
  run_id AS "runId", org_id AS "orgId", ordinal, kind, at, acted_by AS "by", attempt, state_before AS "stateBefore",
  state_after AS "stateAfter", reason_code AS "reasonCode", decision_id AS "decisionId",
  next_attempt_at AS "nextAttemptAt", due_at AS "dueAt", role, waiver_ids AS "waiverIds",
  fix_task_id AS "fixTaskId", rework`;

export type StepRow = Omit<RunStep, 'at' | 'nextAttemptAt' | 'dueAt'> & {
  readonly kind: RunStepKind;
  readonly stateBefore: RunState;
  readonly at: Date;
  readonly nextAttemptAt: Date | null;
  readonly dueAt: Date | null;
};

/** Member by member: what a query selects besides is no part of a step. */
export const stepFrom = (row: StepRow): RunStep => ({
  runId: row.runId,
  orgId: row.orgId,
  ordinal: row.ordinal,
  kind: row.kind,
  at: row.at.getTime(),
  by: row.by,
  attempt: row.attempt,
  stateBefore: row.stateBefore,
  stateAfter: row.stateAfter,
  reasonCode: row.reasonCode,
  decisionId: row.decisionId,
  nextAttemptAt: row.nextAttemptAt?.getTime() ?? null,
  dueAt: row.dueAt?.getTime() ?? null,
  role: row.role,
  waiverIds: row.waiverIds,
  fixTaskId: row.fixTaskId,
  rework: row.rework,
});
