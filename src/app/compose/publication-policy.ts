import { z } from 'zod';
import { caseAnswerShape } from '../../access/access-answer.js';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { Actor } from '../../kernel/actor.js';
import type { JsonObject } from '../../kernel/canonical-json.js';
import type { ReviewRecord, ReviewVerdict } from '../../policy/draft/draft.js';
import type { PublicationAnswer, PublicationPolicy } from '../../policy/draft/publication-policy.port.js';

const answerShape = caseAnswerShape.extend({
  requiredApprovals: z.number().min(1),
  coverageFloor: z.number(),
});

/** What an access policy that cannot be asked, or answers nonsense, amounts to: no, and everything is demanded. */
const NO_ANSWER: PublicationAnswer = {
  allowed: false,
  reasonCode: 'access-policy-failed',
  params: {},
  requiredApprovals: 1,
  coverageFloor: 100,
};
const ENTRYPOINT = 'assay/access/policy_publication/decision';

/** Puts the policy module's questions to the organisation's access policy. No answer is no. */
export class RegoPublicationPolicy implements PublicationPolicy {
  constructor(private readonly authoriser: Authoriser) {}

  may(
    actor: Actor,
    step: ReviewVerdict | 'publish',
    { review, outcomes }: ReviewRecord,
  ): Promise<PublicationAnswer> {
    const reviews = outcomes.map(({ reviewerId, verdict }) => ({ reviewerId, outcome: verdict }));
    return this.ask(actor, { step, policy: { authorIds: [...review.authorIds] }, reviews });
  }

  async coverageFloor(actor: Actor): Promise<number> {
    return (await this.ask(actor, {})).coverageFloor;
  }

  permits(actor: Actor, permission: 'policy.write' | 'policy.publish') {
    return this.authoriser.may(actor, permission);
  }

  private async ask(
    { orgId, principalId, kind, roles }: Actor,
    question: JsonObject,
  ): Promise<PublicationAnswer> {
    const asked = { ...question, actor: { principalId, kind, roles } };
    const answer = answerShape.safeParse(await this.authoriser.ask(orgId, ENTRYPOINT, asked));
    return answer.success ? answer.data : NO_ANSWER;
  }
}
