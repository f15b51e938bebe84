import type { JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { JsonText } from '../kernel/json-text.js';
import type { Result } from '../kernel/result.js';

/** Everything an evaluation depends on: equal requests have equal answers. */
export interface EvaluationRequest {
  readonly bundle: Digest;
  readonly input: PolicyInput;
  readonly questions: readonly Question[];
  /** What `time.now_ns` answers. */
  readonly instant: Instant;
  /** Source of whatever looks random to a policy, e.g. the digest of the decision's inputs. */
  readonly seed: string;
  /** For the evaluation itself, all questions together. Waiting for a free thread has the same limit, separately. */
  readonly deadlineMs: number;
  /** A builtin that reports an error fails the question (`builtin`) instead of being undefined. Off when absent. */
  readonly strictBuiltinErrors?: boolean;
}

/**
 * What the rules see as `input`; parsed once, whatever the number of questions. `members`: an object in parts,
 * to which each question may add members of its own. `none` is undefined input, which is not null.
 */
export type PolicyInput =
  | { readonly kind: 'none' }
  | { readonly kind: 'document'; readonly text: JsonText }
  | { readonly kind: 'members'; readonly members: InputMembers };

export type InputMembers = Readonly<Record<string, JsonText>>;

export interface Question {
  /** Rule path with slashes, e.g. `assay/rules/sast_severity/result`. */
  readonly entrypoint: string;
  /** Seen by this question only, over the shared members. With an input of kind `members`. */
  readonly own?: InputMembers;
}

/** One answer per question, in the same order. */
export type Answers = readonly Result<JsonValue, QuestionProblem>[];

/**
 * Judges: pure in its request, however often and wherever it is asked. Answers are plain JSON: sets are arrays
 * in Rego's order, and no number is one that a double would round. Fails closed: what cannot be judged is a
 * problem, never a value; a question that fails does not spoil the others. Never throws for what a policy or
 * its input does.
 */
export interface Engine {
  evaluate(request: EvaluationRequest): Promise<Result<Answers, EngineProblem>>;
}

/** An engine that is asked much at once. */
export interface ManyEngine extends Engine {
  /**
   * Each request is answered as `evaluate` answers it; all are of one bundle. They go to a thread together, so that they
   * wait, and are waited for, once.
   */
  evaluateMany(requests: readonly EvaluationRequest[]): Promise<readonly Result<Answers, EngineProblem>[]>;
}

/** A compiled policy: its WebAssembly and, where it has any, its base document. */
export interface Bundle {
  readonly wasm: Uint8Array;
  readonly data?: JsonText;
}

/**
 * Where compiled policies come from, or undefined when there is none of that digest. Whoever implements it has
 * checked the bytes against the digest (`wasmMember` of bundle.ts says which member they are). Called once per
 * digest while the module stays cached.
 */
export interface BundleSource {
  get(bundle: Digest): Promise<Bundle | undefined>;
}

/** Why nothing at all was answered. */
export type EngineProblem =
  | { readonly kind: 'BundleNotFound'; readonly bundle: Digest }
  /** The policy calls functions this host does not have. Cannot happen to what our own toolchain compiled. */
  | { readonly kind: 'UnsupportedBuiltin'; readonly bundle: Digest; readonly builtins: readonly string[] }
  | { readonly kind: 'InputTooLarge'; readonly sizeBytes: number; readonly limitBytes: number }
  | EvaluationFailed
  | { readonly kind: 'DeadlineExceeded'; readonly deadlineMs: number }
  /** Nothing was evaluated: asking again later may help. */
  | EngineUnavailable;

/** Why one question has no answer. */
export type QuestionProblem =
  | { readonly kind: 'EntrypointNotFound'; readonly entrypoint: string }
  /** The rule has no value for this input: a policy that judges must always say something. */
  | { readonly kind: 'ResultUndefined'; readonly entrypoint: string }
  | EvaluationFailed;

export interface EvaluationFailed {
  readonly kind: 'EvaluationFailed';
  readonly cause: EvaluationFault;
  /** What the module or the host said; for the log and the policy's author. */
  readonly detail: string;
}

export interface EngineUnavailable {
  readonly kind: 'EngineUnavailable';
  readonly reason: 'busy' | 'closed' | 'thread-failed' | 'bundle-unreadable';
  /** For the log. */
  readonly detail: string;
}

/**
 * `bundle`: the module or its data cannot be loaded; `conflict`: rules disagree on a value
 * (`eval_conflict_error`); `builtin`: one reported an error in a strict evaluation, or failed by a fault of
 * ours; `abort`, `trap`: the module gave up; `memory`: it wanted more than it may have; `result`: its answer is
 * too large or has no exact JSON form.
 */
export type EvaluationFault = 'bundle' | 'conflict' | 'builtin' | 'abort' | 'trap' | 'memory' | 'result';
