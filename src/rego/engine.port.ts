import type { JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import type { JsonProblem } from '../kernel/strict-json.js';

/** Everything an evaluation depends on: equal requests have equal results. */
export interface EvaluationRequest {
  readonly bundle: Digest;
  /** Rule paths with slashes, e.g. `assay/rules/sast_severity/result`; all see the same input. */
  readonly entrypoints: readonly string[];
  /** JSON text, canonical or not, but strict: refused as `InputInvalid` otherwise. */
  readonly input: string;
  /** What `time.now_ns` answers. */
  readonly instant: Instant;
  /** Source of whatever looks random to a policy, e.g. the digest of the decision's inputs. */
  readonly seed: string;
  /** For the evaluation itself. Waiting for a free thread is limited by the same figure, separately. */
  readonly deadlineMs: number;
}

/**
 * Judges: pure in its request, however often and wherever it is asked. One result per entrypoint, in the same
 * order; the first entrypoint without a result fails the whole request. Results are plain JSON: sets are
 * arrays in Rego's order, and no number is one that a double would round. Fails closed: what cannot be judged
 * is a problem, never a value. Never throws for what a policy or its input does.
 */
export interface Engine {
  evaluate(request: EvaluationRequest): Promise<Result<readonly JsonValue[], EngineProblem>>;
}

/**
 * Where compiled policies come from: the WebAssembly of the bundle with that digest, or undefined when there
 * is none. Whoever implements it has checked the bytes against the digest (`wasmMember` of bundle.ts says which
 * member they are). Called once per digest while the module stays cached.
 */
export interface BundleSource {
  get(bundle: Digest): Promise<Uint8Array | undefined>;
}

export type EngineProblem =
  | { readonly kind: 'BundleNotFound'; readonly bundle: Digest }
  | { readonly kind: 'EntrypointNotFound'; readonly bundle: Digest; readonly entrypoint: string }
  /** The policy calls functions this host does not have. Cannot happen to what our own toolchain compiled. */
  | { readonly kind: 'UnsupportedBuiltin'; readonly bundle: Digest; readonly builtins: readonly string[] }
  | { readonly kind: 'InputInvalid'; readonly reason: JsonProblem | InputTooLarge }
  /** The rule has no value for this input: a policy that judges must always say something. */
  | { readonly kind: 'ResultUndefined'; readonly entrypoint: string }
  | {
      readonly kind: 'EvaluationFailed';
      readonly cause: EvaluationFault;
      /** Undefined when it failed before any entrypoint was tried. */
      readonly entrypoint: string | undefined;
      /** What the module or the host said; for the log and the policy's author. */
      readonly detail: string;
    }
  | { readonly kind: 'DeadlineExceeded'; readonly deadlineMs: number }
  /** Nothing was evaluated: asking again later may help. */
  | EngineUnavailable;

export interface EngineUnavailable {
  readonly kind: 'EngineUnavailable';
  readonly reason: 'busy' | 'closed' | 'thread-failed';
  /** For the log. */
  readonly detail: string;
}

export interface InputTooLarge {
  readonly kind: 'InputTooLarge';
  readonly sizeBytes: number;
  readonly limitBytes: number;
}

/**
 * `bundle`: the module cannot be loaded; `conflict`: rules disagree on a value (`eval_conflict_error`);
 * `abort`, `trap`: the module gave up; `memory`: it wanted more than it may have; `result`: its answer has no
 * exact JSON form.
 */
export type EvaluationFault = 'bundle' | 'conflict' | 'abort' | 'trap' | 'memory' | 'result';
