import { z } from 'zod';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import { digestFrom } from '../kernel/digest.js';
import type { AccessPolicy } from './access-policy.port.js';

const neededShape = z.object({
  permission: z.string().nullable(),
  roles: z.array(z.string()),
  processRoles: z.array(z.string()),
  kind: z.literal('person').nullable(),
  anotherPerson: z.boolean(),
  place: z.enum(['organisation', 'project']),
});

const ruleShape = z.object({
  policyId: z.string(),
  policyVersion: z.string(),
  policyDigest: z.string().transform((text) => digestFrom(text)),
  ruleId: z.string(),
  title: z.string(),
  entrypoint: z.string(),
  remediation: z.string(),
  messages: z.object({ en: z.string(), nl: z.string().optional() }),
});

/** What every question of one case is answered with; `Refused` where it is not allowed. */
export const caseAnswerShape = z.object({
  allowed: z.boolean(),
  reasonCode: z.string(),
  params: z.record(z.string(), z.json()).default({}),
  needed: neededShape.optional(), // policies before 1.5.0 do not say
  refusedBy: ruleShape.optional(),
});

/**
 * A refusal, and beside it the rule that answered, as the policy version in force has it. What is no refusal, or of a
 * policy that was published without the words of its rules, stays as it is.
 */
export function withRule(
  { policy, rules }: AccessPolicy,
  entrypoint: string,
  answer: JsonValue | undefined,
): JsonValue | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const said = answer as JsonObject;
  const { allowed, reasonCode } = said;
  if (allowed !== false) return answer;
  const rule = rules.find((each) => each.entrypoint === entrypoint);
  const messages = typeof reasonCode === 'string' ? rule?.messages[reasonCode] : undefined;
  if (!rule || !messages) return answer;
  const { ruleId, title, remediation } = rule;
  const { policyId, version: policyVersion, digest: policyDigest } = policy;
  return {
    ...said,
    refusedBy: {
      ...{ policyId, policyVersion, policyDigest, ruleId, title, entrypoint, remediation },
      messages: { en: messages.en, ...(messages.nl !== undefined && { nl: messages.nl }) },
    },
  };
}
