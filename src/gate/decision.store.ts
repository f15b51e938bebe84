import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { Decision } from './decision.js';

/** A run that begins. */
export interface RunStart {
  readonly runId: string;
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: string;
  readonly requestedBy: string;
  readonly startedAt: Instant;
  /** After this a run that is still `running` has died. */
  readonly deadlineAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** Decisions, which are only added, and the runs that lead to them. Lives on one transaction. */
export interface DecisionStore {
  /** A new run in state `running`; its attempt counts the runs of this gate for this artefact version, from 1. */
  startRun(run: RunStart): Promise<void>;
  /** With a decision the run is `decided`, without one `failed`. A run that has ended is left as it is. */
  endRun(orgId: string, runId: string, at: Instant, decisionId: string | null): Promise<void>;
  /** Until our transaction ends, no other one that calls this for the same inputs gets past it. */
  lockInputs(orgId: string, inputsDigest: string): Promise<void>;
  /** A decision recorded for these inputs whose span [asOf, validUntil) holds the instant; never an ERROR. */
  findReusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined>;
  find(orgId: string, decisionId: string): Promise<Decision | undefined>;
  /** False, and nothing stored, when the id exists: then `find` sees it. */
  add(decision: Decision): Promise<boolean>;
}
