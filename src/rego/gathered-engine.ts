import { Gatherings } from '../kernel/gathering.js';
import type { Result } from '../kernel/result.js';
import type { Answers, EngineProblem, EvaluationRequest, ManyEngine } from './engine.port.js';

/**
 * Puts what is asked of one bundle at the same moment to an engine together (`Gathering` says what a moment is): to reach a
 * thread and to hear from it costs several times as much as a small question. Each is answered as if it had been asked alone.
 */
export class GatheredEngine implements ManyEngine {
  private readonly gatherings = new Gatherings<EvaluationRequest, Result<Answers, EngineProblem>>(
    ({ bundle }) => bundle,
    (requests) => this.engine.evaluateMany(requests),
  );

  constructor(private readonly engine: ManyEngine) {}

  evaluate(request: EvaluationRequest): Promise<Result<Answers, EngineProblem>> {
    return this.gatherings.ask(request);
  }

  evaluateMany(requests: readonly EvaluationRequest[]): Promise<readonly Result<Answers, EngineProblem>[]> {
    return this.engine.evaluateMany(requests);
  }
}
