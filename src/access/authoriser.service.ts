import { z } from 'zod';
import type { Actor } from '../kernel/actor.js';
import { canonicalJson, digestOf, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { hexOf } from '../kernel/digest.js';
import { JsonText } from '../kernel/json-text.js';
import type { Engine } from '../rego/engine.port.js';
import type { AccessPolicy, AccessPolicySource } from './access-policy.port.js';
import type { Permission } from './permission.js';

/** What the access policy said, and why: the reason code is one of policies/access. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reasonCode: string;
}

const answerShape = z.object({ allowed: z.boolean(), reasonCode: z.string() });

/** An access question is small: what takes longer than this is broken, and broken means no. */
const DEADLINE_MS = 5_000;
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

  async may(actor: Actor, permission: Permission): Promise<AccessAnswer> {
    const policy = await this.policies.current(actor.orgId);
    if (!policy) return { allowed: false, reasonCode: 'access-policy-missing' };
    const subject = { kind: actor.kind, roles: [...actor.roles].sort() };
    const key = canonicalJson([policy.digest, subject, permission]);
    const known = this.answers.get(key);
    if (known) return known;
    // No principal id in the question: the answer is kept for everyone with the same kind and roles.
    const answer = await this.judge(policy, 'assay/access/authorise/decision', {
      actor: { principalId: '', ...subject },
      permission,
    });
    const parsed = answerShape.safeParse(answer);
    if (!parsed.success) return { allowed: false, reasonCode: 'access-policy-failed' };
    if (this.answers.size >= MAX_CACHED) this.answers.clear();
    this.answers.set(key, parsed.data);
    return parsed.data;
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
    const input = { ...question, parameters: policy.parameters };
    const answered = await this.engine.evaluate({
      bundle: policy.bundle,
      input: { kind: 'document', text: JsonText.of(input) },
      questions: [{ entrypoint }],
      instant: this.clock.now(),
      seed: hexOf(digestOf(input)),
      deadlineMs: DEADLINE_MS,
    });
    const [answer] = answered.ok ? answered.value : [];
    return answer?.ok ? answer.value : undefined;
  }
}
