import type { Actor } from '../kernel/actor.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { WaiverSelector } from './selector.js';
import type { Severity } from './severity.js';

/** What the access policy is told about a waiver somebody asks for. */
export interface WaiverAsked {
  readonly severity: Severity;
  /** Length of the window in whole days, rounded up. */
  readonly durationDays: number;
  readonly selectors: readonly WaiverSelector[];
}

/** What it is told when somebody wants to approve. */
export interface WaiverToApprove extends WaiverAsked {
  readonly requesterId: string;
  /** Null where nobody is known to have made the artefact. */
  readonly artefactAuthorId: string | null;
  readonly approverIds: readonly string[];
}

/** Yes or no with the reason as a code of policies/access. */
export interface PolicyAnswer {
  readonly allowed: boolean;
  readonly reasonCode: string;
  readonly params: JsonObject;
}

export interface RequestAnswer extends PolicyAnswer {
  /** How many persons must approve; taken as at least 1. */
  readonly requiredApprovals: number;
  readonly maxDurationDays: number;
}

/**
 * Who may ask for which waiver, and who may approve it: answered by Rego (policies/access), wired in `app`.
 * An adapter that cannot get an answer answers `allowed: false`; it never throws for that.
 */
export interface WaiverPolicy {
  mayRequest(actor: Actor, waiver: WaiverAsked): Promise<RequestAnswer>;
  mayApprove(actor: Actor, waiver: WaiverToApprove): Promise<PolicyAnswer>;
}

/** Who made what: answered by the evidence module, wired in `app`. */
export interface ArtefactAuthors {
  /** Authors of one artefact version, or of all versions when no digest is given; empty where unknown. */
  authorsOf(orgId: string, artefact: { artId: string; digest?: string }): Promise<readonly string[]>;
}
