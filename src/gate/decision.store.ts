import type { Instant } from '../kernel/clock.js';
import type { Decision } from './decision.js';

/** Decisions, which are only added. Lives on one transaction. */
export interface DecisionStore {
  /** Until our transaction ends, no other one that calls this for the same inputs gets past it. */
  lockInputs(orgId: string, inputsDigest: string): Promise<void>;
  /** A decision recorded for these inputs whose span [asOf, validUntil) holds the instant; never an ERROR. */
  findReusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined>;
  find(orgId: string, decisionId: string): Promise<Decision | undefined>;
  /** False, and nothing stored, when the id exists: then `find` sees it. */
  add(decision: Decision): Promise<boolean>;
}
