import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import type { EvidenceGatherer } from './evidence-gatherer.service.js';
import type { GateAnswer } from './gate-question.service.js';
import type { GateService } from './gate.service.js';
import type { GateProblem } from './problem.js';

export interface GateQuestionOfMany {
  readonly gateId: string;
  readonly artId?: string;
  readonly digest: Digest;
  readonly asOf?: Instant;
}

export interface EvaluateGates {
  readonly questions: readonly GateQuestionOfMany[];
  readonly rejudge?: boolean;
  readonly waitMs?: number;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/** A request answers at once, and what it reads of evidence is held until then. */
export const MAX_QUESTIONS = 100;
/** What they ask at one moment is read and recorded together, so the more the cheaper; a hundred gain no more than these. */
const AT_ONCE = 50;

/**
 * Asks many questions. Each is a question of its own, with its own run, decision and entry; what they share is the
 * evidence, read and parsed once, and, where they are recorded at the same moment, a transaction.
 */
export class GateBatchService {
  constructor(
    private readonly gates: Pick<GateService, 'evaluateGate'>,
    private readonly evidence: EvidenceGatherer,
  ) {}

  /** Answers in the order of the questions. The key of each is made of its content, so that their order is no matter. */
  async evaluateGates(
    { questions, idempotencyKey, ...shared }: EvaluateGates,
    by: Actor,
  ): Promise<readonly Result<GateAnswer, GateProblem>[]> {
    const evidence = this.evidence.sharing();
    const answers: Result<GateAnswer, GateProblem>[] = [];
    let next = 0;
    const ask = async (): Promise<void> => {
      for (let at = next++; at < questions.length; at = next++) {
        const question = questions[at];
        if (!question) return;
        const { gateId, artId = '', digest, asOf = '' } = question;
        const key = JSON.stringify([idempotencyKey, gateId, artId, digest, asOf]);
        answers[at] = await this.gates.evaluateGate(
          { ...shared, ...question, idempotencyKey: key, evidence },
          by,
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, questions.length) }, ask));
    return answers;
  }
}
