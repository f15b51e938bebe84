import type { Instant } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { DelegationRecord, DelegationState } from './delegation.js';

export interface DelegationFilter {
  /** State at the instant that is asked about. */
  readonly state?: DelegationState;
  readonly delegatorId?: string;
  readonly delegateId?: string;
}

/** Answers questions about delegations; changes nothing. */
export interface DelegationRead {
  byId(orgId: string, delegationId: string): Promise<DelegationRecord | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    filter: DelegationFilter,
    at: Instant,
    page: PageRequest,
  ): Promise<Result<Page<DelegationRecord>, InvalidCursor>>;
}
