import type { Actor } from '../../kernel/actor.js';
import type { Refused } from '../../kernel/refusal.js';

/** What somebody wants to do with a run that waits for a person. */
export interface RunToResolve {
  readonly action: 'resume' | 'override' | 'reject';
  readonly projectId: string;
  readonly gateId: string;
  /** Process roles whose business it is: the gate's owner, and to whom it was escalated. */
  readonly roles: readonly string[];
  readonly requesterId: string;
}

/** Who may; answered by the access policy, wired in `app`. No answer is no. */
export interface RunPolicy {
  mayResolve(actor: Actor, run: RunToResolve): Promise<Refused & { readonly allowed: boolean }>;
}
