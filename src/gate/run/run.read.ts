import type { Instant } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { RunState } from './run-state.js';
import type { GateRun, RunStep } from './run.js';

export interface RunFilter {
  readonly state?: RunState;
  readonly gateId?: string;
  /** Process role. */
  readonly ownerRole?: string;
}

/** Which run, of whichever organisation. */
export interface RunName {
  readonly orgId: string;
  readonly runId: string;
}

/** Answers questions about runs; changes nothing. */
export interface GateRunRead {
  run(orgId: string, runId: string): Promise<GateRun | undefined>;
  /** Newest first. */
  runs(orgId: string, filter: RunFilter, page: PageRequest): Promise<Result<Page<GateRun>, InvalidCursor>>;
  /** Those that led to a decision, the newest first; at most `MAX_PAGE_SIZE`. */
  leadingTo(orgId: string, decisionId: string): Promise<readonly GateRun[]>;
  /** In their order. */
  steps(orgId: string, runId: string): Promise<readonly RunStep[]>;
  /** Queued runs whose next attempt is due, longest waiting first. */
  due(now: Instant, limit: number): Promise<readonly (RunName & { readonly attempt: number })[]>;
  /** Runs that are `running` after their deadline. */
  dead(now: Instant, limit: number): Promise<readonly (RunName & { readonly attempt: number })[]>;
  /** Runs whose next step of the escalation path is due. */
  late(now: Instant, limit: number): Promise<readonly RunName[]>;
}
