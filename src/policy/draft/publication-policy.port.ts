import type { Actor } from '../../kernel/actor.js';
import type { Refused } from '../../kernel/refusal.js';
import type { ReviewRecord, ReviewVerdict } from './draft.js';

/** Yes or no with the reason as a code of policies/access, and what the policy demands of a publication. */
export interface PublicationAnswer extends Refused {
  readonly allowed: boolean;
  /** By persons who wrote none of it; taken as at least 1. */
  readonly requiredApprovals: number;
  /** Percent of each file of rules that the policy's own tests must reach. */
  readonly coverageFloor: number;
}

/**
 * Who may review a policy and who may publish it: answered by Rego (policies/access), wired in `app`. An adapter
 * that cannot get an answer answers no, one approval and 100 %; it never throws for that.
 */
export interface PublicationPolicy {
  may(actor: Actor, step: ReviewVerdict | 'publish', record: ReviewRecord): Promise<PublicationAnswer>;
  /** Percent of each file of rules that the policy's own tests must reach. */
  coverageFloor(actor: Actor): Promise<number>;
  /** Whether a role of theirs has the permission, whatever the case. */
  permits(
    actor: Actor,
    permission: 'policy.write' | 'policy.publish',
  ): Promise<{
    readonly allowed: boolean;
    readonly reasonCode: string;
  }>;
}
