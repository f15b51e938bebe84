import type { AgentHeader } from '../kernel/actor.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';

/** Everything that can happen. Closed: a new kind is a new line here, and a reader that does not know it fails to compile. */
export const ENTRY_KINDS = [
  'organisation.created',
  'project.created',
  'principal.added',
  'principal.disabled',
  'principal.enabled',
  'grant.given',
  'grant.revoked',
  'access.denied',
  'policy.draft-saved',
  'policy.draft-discarded',
  'policy.review-requested',
  'policy.reviewed',
  'policy.published',
  'policy.retired',
  'checklist.published',
  'checklist.activated',
  'gate.defined',
  'artefact.registered',
  'artefact.related',
  'evidence.received',
  'evidence.normalised',
  'decision.recorded',
  'decision.stale',
  'gate-run.retried',
  'gate-run.paused',
  'gate-run.resumed',
  'gate-run.overridden',
  'gate-run.rejected',
  'gate-run.escalated',
  'policy-decision',
  'waiver.requested',
  'waiver.approved',
  'waiver.refused',
  'waiver.withdrawn',
  'waiver.revoked',
  'waiver.expired',
  'waiver.escalated',
  'waiver-delegation.given',
  'waiver-delegation.withdrawn',
  'work-item.saved',
  'route.chosen',
  'route.reviewed',
  'template.published',
  'step.recorded',
  'criterion.stated',
  'process-role.assigned',
  'process-role.withdrawn',
  'fix-task.opened',
  'fix-task.closed',
  'export.requested',
  'export.made',
  'export.handed-over',
  'scan.requested',
  'scan.finished',
  'person.erased',
  'hold.set',
  'hold.lifted',
  'log.continued',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/**
 * What happened, in clear and free of personal data (customer.md, event log; settled.md, ledger). Members that
 * do not apply are absent, never null. KPIs, filters and replay read these and nothing else.
 */
export interface EntryFacts {
  readonly tsStart: Instant;
  readonly tsEnd: Instant;
  /** Project of what the entry is about. In statements since 2026-11; not part of what a request determines. */
  readonly projectId?: string;
  readonly caseId?: string;
  readonly actId?: string;
  readonly gateId?: string;
  /** Process role of the actor: PO, QA, SEC … */
  readonly role?: string;
  readonly artId?: string;
  readonly result?: string;
  readonly severity?: string;
  readonly artefactDigest?: Digest;
  /** `CHK_X@3` */
  readonly checklistVersion?: string;
  /** Waivers applied; in a `waiver.*` entry the one waiver it is about. */
  readonly waiverIds?: readonly string[];
  readonly stateBefore?: string;
  readonly stateAfter?: string;
  readonly policyDigests?: readonly Digest[];
  readonly evidenceDigests?: readonly Digest[];
  readonly waiverSetDigest?: Digest;
  readonly asOf?: Instant;
  readonly decisionId?: string;
  /** Seconds since 1970, as the token says (`auth_time`). */
  readonly authTime?: number;
  readonly amr?: readonly string[];
  /** Who made the artefact version that the entry is about, when an AI agent did. */
  readonly agent?: AgentHeader;
  /** The AI agent that gave the command, as it said itself. */
  readonly actingAgent?: AgentHeader;
  /**
   * Facts of this kind alone. The same request must always give the same details, or a retry is a conflict:
   * no clock, no random identifier.
   */
  readonly details: JsonObject;
}

export interface EntrySubject {
  readonly name: string;
  readonly digest: Digest;
}

/** Names and free text about one person; encrypted with that person's key beside the entry. */
export interface PersonalFields {
  readonly principalId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An entry as a use case states it; the ledger pseudonymises, seals, signs and numbers it. */
export interface EntryDraft {
  readonly orgId: string;
  readonly kind: EntryKind;
  readonly actor: { readonly principalId: string } | 'system';
  /**
   * Whom the entry concerns beside its actor, by the part they play: `{ grantee: principalId }`. The statement
   * carries their pseudonyms, so that a row about a person can be held against its entry.
   */
  readonly persons?: Readonly<Record<string, string>>;
  /** At least one: what the entry is about. */
  readonly subjects: readonly EntrySubject[];
  readonly facts: EntryFacts;
  /** `decision.recorded` only, and there required: the members of a SLSA VSA v1 predicate. */
  readonly verdictSummary?: JsonObject;
  /** At most one item per person. */
  readonly personal?: readonly PersonalFields[];
  /** 16 bytes, stable over retries. */
  readonly key: IdempotencyKey;
}
