import { z } from 'zod';
import type { Actor } from '../kernel/actor.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { askOne } from '../rego/ask-one.js';
import type { Engine } from '../rego/engine.port.js';
import type { Needed, RefusingRule } from '../kernel/refusal.js';
import { caseAnswerShape, withRule } from './access-answer.js';
import type { AccessPolicy, AccessPolicySource } from './access-policy.port.js';
import type { ProjectRoles } from './organisation.js';
import type { Permission } from './permission.js';

/** What the access policy said, and why: the reason code is one of policies/access. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reasonCode: string;
  /** Those of the actor's roles that permit it, as far as the policy says so. */
  readonly roles: readonly string[];
  /** The rule that answered, in words; policies before 1.3.0 do not say. */
  readonly rule?: AccessRule | undefined;
  /** Where it is no: what it takes, and the rule in each of its languages. */
  readonly needed?: Needed | undefined;
  readonly refusedBy?: RefusingRule | undefined;
}

const ruleShape = z.object({
  ruleId: z.string(),
  title: z.string(),
  message: z.string(),
  remediation: z.string(),
});
export type AccessRule = z.infer<typeof ruleShape>;

const answerShape = caseAnswerShape.omit({ params: true }).extend({
  roles: z.array(z.string()).default([]), // policies before 1.3.0 do not say
  rule: ruleShape.optional(),
});

/** Asks under one policy, looked up once. Undefined when it cannot be answered. */
export type Asker = (entrypoint: string, question: JsonObject) => Promise<JsonValue | undefined>;

export const AUTHORISE = 'assay/access/authorise/decision';

/** Distinct (policy, kind, roles, permission) questions are few; the bound only guards against surprise. */
const MAX_CACHED = 10_000;

/**
 * Asks Rego who may do what. Fails closed: without a policy, an engine or a well-formed answer, nothing is
 * permitted. Answers depend on the policy, the actor's kind and roles, and the permission alone, and are kept.
 */
export class Authoriser {
  private readonly answers = new Map<string, AccessAnswer>();

  constructor(
    private readonly engine: Engine,
    private readonly policies: AccessPolicySource,
    private readonly clock: Clock,
  ) {}

  /** With a project, the question is about that project, and the roles that the actor holds there count too. */
  async may(actor: Actor, permission: Permission, project?: ProjectRoles): Promise<AccessAnswer> {
    return (await this.explain(actor, permission, project)).answer;
  }

  /** The answer, and the policy that gave it. */
  async explain(
    actor: Actor,
    permission: string,
    project?: ProjectRoles,
  ): Promise<{ readonly answer: AccessAnswer; readonly policy: AccessPolicy | undefined }> {
    const policy = await this.policies.current(actor.orgId);
    if (!policy) return { answer: denied('access-policy-missing'), policy };
    // No principal id in the question: the answer is kept for everyone with the same kind and roles.
    const question = {
      actor: { principalId: '', kind: actor.kind, roles: [...actor.roles].sort() },
      ...(project && { project: { projectId: project.projectId, roles: [...project.roles].sort() } }),
      permission,
    };
    const key = canonicalJson([policy.digest, question]);
    const known = this.answers.get(key);
    if (known) return { answer: known, policy };
    const parsed = answerShape.safeParse(await this.judge(policy, AUTHORISE, question));
    if (!parsed.success) return { answer: denied('access-policy-failed'), policy };
    if (this.answers.size >= MAX_CACHED) this.answers.clear();
    this.answers.set(key, parsed.data);
    return { answer: parsed.data, policy };
  }

  /**
   * For questions that are asked inside a transaction: the policy in force is looked up now, so that asking takes no
   * connection of the database. Without a policy there is no answer.
   */
  async asker(orgId: string): Promise<Asker> {
    const policy = await this.policies.current(orgId);
    return (entrypoint, question) =>
      policy ? this.judge(policy, entrypoint, question) : Promise.resolve(undefined);
  }

  /** A question of one case (may this person approve this waiver?). Undefined when it cannot be answered. */
  async ask(orgId: string, entrypoint: string, question: JsonObject): Promise<JsonValue | undefined> {
    const policy = await this.policies.current(orgId);
    return policy && this.judge(policy, entrypoint, question);
  }

  private async judge(
    policy: AccessPolicy,
    entrypoint: string,
    question: JsonObject,
  ): Promise<JsonValue | undefined> {
    const answer = await askOne(this.engine, policy, { entrypoint, question }, this.clock.now());
    return withRule(policy, entrypoint, answer);
  }
}

const denied = (reasonCode: string): AccessAnswer => ({ allowed: false, reasonCode, roles: [] });
