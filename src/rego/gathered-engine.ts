import { Gatherings } from '../kernel/gathering.js';
import type { Result } from '../kernel/result.js';
import type { Answers, EngineProblem, EvaluationRequest, InputMembers, ManyEngine } from './engine.port.js';

/** Characters. What is larger takes long enough to be worth a way of its own, and nobody else shall wait for it. */
const SMALL = 64 * 1024;

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
    return lengthOf(request) > SMALL ? this.engine.evaluate(request) : this.gatherings.ask(request);
  }

  evaluateMany(requests: readonly EvaluationRequest[]): Promise<readonly Result<Answers, EngineProblem>[]> {
    return this.engine.evaluateMany(requests);
  }
}

function lengthOf({ input, questions }: EvaluationRequest): number {
  const own = questions.reduce((sum, question) => sum + lengthOfMembers(question.own), 0);
  if (input.kind === 'members') return own + lengthOfMembers(input.members);
  return own + (input.kind === 'none' ? 0 : input.text.text.length);
}

const lengthOfMembers = (members: InputMembers = {}): number =>
  Object.values(members).reduce((sum, { text }) => sum + text.length, 0);
