import type { Actor, ProcessContext } from '../kernel/actor.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft, EntryKind } from '../ledger/entry.js';
import { selectorsDigest } from './selector.js';
import { stateOf, waiverDigest, type WaiverRecord } from './waiver.js';
import { artefactOf, durationDays, gateOf } from './waiver-request.js';

/** A step in a waiver's life, on its way into the ledger. */
export interface WaiverStep {
  readonly kind: Extract<EntryKind, `waiver.${string}`>;
  readonly before: WaiverRecord | undefined;
  readonly after: WaiverRecord;
  /** Digest of what the step added: the request, an approval, an ending. */
  readonly added: Digest;
  /** Why, in the words of who did it: encrypted with that person's key. */
  readonly prose: { readonly reason: string } | { readonly note: string };
  /** What the access policy said, where it was asked. */
  readonly reasonCode: string | null;
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
  const { actor, context, at } = step;
  const { waiver } = step.after;
  const artefact = artefactOf(waiver.selectors);
  const gateId = gateOf(waiver.selectors);
  return {
    orgId: waiver.orgId,
    kind: step.kind,
    actor: { principalId: actor.principalId },
    subjects: [
      { name: `waiver/${waiver.waiverId}`, digest: waiverDigest(waiver) },
      ...(step.before ? [{ name: `${step.kind}/${waiver.waiverId}`, digest: step.added }] : []),
    ],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(actor, inCase(context, waiver.caseId)),
      ...(gateId !== null && { gateId }),
      ...(artefact && { artId: artefact.artId }),
      ...(artefact?.digest && { artefactDigest: artefact.digest }),
      severity: waiver.severity,
      waiverIds: [waiver.waiverId],
      ...(step.before && { stateBefore: stateOf(step.before, at) }),
      stateAfter: stateOf(step.after, at),
      details: details(step),
    },
    personal: [{ principalId: actor.principalId, fields: { ...step.prose } }],
    key: step.key,
  };
}

/** A later step belongs to the waiver's case unless it names its own. */
const inCase = (context: ProcessContext, caseId: string | null): ProcessContext => ({
  ...(caseId !== null && { caseId }),
  ...context,
});

function details({ after, reasonCode }: WaiverStep): JsonObject {
  const { waiver, approvals } = after;
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
    ...(reasonCode !== null && { reasonCode }),
  };
}
