import type { Instant } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { Cause, StandingDecision, StandingKey } from './standing.js';

export interface StandingFilter {
  readonly gateId?: string;
  readonly projectId?: string;
  /** Only those that are stale, or only those that are not. */
  readonly stale?: boolean;
}

/** Why a decision is stale, and since when that is known. */
export interface FoundCause {
  readonly cause: Cause;
  readonly foundAt: Instant;
}

/** How far what one cause made stale has been judged again. */
export interface RejudgeProgress {
  readonly done: number;
  readonly total: number;
  /** May still turn out to be stale for this cause. */
  readonly unchecked: number;
  /** When the first of them was found; null while there is none. */
  readonly startedAt: Instant | null;
}

/** Answers questions about standing decisions; changes nothing. */
export interface DriftRead {
  standing(key: StandingKey): Promise<StandingDecision | undefined>;
  /** By gate, artefact and digest. */
  list(
    orgId: string,
    filter: StandingFilter,
    page: PageRequest,
  ): Promise<Result<Page<StandingDecision>, InvalidCursor>>;
  /** Those after `key` in the same order; nothing is counted. */
  following(orgId: string, key: StandingKey | undefined, limit: number): Promise<readonly StandingDecision[]>;
  /** Not stale yet, and at their end by then; the earliest first. */
  ending(orgId: string, until: Instant, limit: number): Promise<readonly StandingDecision[]>;
  /** Of one decision, oldest first. */
  causes(orgId: string, decisionId: string): Promise<readonly FoundCause[]>;
  /** Stale, in all organisations, the most urgent first. */
  waiting(limit: number): Promise<readonly StandingDecision[]>;
  /** Of the entry `causeSeq`, or of everything that is stale. */
  progress(orgId: string, causeSeq?: number): Promise<RejudgeProgress>;
  /** Entries of the ledger that the read model has taken in. */
  ledgerSize(): Promise<number>;
}
