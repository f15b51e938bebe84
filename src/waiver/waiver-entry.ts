import type { Actor, ProcessContext } from '../kernel/actor.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft, EntryFacts, EntryKind } from '../ledger/entry.js';
import { selectorsDigest } from './selector.js';
import { stateOf, waiverDigest } from './waiver.js';
import type { DelegatedFrom, Waiver, WaiverRecord, WaiverState } from './waiver.js';
import { artefactOf, durationDays, gateOf } from './waiver-request.js';

/** What persons do, and what time does. */
type PersonsStep = Exclude<Extract<EntryKind, `waiver.${string}`>, ClockStep>;
type ClockStep = 'waiver.expired' | 'waiver.escalated';

/** A step in a waiver's life, on its way into the ledger. */
export interface WaiverStep {
  readonly kind: PersonsStep;
  readonly before: WaiverRecord | undefined;
  readonly after: WaiverRecord;
  /** Digest of what the step added: the request, an approval, an ending. */
  readonly added: Digest;
  /** Why, in the words of who did it: encrypted with that person's key. */
  readonly prose: { readonly reason: string } | { readonly note: string };
  /** What the access policy said, where it was asked. */
  readonly reasonCode: string | null;
  /** In whose place an approval was given. */
  readonly delegatedFrom?: DelegatedFrom | undefined;
  /** What the policy asked of the approver's login, where it did. */
  readonly login?: JsonObject | undefined;
  readonly actor: Actor;
  readonly context: ProcessContext;
  readonly at: Instant;
  readonly key: IdempotencyKey;
}

/**
 * The entry of a step. Its subjects are the waiver's digest and the digest of what was added, so that a row
 * changed later is found by recomputing them; its facts are enough to rebuild the waiver without its persons.
 */
export function waiverEntry(step: WaiverStep): EntryDraft {
  const { actor, context, at, after } = step;
  const { waiver } = after;
  return {
    orgId: waiver.orgId,
    kind: step.kind,
    actor: { principalId: actor.principalId },
    ...(step.delegatedFrom && { persons: { delegator: step.delegatedFrom.delegatorId } }),
    subjects: [
      { name: `waiver/${waiver.waiverId}`, digest: waiverDigest(waiver) },
      ...(step.before ? [{ name: `${step.kind}/${waiver.waiverId}`, digest: step.added }] : []),
    ],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(actor, inCase(context, waiver.caseId)),
      ...about(waiver),
      ...(step.before && { stateBefore: stateOf(step.before, at) }),
      stateAfter: stateOf(step.after, at),
      details: {
        ...details(after),
        ...(step.reasonCode !== null && { reasonCode: step.reasonCode }),
        ...(step.delegatedFrom && { delegationId: step.delegatedFrom.delegationId }),
        ...(step.login && { login: step.login }),
      },
    },
    personal: [{ principalId: actor.principalId, fields: { ...step.prose } }],
    key: step.key,
  };
}

/** Something that time did to a waiver, which nobody commanded. */
export interface ClockStepTaken {
  readonly kind: ClockStep;
  readonly record: WaiverRecord;
  readonly stateBefore: WaiverState;
  readonly stateAfter: WaiverState;
  readonly at: Instant;
  readonly details: JsonObject;
  readonly key: IdempotencyKey;
}

export function clockEntry({ kind, record, details: own, key, at, ...states }: ClockStepTaken): EntryDraft {
  const { waiver } = record;
  return {
    orgId: waiver.orgId,
    kind,
    actor: 'system',
    subjects: [{ name: `waiver/${waiver.waiverId}`, digest: waiverDigest(waiver) }],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...(waiver.caseId !== null && { caseId: waiver.caseId }),
      ...about(waiver),
      ...{ stateBefore: states.stateBefore, stateAfter: states.stateAfter },
      details: { ...details(record), ...own },
    },
    key,
  };
}

/** What a waiver is about, as far as it names it. */
function about(
  waiver: Waiver,
): Pick<EntryFacts, 'gateId' | 'artId' | 'artefactDigest' | 'severity' | 'waiverIds'> {
  const artefact = artefactOf(waiver.selectors);
  const gateId = gateOf(waiver.selectors);
  return {
    ...(gateId !== null && { gateId }),
    ...(artefact && { artId: artefact.artId }),
    ...(artefact?.digest && { artefactDigest: artefact.digest }),
    severity: waiver.severity,
    waiverIds: [waiver.waiverId],
  };
}

/** A later step belongs to the waiver's case unless it names its own. */
const inCase = (context: ProcessContext, caseId: string | null): ProcessContext => ({
  ...(caseId !== null && { caseId }),
  ...context,
});

function details({ waiver, approvals }: WaiverRecord): JsonObject {
  return {
    selectors: waiver.selectors.map((selector) => ({ ...selector })),
    selectorsDigest: selectorsDigest(waiver.selectors),
    effectiveFrom: toRfc3339(waiver.effectiveFrom),
    effectiveUntil: toRfc3339(waiver.effectiveUntil),
    durationDays: durationDays(waiver),
    requiredApprovals: waiver.requiredApprovals,
    approvals: approvals.length,
    ...(waiver.compensatingControl !== null && { compensatingControl: waiver.compensatingControl }),
    ...(waiver.reference !== null && { reference: waiver.reference }),
    ...(waiver.renews !== undefined && { renews: waiver.renews }),
    ...(waiver.attachments && { attachments: [...waiver.attachments] }),
    ...(waiver.review && { review: { hours: waiver.review.hours, path: [...waiver.review.path] } }),
  };
}
