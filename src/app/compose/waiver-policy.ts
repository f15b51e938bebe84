import { z } from 'zod';
import { caseAnswerShape } from '../../access/access-answer.js';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { Actor } from '../../kernel/actor.js';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type {
  DelegationAsked,
  PolicyAnswer,
  RequestAnswer,
  WaiverAsked,
  WaiverPolicy,
  WaiverToApprove,
} from '../../waiver/waiver-policy.port.js';

const requestShape = caseAnswerShape.extend({
  requiredApprovals: z.int().min(1),
  maxDurationDays: z.int().min(0),
  review: z.object({ hours: z.int().min(1), path: z.array(z.string()).min(1) }).nullable(),
});

/** What an access policy that cannot be asked, or answers nonsense, amounts to. */
const NO_ANSWER = { allowed: false, reasonCode: 'access-policy-failed', params: {} };

/** Puts the waiver module's questions to the organisation's access policy. No answer is no. */
export class RegoWaiverPolicy implements WaiverPolicy {
  constructor(private readonly authoriser: Authoriser) {}

  async mayRequest(actor: Actor, { gate, ...waiver }: WaiverAsked): Promise<RequestAnswer> {
    const answer = requestShape.safeParse(
      await this.ask(actor, 'assay/access/waiver_request/decision', {
        waiver: waiver as unknown as JsonObject,
        ...(gate && { gate: gate as unknown as JsonObject }),
      }),
    );
    if (!answer.success) return { ...NO_ANSWER, requiredApprovals: 1, maxDurationDays: 0, review: null };
    return answer.data;
  }

  async mayApprove(actor: Actor, asked: WaiverToApprove): Promise<PolicyAnswer> {
    const { approverIds, delegatorId, processRoles, loginAgeSeconds, gate, ...waiver } = asked;
    const answer = caseAnswerShape.safeParse(
      await this.ask({ ...actor, processRoles }, 'assay/access/waiver_approval/decision', {
        waiver: waiver as unknown as JsonObject,
        approvals: approverIds.map((approverId) => ({ approverId })),
        login: { ageSeconds: loginAgeSeconds, amr: [...(actor.amr ?? [])] },
        ...(delegatorId !== undefined && { delegation: { delegatorId } }),
        ...(gate && { gate: gate as unknown as JsonObject }),
      }),
    );
    return answer.success ? answer.data : NO_ANSWER;
  }

  async mayDelegate(actor: Actor, delegation: DelegationAsked): Promise<PolicyAnswer> {
    const answer = caseAnswerShape.safeParse(
      await this.ask(actor, 'assay/access/waiver_delegation/decision', { delegation: { ...delegation } }),
    );
    return answer.success ? answer.data : NO_ANSWER;
  }

  private ask(
    actor: Actor & { readonly processRoles?: readonly string[] },
    entrypoint: string,
    question: JsonObject,
  ): Promise<JsonValue | undefined> {
    const { orgId, principalId, kind, roles, processRoles = [] } = actor;
    return this.authoriser.ask(orgId, entrypoint, {
      ...question,
      actor: { principalId, kind, roles: [...roles], processRoles: [...processRoles] },
    });
  }
}
