import type { Digest } from '../../kernel/digest.js';
import type { Result } from '../../kernel/result.js';
import type { EngineProblem, QuestionProblem } from '../engine.port.js';
import type { EvaluationWork, HostLimits } from './instance.js';

/** What a thread is started with. */
export interface ThreadSetup {
  readonly limits: HostLimits;
  /** Instances kept for the next evaluation of the same bundle. */
  readonly keptInstances: number;
}

/** One evaluation. The module comes along each time (posting it shares the code), so threads need no memory. */
export interface ThreadTask extends EvaluationWork {
  readonly bundle: Digest;
  readonly module: WebAssembly.Module;
  readonly data: string | undefined;
}

/** Per question canonical JSON text or its problem; or why nothing was answered. */
export type ThreadAnswer = Result<readonly Result<string, QuestionProblem>[], EngineProblem>;

/** A thread says `ready` once, then answers each task in turn. */
export type ThreadMessage = 'ready' | ThreadAnswer;
