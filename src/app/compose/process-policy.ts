import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { PROCESS_CHECKLIST } from '../../policy/checklist/checklist.js';
import type { ChecklistRead } from '../../policy/checklist/checklist.read.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import { REMEDIATIONS, type Remediation } from '../../process/fix-task.js';
import type {
  ProcessPolicy,
  RemediationQuestion,
  RouteAnswer,
  RouteQuestion,
} from '../../process/process-policy.port.js';
import { ROUTES } from '../../process/work-item.js';
import { askOne } from '../../rego/ask-one.js';
import type { Engine } from '../../rego/engine.port.js';
import type { AccessPolicy } from '../../access/access-policy.port.js';
import { ChecklistPolicies } from './policy-sources.js';

const routeShape = z.object({
  route: z.enum(ROUTES),
  reasonCode: z.string(),
  params: z.record(z.string(), z.json()).default({}),
});
const remediationShape = z.object({ remediation: z.enum(REMEDIATIONS), reasonCode: z.string() });

/** Puts the process's questions to what CHK_PROCESS has in force. No answer is undefined, never a fast path. */
export class RegoProcessPolicy implements ProcessPolicy {
  private readonly policies: ChecklistPolicies;

  constructor(
    private readonly engine: Engine,
    read: PolicyRead,
    standings: Pick<ChecklistRead, 'standing'>,
    private readonly clock: Clock,
  ) {
    this.policies = new ChecklistPolicies(read, standings, clock, PROCESS_CHECKLIST);
  }

  async route(orgId: string, question: RouteQuestion): Promise<RouteAnswer | undefined> {
    const policy = await this.policies.current(orgId);
    if (!policy) return undefined;
    const asked = { ...question, stories: question.stories.map((story) => ({ ...story })) };
    const answer = routeShape.safeParse(await this.ask(policy, 'assay/process/route/decision', asked));
    return answer.success
      ? { ...answer.data, params: answer.data.params, policyDigest: policy.digest }
      : undefined;
  }

  async remediation(
    orgId: string,
    question: RemediationQuestion,
  ): Promise<{ remediation: Remediation; reasonCode: string } | undefined> {
    const policy = await this.policies.current(orgId);
    if (!policy) return undefined;
    const answer = await this.ask(policy, 'assay/process/remediation/decision', { ...question });
    const parsed = remediationShape.safeParse(answer);
    return parsed.success ? parsed.data : undefined;
  }

  private ask(
    policy: AccessPolicy,
    entrypoint: string,
    question: JsonObject,
  ): Promise<JsonValue | undefined> {
    return askOne(this.engine, policy, { entrypoint, question }, this.clock.now());
  }
}
