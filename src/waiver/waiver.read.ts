import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { Escalation } from './clock/escalation.js';
import type { WaiverRecord, WaiverState } from './waiver.js';

export interface WaiverFilter {
  /** State at the instant that is asked about. */
  readonly state?: WaiverState;
  readonly gateId?: string;
  readonly requesterId?: string;
}

/** Answers questions about waivers; changes nothing. */
export interface WaiverRead {
  byId(orgId: string, waiverId: string): Promise<WaiverRecord | undefined>;
  /** Key of the ledger entry that holds the request, and with it the reason. */
  entryKeyOf(orgId: string, waiverId: string): Promise<IdempotencyKey | undefined>;
  /** Newest request first. */
  list(
    orgId: string,
    filter: WaiverFilter,
    at: Instant,
    page: PageRequest,
  ): Promise<Result<Page<WaiverRecord>, InvalidCursor>>;
  /** How many waivers stand one behind the other, this one included: it, the one it renews, and so on. */
  chainLength(orgId: string, waiverId: string): Promise<number>;
  /** Ids of the waivers that name this one as what they continue, oldest first. */
  renewalsOf(orgId: string, waiverId: string): Promise<readonly string[]>;
  /** Oldest first. */
  escalationsOf(orgId: string, waiverId: string): Promise<readonly Escalation[]>;
  /**
   * Every waiver that was ever fully approved and whose scope does not name another gate or artefact version,
   * by id. Deliberately whatever the time, expired and revoked ones included: what a decision takes into
   * account, and so its waiver-set digest, must not depend on when it was asked for. `excuses` is what decides.
   */
  candidates(
    orgId: string,
    at: { gateId: string; artId: string; digest: string },
  ): Promise<readonly WaiverRecord[]>;
}
