import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Bearer } from '../../access/organisation.js';
import { Caller } from '../../api/caller.js';
import type {
  EvaluatePoliciesInput,
  EvaluatePolicyInput,
  EvaluatePolicyResult,
} from '../../api/generated.js';
import { badRequest, present } from '../../api/present.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Result } from '../../kernel/result.js';
import { QUESTION_MESSAGES, type QuestionProblem } from './problem.js';
import { QuestionService, type PolicyAnswer, type PolicyQuestion } from './question.service.js';

/** As many as a group of entries. */
const MAX_INPUTS = 500;

@Resolver()
export class QuestionResolver {
  constructor(private readonly questions: QuestionService) {}

  @Mutation()
  @Requires('policy.evaluate')
  async evaluatePolicy(
    @Args('input') { input: given, ...about }: EvaluatePolicyInput,
    @Caller() actor: Bearer,
  ): Promise<EvaluatePolicyResult> {
    return show(await this.questions.answer({ ...questionOf(about), input: given }, actor));
  }

  @Mutation()
  @Requires('policy.evaluate')
  async evaluatePolicies(
    @Args('input') { inputs, ...about }: EvaluatePoliciesInput,
    @Caller() actor: Bearer,
  ): Promise<EvaluatePolicyResult[]> {
    if (inputs.length < 1 || inputs.length > MAX_INPUTS)
      throw badRequest(`input.inputs: expected 1 to ${String(MAX_INPUTS)} inputs`);
    const { idempotencyKey, ...question } = questionOf(about);
    const answers = await this.questions.answers(
      inputs.map((input, place) => ({
        ...question,
        input,
        ...(idempotencyKey !== undefined && { idempotencyKey: `${idempotencyKey} ${String(place)}` }),
      })),
      actor,
    );
    return answers.map(show);
  }
}

const questionOf = (input: Omit<EvaluatePolicyInput, 'input'>): Omit<PolicyQuestion, 'input'> => ({
  policyId: input.policyId,
  version: input.version,
  ...(input.entrypoint == null ? {} : { entrypoint: input.entrypoint }),
  ...(input.asOf == null ? {} : { asOf: input.asOf }),
  ...(input.idempotencyKey == null ? {} : { idempotencyKey: input.idempotencyKey }),
  context: contextOf(input.context),
});

function show(answered: Result<PolicyAnswer, QuestionProblem>): EvaluatePolicyResult {
  if (!answered.ok) return present(answered.problem, QUESTION_MESSAGES) as EvaluatePolicyResult;
  const { policyId, version, digest, ...answer } = answered.value;
  return {
    __typename: 'PolicyAnswer',
    ...answer,
    policy: { policyId, version, digest },
  };
}
