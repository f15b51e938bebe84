import type { Actor } from '../kernel/actor.js';
import type { Digest } from '../kernel/digest.js';
import type { Refused } from '../kernel/refusal.js';
import type { WaiverSelector } from './selector.js';
import type { Severity } from './severity.js';
import type { ReviewTerms } from './waiver.js';

/** What the access policy is told about a waiver somebody asks for. */
export interface WaiverAsked {
  readonly severity: Severity;
  /** Length of the window in whole days, rounded up. */
  readonly durationDays: number;
  readonly selectors: readonly WaiverSelector[];
  /** How many waivers it continues, one after the other. */
  readonly renewals?: number;
  /** What the gate that the scope names says of who may waive what; absent where it names none, or says nothing. */
  readonly gate?: { readonly waiverRights: readonly WaiverRight[] };
}

/** A process role that may approve waivers at a gate, up to a severity, for so many days at most. */
export interface WaiverRight {
  readonly role: string;
  readonly severity: Severity;
  readonly maxDays: number;
}

/** What it is told when somebody wants to approve. */
export interface WaiverToApprove extends WaiverAsked {
  readonly requesterId: string;
  /** Null where nobody is known to have made the artefact. */
  readonly artefactAuthorId: string | null;
  /** Everybody whose authority was used already, in person or in whose place. */
  readonly approverIds: readonly string[];
  /** In whose place. The actor's roles are then that person's. */
  readonly delegatorId?: string;
  /** Process roles of whoever approves, or of whoever they stand in for, in the project of the gate. */
  readonly processRoles: readonly string[];
  /** Seconds since the approver proved who they are; null where the token does not say. */
  readonly loginAgeSeconds: number | null;
}

/** What it is told when somebody wants to let another approve. */
export interface DelegationAsked {
  readonly delegateId: string;
  readonly delegateKind: Actor['kind'];
  readonly durationDays: number;
}

/** Yes or no with the reason as a code of policies/access. */
export interface PolicyAnswer extends Refused {
  readonly allowed: boolean;
}

export interface RequestAnswer extends PolicyAnswer {
  /** How many persons must approve; taken as at least 1. */
  readonly requiredApprovals: number;
  readonly maxDurationDays: number;
  /** Who is to look at it; null where the policy names nobody. */
  readonly review: ReviewTerms | null;
}

/**
 * Who may ask for which waiver, and who may approve it: answered by Rego (policies/access), wired in `app`.
 * An adapter that cannot get an answer answers `allowed: false`; it never throws for that.
 */
export interface WaiverPolicy {
  mayRequest(actor: Actor, waiver: WaiverAsked): Promise<RequestAnswer>;
  mayApprove(actor: Actor, waiver: WaiverToApprove): Promise<PolicyAnswer>;
  mayDelegate(actor: Actor, delegation: DelegationAsked): Promise<PolicyAnswer>;
}

/** Who approvers are: answered by access and process, wired in `app`. */
export interface Approvers {
  /** Kind and access roles of somebody who is let in; undefined when there is nobody of this id who is. */
  standing(
    orgId: string,
    principalId: string,
  ): Promise<{ readonly kind: Actor['kind']; readonly roles: Actor['roles'] } | undefined>;
  /** What a gate says of who may waive what (empty: nothing), and which process roles somebody holds in its project. */
  atGate(
    orgId: string,
    gateId: string,
    principalId: string,
  ): Promise<{ readonly waiverRights: readonly WaiverRight[]; readonly processRoles: readonly string[] }>;
}

/** Evidence as it is stored, wired in `app`. */
export interface StoredFiles {
  isStored(orgId: string, digest: Digest): Promise<boolean>;
}

/** Who made what: answered by the evidence module, wired in `app`. */
export interface ArtefactAuthors {
  /** Authors of one artefact version, or of all versions when no digest is given; empty where unknown. */
  authorsOf(orgId: string, artefact: { artId: string; digest?: string }): Promise<readonly string[]>;
}
