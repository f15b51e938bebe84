import type { Instant } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { GateRun, RunStep } from './run.js';

type Begun =
  'state' | 'attempt' | 'finishedAt' | 'nextAttemptAt' | 'nextEscalationAt' | 'escalated' | 'steps';

/**
 * A run that begins. `entryKey`: of the command that asked. `escalationsAt`: when each step of its gate's path is due;
 * of a run that is taken up again, the next one counts that was not taken before.
 */
export type RunStart = Omit<GateRun, Begun | 'reasonCode' | 'decisionId'> & {
  readonly escalationsAt: readonly Instant[];
  readonly entryKey: IdempotencyKey;
};

type Changing = 'state' | 'attemptLimit' | 'finishedAt' | 'dueAt' | 'nextAttemptAt' | 'nextEscalationAt';

/** What a step changes of its run. */
export type RunChange = Partial<Pick<GateRun, Changing | 'escalated' | 'reasonCode'>>;

/** One attempt of a run. */
export type AttemptName = Pick<GateRun, 'runId' | 'attempt'>;

/** Runs, whose state moves as run-state.ts allows, and their steps, which are only added. Lives on one transaction. */
export interface GateRunStore {
  /**
   * Begins runs, or takes up those that were given up or that nobody ended; what stands otherwise is left as it is and
   * answered. One statement for all.
   */
  beginAll(orgId: string, runs: readonly RunStart[]): Promise<readonly ('begun' | GateRun)[]>;
  /** Takes a run that is queued for its next attempt; undefined when it is not, or not yet. */
  take(orgId: string, runId: string, now: Instant, maxRunMs: number): Promise<GateRun | undefined>;
  /**
   * With a decision the run is `decided`, without one `failed`. False, and nothing is changed, where it is not at
   * this attempt any more: somebody gave that up for dead, and the next one is on its way.
   */
  end(orgId: string, of: AttemptName, at: Instant, decisionId: string | null): Promise<boolean>;
  /** Nobody else changes it until our transaction ends. */
  lock(orgId: string, runId: string): Promise<GateRun | undefined>;
  /** Adds a step to a run that is locked, and moves the run. */
  step(step: RunStep, change: RunChange, key: IdempotencyKey): Promise<void>;
  /** The step that was recorded under a key. */
  stepBy(orgId: string, key: IdempotencyKey): Promise<RunStep | undefined>;
  /** How many runs of a gate on an ART_* were sent back. */
  rejected(orgId: string, gateId: string, artId: string): Promise<number>;
}
