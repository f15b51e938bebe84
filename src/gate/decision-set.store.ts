import type { Instant } from '../kernel/clock.js';
import type { Decision } from './decision.js';

/** A decision with what must still be so while it is recorded. */
export interface DecisionToAdd {
  readonly decision: Decision;
  /** The run that it ends, at this attempt. */
  readonly runId: string;
  readonly attempt: number;
  /** Whether a decision that is recorded already and holds at as-of takes its place. */
  readonly mayReuse: boolean;
  /** The checklist, where the gate follows the version in force. */
  readonly follows: { readonly chkId: string; readonly version: number } | null;
  /** What it rests on. */
  readonly waiverIds: readonly string[];
}

/** Decisions of several questions in a few statements for all. Lives on one transaction. */
export interface DecisionSetStore {
  /**
   * Until our transaction ends: no other checklist version comes into force, nobody changes the waivers, and no other
   * decision with the same inputs is recorded. A statement of its own: what follows sees what those before us committed.
   */
  lock(set: readonly DecisionToAdd[]): Promise<void>;
  /** Inputs digests, with their organisation (`nameOfInputs`), for which a recorded decision holds at as-of. */
  decided(set: readonly DecisionToAdd[]): Promise<ReadonlySet<string>>;
  /**
   * Adds what has no decision of that id yet, and ends those runs. Answers the ids added; undefined where one of those
   * runs is not at its attempt any more: a run leads to one decision, and nothing of this may be committed.
   */
  add(set: readonly DecisionToAdd[]): Promise<ReadonlySet<string> | undefined>;
}

export const nameOfInputs = ({
  orgId,
  inputsDigest,
}: {
  readonly orgId: string;
  readonly inputsDigest: string;
  readonly asOf: Instant;
}): string => `${orgId} ${inputsDigest}`;
