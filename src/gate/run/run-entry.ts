import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { JsonObject } from '../../kernel/canonical-json.js';
import { toRfc3339 } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft } from '../../ledger/entry.js';
import { stepDigest, type GateRun, type RunStep } from './run.js';

/** A step on its way into the ledger. */
export interface MadeStep {
  readonly run: GateRun;
  readonly step: RunStep;
  readonly projectId: string;
  readonly actor: Actor | 'system';
  readonly context: ProcessContext;
  /** Why, in the words of who did it: encrypted with that person's key. */
  readonly note?: string;
  readonly key: IdempotencyKey;
}

/** The entry of a step: its digest as a subject, so that a row that is changed later betrays itself. */
export function stepEntry({ run, step, projectId, actor, context, note, key }: MadeStep): EntryDraft {
  const { artId, artefactDigest } = run;
  return {
    orgId: run.orgId,
    kind: `gate-run.${step.kind}`,
    actor: actor === 'system' ? actor : { principalId: actor.principalId },
    subjects: [
      { name: artId, digest: artefactDigest },
      { name: `gate-run/${run.runId}/${String(step.ordinal)}`, digest: stepDigest(step) },
    ],
    facts: {
      tsStart: step.at,
      tsEnd: step.at,
      ...actedBy(actor, inRun(run, context)),
      projectId,
      gateId: run.gateId,
      artId,
      artefactDigest,
      ...(step.decisionId !== null && { decisionId: step.decisionId }),
      ...(step.waiverIds.length > 0 && { waiverIds: [...step.waiverIds] }),
      stateBefore: step.stateBefore,
      stateAfter: step.stateAfter,
      details: details(run, step),
    },
    ...(note !== undefined &&
      actor !== 'system' && { personal: [{ principalId: actor.principalId, fields: { note } }] }),
    key,
  };
}

/** A later step belongs to the run's case unless it names its own; its agent and role are not the run's. */
const inRun = ({ question }: GateRun, context: ProcessContext): ProcessContext => ({
  ...(question.context.caseId !== undefined && { caseId: question.context.caseId }),
  ...(question.context.actId !== undefined && { actId: question.context.actId }),
  ...context,
});

const details = ({ runId, attemptLimit }: GateRun, step: RunStep): JsonObject => ({
  runId,
  ordinal: step.ordinal,
  attempt: step.attempt,
  attemptLimit,
  ...(step.reasonCode !== null && { reasonCode: step.reasonCode }),
  ...(step.nextAttemptAt !== null && { nextAttemptAt: toRfc3339(step.nextAttemptAt) }),
  ...(step.dueAt !== null && { dueAt: toRfc3339(step.dueAt) }),
  ...(step.role !== null && { role: step.role }),
  ...(step.fixTaskId !== null && { fixTaskId: step.fixTaskId }),
  ...(step.rework !== null && { rework: step.rework }),
});
