import type { Instant } from '../../kernel/clock.js';
import type { CheckOutcome, DriftCheck, StandingDecision, StandingKey, Staleness } from './standing.js';

/** What a step of reading did. */
export interface ReadStep {
  /** Entries read; 0 when there was nothing new, or another replica reads at this moment. */
  readonly entries: number;
}

/** The read models of drift, and what is recorded of it. Lives on one transaction. */
export interface DriftStore {
  /**
   * Reads at most so many entries on: decisions become standing, those called stale are marked, and for every entry
   * that may have made standing decisions stale there is a check for each of these. Entry by entry it would be the
   * same; it is done in sets.
   */
  readOn(limit: number): Promise<ReadStep>;
  standing(key: StandingKey): Promise<StandingDecision | undefined>;
  /** In the order of their causes. */
  openChecks(limit: number): Promise<readonly DriftCheck[]>;
  close(check: DriftCheck, outcome: CheckOutcome): Promise<void>;
  /** Standing, not called stale yet, and over: see `hasLapsed`. */
  lapsed(now: Instant, limit: number): Promise<readonly StandingDecision[]>;
  /** False, and nothing stored, when this cause is known. */
  addStale(staleness: Staleness): Promise<boolean>;
}
