import { digestOf } from '../../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { Ending } from '../waiver.js';

/** An approver lets somebody else approve waivers in their place, for a time. Immutable. */
export interface Delegation {
  readonly delegationId: string;
  readonly orgId: string;
  readonly delegatorId: string;
  readonly delegateId: string;
  /** First instant of the window. */
  readonly from: Instant;
  /** Last instant of the window; mandatory. */
  readonly until: Instant;
  readonly givenAt: Instant;
}

export interface DelegationRecord {
  readonly delegation: Delegation;
  readonly withdrawal: Ending | null;
}

export const DELEGATION_STATES = ['pending', 'active', 'expired', 'withdrawn'] as const;
export type DelegationState = (typeof DELEGATION_STATES)[number];

/** Never stored. `delegation.read.pg.ts` says the same in SQL. */
export function delegationState({ delegation, withdrawal }: DelegationRecord, at: Instant): DelegationState {
  if (withdrawal && withdrawal.at <= at) return 'withdrawn';
  if (at > delegation.until) return 'expired';
  return at < delegation.from ? 'pending' : 'active';
}

/** Over the whole delegation: what its entry commits to. */
export const delegationDigest = (delegation: Delegation): Digest =>
  digestOf({
    model: 'assay.waiver-delegation/1',
    ...delegation,
    from: toRfc3339(delegation.from),
    until: toRfc3339(delegation.until),
    givenAt: toRfc3339(delegation.givenAt),
  });

export const withdrawalDigest = (delegation: Delegation, withdrawal: Ending): Digest =>
  digestOf({
    model: 'assay.waiver-delegation-withdrawal/1',
    delegation: delegationDigest(delegation),
    by: withdrawal.by,
    at: toRfc3339(withdrawal.at),
  });
