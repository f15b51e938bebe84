import type { Digest } from '../../kernel/digest.js';
import type { Result } from '../../kernel/result.js';
import type { EngineProblem, QuestionProblem } from '../engine.port.js';
import type { EvaluationWork, HostLimits, PolicySource } from './instance.js';
import type { HeapImage } from './module.js';

/** What a thread may use. */
export interface ThreadLimits extends HostLimits {
  readonly resultBytes: number;
  /** WebAssembly memory of the instances that a thread keeps for later. */
  readonly keptInstanceBytes: number;
}

/** What a thread is told. The first three are answered, one at a time. */
export type ThreadOrder =
  | EvaluateOrder
  | EvaluateManyOrder
  /** Load a policy and say how its data lies in memory. */
  | { readonly kind: 'prepare'; readonly source: PolicySource }
  /** Have an instance ready: it is likely to be asked. */
  | { readonly kind: 'keep'; readonly source: PolicySource }
  | { readonly kind: 'forget'; readonly bundle: Digest };

export interface EvaluateOrder {
  readonly kind: 'evaluate';
  readonly bundle: Digest;
  /** The first time only, and again after `forget`: the thread keeps it. Posting a module shares its code. */
  readonly source?: PolicySource;
  readonly work: EvaluationWork;
  /** UTF-8 length of all texts in `work`. */
  readonly inputBytes: number;
}

/** Several of one policy, one after the other. */
export interface EvaluateManyOrder extends Pick<EvaluateOrder, 'bundle' | 'source'> {
  readonly kind: 'evaluate-many';
  readonly works: readonly Pick<EvaluateOrder, 'work' | 'inputBytes'>[];
}

/** Per question canonical JSON text or its problem; or why nothing was answered. */
export type EvaluateReply = Result<readonly Result<string, QuestionProblem>[], EngineProblem>;
export type EvaluateManyReply = Result<readonly EvaluateReply[], EngineProblem>;
export type PrepareReply = Result<HeapImage, EngineProblem>;
export type ThreadReply = EvaluateReply | EvaluateManyReply | PrepareReply;

/** A thread says `ready` once, then answers in turn. */
export type ThreadMessage = 'ready' | ThreadReply;
