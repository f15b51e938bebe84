import type { ProcessContext } from '../../kernel/actor.js';
import { digestOf } from '../../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import { idempotencyKey, uuidFromKey, type IdempotencyKey } from '../../kernel/id.js';
import type { Replaced } from '../decision-entry.js';
import { backOffMs } from '../gate-terms.js';
import type { Gate } from '../gate.js';
import type { RunState } from './run-state.js';

/** What was asked, as far as a later attempt needs it. */
export interface RunQuestion {
  readonly asOf?: Instant;
  readonly baseline?: Digest;
  readonly rejudge?: boolean;
  readonly context: ProcessContext;
  /** What the decision takes the place of, whichever attempt makes it. */
  readonly replaces?: Replaced;
}

/** What of a question a later attempt needs: the same answer must come of it. */
export const questionOf = ({ asOf, baseline, rejudge, context, replaces }: RunQuestion): RunQuestion => ({
  context,
  ...(asOf !== undefined && { asOf }),
  ...(baseline !== undefined && { baseline }),
  ...(rejudge === true && { rejudge }),
  ...(replaces && { replaces }),
});

/** One question on its way to a decision, through as many attempts as its gate allows. */
export interface GateRun {
  readonly runId: string;
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  readonly state: RunState;
  /** The attempt that is under way, or the last one; from 1. */
  readonly attempt: number;
  /** So many attempts before it waits for a person. */
  readonly attemptLimit: number;
  readonly ownerRole: string;
  readonly requestedBy: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  /** After this a run that is still `running` has died. */
  readonly deadlineAt: Instant;
  /** After this it is late. */
  readonly dueAt: Instant;
  readonly nextAttemptAt: Instant | null;
  readonly nextEscalationAt: Instant | null;
  /** Steps of the escalation path that were taken. */
  readonly escalated: number;
  /** Steps on record. */
  readonly steps: number;
  /** Why the last attempt failed. */
  readonly reasonCode: string | null;
  readonly decisionId: string | null;
  readonly question: RunQuestion;
}

export const RUN_STEPS = ['retried', 'paused', 'resumed', 'overridden', 'rejected', 'escalated'] as const;
export type RunStepKind = (typeof RUN_STEPS)[number];

/** Something that happened to a run, other than being decided. Only added. */
export interface RunStep {
  readonly runId: string;
  readonly orgId: string;
  /** 1, 2, … */
  readonly ordinal: number;
  readonly kind: RunStepKind;
  readonly at: Instant;
  /** Null: the service by itself. */
  readonly by: string | null;
  readonly attempt: number;
  readonly stateBefore: RunState;
  readonly stateAfter: RunState;
  /** Why the attempt failed. */
  readonly reasonCode: string | null;
  /** The ERROR that the attempt ended with, where it was recorded. */
  readonly decisionId: string | null;
  readonly nextAttemptAt: Instant | null;
  readonly dueAt: Instant | null;
  /** Process role: whom it waits for, or to whom it went. */
  readonly role: string | null;
  /** What an override rests on. */
  readonly waiverIds: readonly string[];
  readonly fixTaskId: string | null;
  /** How often runs of this gate on this ART_* were sent back, this time included. */
  readonly rework: number | null;
}

/** Members that most steps have alike. */
export const NOTHING_MORE = {
  ...{ reasonCode: null, decisionId: null, nextAttemptAt: null, dueAt: null, role: null },
  ...{ waiverIds: [], fixTaskId: null, rework: null },
} as const satisfies Partial<RunStep>;

/** Over the whole step: what the ledger's entry commits to. */
export const stepDigest = (step: RunStep): Digest =>
  digestOf({
    model: 'assay.gate-run-step/1',
    ...step,
    at: toRfc3339(step.at),
    nextAttemptAt: step.nextAttemptAt === null ? null : toRfc3339(step.nextAttemptAt),
    dueAt: step.dueAt === null ? null : toRfc3339(step.dueAt),
  });

/** One run per command, however often that is sent. */
export const runIdOf = (orgId: string, command: IdempotencyKey): string =>
  uuidFromKey(idempotencyKey(orgId, 'gate-run', command.toString('hex')));

/** Of the decision of a later attempt: however many workers make it, it is recorded once. */
export const attemptKey = ({
  orgId,
  runId,
  attempt,
}: Pick<GateRun, 'orgId' | 'runId' | 'attempt'>): IdempotencyKey =>
  idempotencyKey(orgId, 'gate-run.attempt', `${runId} ${String(attempt)}`);

/** When a run that begins, or begins again, is late. */
export const dueFrom = ({ slaMs, maxRunMs }: Pick<Gate, 'slaMs' | 'maxRunMs'>, now: Instant): Instant =>
  now + (slaMs ?? maxRunMs);

/** When the next step of the path is due; null at its end. */
export const escalationAt = (
  gate: Pick<Gate, 'escalation'>,
  dueAt: Instant,
  escalated: number,
): Instant | null => escalationsFrom(gate, dueAt)[escalated] ?? null;

/** When each step of the path is due. */
export const escalationsFrom = (
  { escalation }: Pick<Gate, 'escalation'>,
  dueAt: Instant,
): readonly Instant[] => escalation.map(({ afterMs }) => dueAt + afterMs);

/** What a failed attempt makes of a run: another attempt later, or, when there were enough, a person's business. */
export function afterFailure(
  run: Pick<GateRun, 'attempt' | 'attemptLimit' | 'dueAt' | 'escalated' | 'nextEscalationAt'>,
  gate: Pick<Gate, 'retry' | 'pauseMs' | 'escalation'>,
  now: Instant,
): {
  readonly state: 'queued' | 'paused';
  readonly nextAttemptAt: Instant | null;
  readonly dueAt: Instant;
  readonly nextEscalationAt: Instant | null;
} {
  const { dueAt, nextEscalationAt } = run;
  if (run.attempt < run.attemptLimit)
    return {
      state: 'queued',
      nextAttemptAt: now + backOffMs(gate.retry, run.attempt + 1),
      dueAt,
      nextEscalationAt,
    };
  const answerBy = now + gate.pauseMs;
  return {
    state: 'paused',
    nextAttemptAt: null,
    dueAt: answerBy,
    nextEscalationAt: escalationAt(gate, answerBy, run.escalated),
  };
}
