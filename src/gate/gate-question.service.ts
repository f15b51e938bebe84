import type { ProcessContext } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { Result } from '../kernel/result.js';
import type { Replaced } from './decision-entry.js';
import type { GateInputs } from './decision-input.js';
import { parseDecision, type Decision } from './decision.js';
import type { EvidenceGatherer } from './evidence-gatherer.service.js';
import type { Gate } from './gate.js';
import type { GateProblem } from './problem.js';

export interface EvaluateGate {
  readonly gateId: string;
  /** Needed only when the digest is registered under several ids. */
  readonly artId?: string;
  readonly digest: Digest;
  /** Judge as of this instant; now when absent. */
  readonly asOf?: Instant;
  /** An earlier version of the same artefact, which new findings are told from old ones by. */
  readonly baseline?: Digest;
  /** Judge anew even when a recorded decision is valid. */
  readonly rejudge?: boolean;
  /** How long to wait for evidence that is still being normalised; at most `MAX_WAIT_MS`. */
  readonly waitMs?: number;
  /** Of questions that are asked together; otherwise each reads for itself. */
  readonly evidence?: EvidenceGatherer;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
  /** The decision that this one takes the place of, where one was found stale; on record in its entry. */
  readonly replaces?: Replaced;
}

export interface GateAnswer {
  readonly decision: Decision;
  /** True when it had been recorded before this question. */
  readonly reused: boolean;
}

/**
 * Between judging and recording somebody revoked a waiver or put another version of the checklist in force:
 * what was judged must not be recorded any more.
 */
export interface InputsChanged {
  readonly kind: 'InputsChanged';
}
export type Attempt = Result<GateAnswer, GateProblem | InputsChanged>;
/** Which attempt of which run, and the key of the decision that it makes. */
export interface AttemptOf {
  readonly runId: string;
  readonly attempt: number;
  readonly key: IdempotencyKey;
}
/** One evaluation on its way to being recorded. */
export interface RunUnderWay extends AttemptOf {
  readonly startedAt: Instant;
  readonly gate: Gate;
  readonly asOf: Instant;
  readonly inputs: GateInputs;
  /** Whether the gate judges with the version in force, which may change under it. */
  readonly follows: boolean;
}

export const CONFLICT: GateProblem = { kind: 'IdempotencyConflict', seq: null };

/** The key names who asked; a repetition must ask about the same thing, at the same as-of if it names one. */
export const answersSame = (known: Decision, command: EvaluateGate): boolean =>
  known.gateId === command.gateId &&
  known.artefactDigest === command.digest &&
  (command.artId === undefined || command.artId === known.artId) &&
  (command.baseline === undefined || command.baseline === parseDecision(known).baseline?.digest) &&
  (command.asOf === undefined || command.asOf === known.asOf);
