import type { Actor, ProcessContext } from '../kernel/actor.js';
import { digestOf, type JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft, EntryKind } from '../ledger/entry.js';
import { grantDetails, loginOf, type Grant, type Principal } from './organisation.js';

/** Who took a step, when, and why in their words. */
export interface Step {
  readonly by: Actor;
  readonly at: Instant;
  readonly key: IdempotencyKey;
  readonly reason: string;
  readonly context: ProcessContext;
}

/** As the installer records it, and with who did it. */
export const principalAdded = (principal: Principal, step: Step): EntryDraft => {
  const { principalId, kind } = principal;
  return {
    ...draft('principal.added', { principalId, kind }, step),
    persons: { login: loginOf(principal) },
    // Two bodies, in the order of pseudonyms: who reads them tells the person's from the actor's.
    personal: [{ principalId, fields: { displayName: principal.displayName } }, ...why(step)],
  };
};

export const grantGiven = (grant: Grant, step: Step): EntryDraft => ({
  ...draft('grant.given', grantDetails(grant), step, grant.projectId),
  persons: { grantee: grant.principalId },
});

export const grantRevoked = (grant: Grant, step: Step): EntryDraft => ({
  ...draft('grant.revoked', grantDetails(grant), step, grant.projectId),
  persons: { grantee: grant.principalId },
});

export const standingChanged = (
  { principalId }: Principal,
  { ordinal, disabled }: { readonly ordinal: number; readonly disabled: boolean },
  step: Step,
): EntryDraft => draft(disabled ? 'principal.disabled' : 'principal.enabled', { principalId, ordinal }, step);

const draft = (kind: EntryKind, details: JsonObject, step: Step, projectId?: string): EntryDraft => ({
  orgId: step.by.orgId,
  kind,
  actor: { principalId: step.by.principalId },
  subjects: [{ name: kind, digest: digestOf(details) }],
  facts: {
    tsStart: step.at,
    tsEnd: step.at,
    ...actedBy(step.by, step.context),
    ...(projectId !== undefined && { projectId }),
    details,
  },
  personal: why(step),
  key: step.key,
});

const why = ({ by, reason }: Step): NonNullable<EntryDraft['personal']> => [
  { principalId: by.principalId, fields: { reason } },
];
