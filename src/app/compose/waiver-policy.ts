import { z } from 'zod';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { Actor } from '../../kernel/actor.js';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type {
  PolicyAnswer,
  RequestAnswer,
  WaiverAsked,
  WaiverPolicy,
  WaiverToApprove,
} from '../../waiver/waiver-policy.port.js';

const answerShape = z.object({
  allowed: z.boolean(),
  reasonCode: z.string(),
  params: z.record(z.string(), z.json()).default({}),
});
const requestShape = answerShape.extend({
  requiredApprovals: z.int().min(1),
  maxDurationDays: z.int().min(0),
});

/** What an access policy that cannot be asked, or answers nonsense, amounts to. */
const NO_ANSWER = { allowed: false, reasonCode: 'access-policy-failed', params: {} };

/** Puts the waiver module's two questions to the organisation's access policy. No answer is no. */
export class RegoWaiverPolicy implements WaiverPolicy {
  constructor(private readonly authoriser: Authoriser) {}

  async mayRequest(actor: Actor, waiver: WaiverAsked): Promise<RequestAnswer> {
    const answer = requestShape.safeParse(
      await this.ask(actor, 'assay/access/waiver_request/decision', {
        waiver: waiver as unknown as JsonObject,
      }),
    );
    if (!answer.success) return { ...NO_ANSWER, requiredApprovals: 1, maxDurationDays: 0 };
    return { ...answer.data, params: answer.data.params };
  }

  async mayApprove(actor: Actor, { approverIds, ...waiver }: WaiverToApprove): Promise<PolicyAnswer> {
    const answer = answerShape.safeParse(
      await this.ask(actor, 'assay/access/waiver_approval/decision', {
        waiver: waiver as unknown as JsonObject,
        approvals: approverIds.map((approverId) => ({ approverId })),
      }),
    );
    return answer.success ? { ...answer.data, params: answer.data.params } : NO_ANSWER;
  }

  private ask(actor: Actor, entrypoint: string, question: JsonObject): Promise<JsonValue | undefined> {
    const { orgId, principalId, kind, roles } = actor;
    return this.authoriser.ask(orgId, entrypoint, { ...question, actor: { principalId, kind, roles } });
  }
}
