import type { Result } from '../kernel/result.js';
import type { EngineProblem, EvaluationRequest } from './engine.port.js';
import type { HostLimits } from './host.js';

/** What a thread is started with. */
export interface ThreadSetup {
  readonly limits: HostLimits;
  /** Instances kept for the next evaluation of the same bundle. */
  readonly keptInstances: number;
}

/** One evaluation. The module comes along each time (posting it shares the code), so threads need no memory. */
export interface ThreadTask extends Omit<EvaluationRequest, 'deadlineMs'> {
  readonly module: WebAssembly.Module;
}

/** Canonical JSON text per entrypoint, or the problem. */
export type ThreadAnswer = Result<readonly string[], EngineProblem>;

/** A thread says `ready` once, then answers each task in turn. */
export type ThreadMessage = 'ready' | ThreadAnswer;
