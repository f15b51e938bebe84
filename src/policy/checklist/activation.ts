import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Instant } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft } from '../../ledger/entry.js';
import type { ChecklistVersion } from './checklist.js';

/** One version of a checklist put in force. Never changed: going back is another activation. */
export interface Activation {
  readonly chkId: string;
  /** Counts the checklist's activations, from 1. */
  readonly number: number;
  readonly version: number;
  /** In force before; null when none was. */
  readonly previousVersion: number | null;
  readonly at: Instant;
  /** Null: the installation itself, from its setup. */
  readonly by: string | null;
}

/** What is in force of a checklist. */
export interface Standing {
  /** Number of the latest activation; 0 when there was none. */
  readonly activation: number;
  /** Null when no version is in force. */
  readonly version: number | null;
  /** Whether a person put it in force: then only a person replaces it. */
  readonly byPerson: boolean;
}

/** An earlier version than the one before. */
export const isRollback = ({ version, previousVersion }: Activation): boolean =>
  previousVersion !== null && version < previousVersion;

export interface ActivationStep {
  readonly orgId: string;
  readonly activation: Activation;
  readonly checklist: ChecklistVersion;
  readonly actor: Actor | 'system';
  /** Why; kept encrypted with the actor's key. The installation needs none. */
  readonly reason: string;
  readonly context: ProcessContext;
  readonly key: IdempotencyKey;
}

export function activationEntry(step: ActivationStep): EntryDraft {
  const { orgId, activation, checklist, actor, key } = step;
  const { chkId, number, version, previousVersion, at } = activation;
  const { principalId } = actor === 'system' ? { principalId: null } : actor;
  return {
    orgId,
    kind: 'checklist.activated',
    actor: principalId === null ? 'system' : { principalId },
    subjects: [{ name: `${chkId}@${version}`, digest: checklist.digest }],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(actor, step.context),
      checklistVersion: `${chkId}@${version}`,
      ...(previousVersion !== null && { stateBefore: `${chkId}@${previousVersion}` }),
      stateAfter: `${chkId}@${version}`,
      policyDigests: checklist.document.policies.map(({ digest }) => digest),
      details: { chkId, activation: number, version, previousVersion, rollback: isRollback(activation) },
    },
    ...(principalId !== null && { personal: [{ principalId, fields: { reason: step.reason } }] }),
    key,
  };
}
