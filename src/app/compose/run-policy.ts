import { caseAnswerShape } from '../../access/access-answer.js';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { RunPolicy, RunToResolve } from '../../gate/run/run-policy.port.js';
import type { Actor } from '../../kernel/actor.js';
import type { Refused } from '../../kernel/refusal.js';
import type { ProcessRoles } from './approvers.js';

/** Asks the organisation's access policy who may deal with a run that waits. No answer is no. */
export class RegoRunPolicy implements RunPolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly process: ProcessRoles,
  ) {}

  async mayResolve(
    { orgId, principalId, kind, roles }: Actor,
    { action, projectId, gateId, roles: owners, requesterId }: RunToResolve,
  ): Promise<Refused & { allowed: boolean }> {
    const processRoles = await this.process.rolesOf(orgId, projectId, principalId);
    const answer = caseAnswerShape.safeParse(
      await this.authoriser.ask(orgId, 'assay/access/gate_run/decision', {
        actor: { principalId, kind, roles, processRoles },
        run: { action, gateId, roles: owners, requesterId },
      }),
    );
    if (!answer.success) return { allowed: false, reasonCode: 'access-policy-failed', params: {} };
    return answer.data;
  }
}
