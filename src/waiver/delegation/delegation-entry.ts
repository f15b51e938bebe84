import type { Actor, ProcessContext } from '../../kernel/actor.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft } from '../../ledger/entry.js';
import { delegationDigest, delegationState, withdrawalDigest, type DelegationRecord } from './delegation.js';

/** A step in a delegation's life, on its way into the ledger. */
export interface DelegationStep {
  readonly before: DelegationRecord | undefined;
  readonly after: DelegationRecord;
  /** Why, in the words of whoever did it; encrypted. */
  readonly prose: { readonly reason: string } | { readonly note: string };
  readonly reasonCode: string | null;
  readonly actor: Actor;
  readonly context: ProcessContext;
  readonly at: Instant;
  readonly key: IdempotencyKey;
}

/** Both persons are in the statement as pseudonyms: in whose place somebody approves must be seen without names. */
export function delegationEntry(step: DelegationStep): EntryDraft {
  const { before, after, actor, context, at, key, prose, reasonCode } = step;
  const { delegation, withdrawal } = after;
  const name = `waiver-delegation/${delegation.delegationId}`;
  return {
    orgId: delegation.orgId,
    kind: withdrawal ? 'waiver-delegation.withdrawn' : 'waiver-delegation.given',
    actor: { principalId: actor.principalId },
    persons: { delegator: delegation.delegatorId, delegate: delegation.delegateId },
    subjects: [
      { name, digest: delegationDigest(delegation) },
      ...(withdrawal
        ? [{ name: `${name}/withdrawal`, digest: withdrawalDigest(delegation, withdrawal) }]
        : []),
    ],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(actor, context),
      ...(before && { stateBefore: delegationState(before, at) }),
      stateAfter: delegationState(after, at),
      details: {
        delegationId: delegation.delegationId,
        from: toRfc3339(delegation.from),
        until: toRfc3339(delegation.until),
        ...(reasonCode !== null && { reasonCode }),
      },
    },
    personal: [{ principalId: actor.principalId, fields: { ...prose } }],
    key,
  };
}
