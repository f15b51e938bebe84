import { z } from 'zod';
import { digestOf, type JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { digestFrom } from '../kernel/digest.js';

/**
 * Findings that a rule looks at, of those that are open: of a kind; of one level; of a severity; or at least as
 * severe as the parameter named by `from` says. `when`: only where that parameter is true.
 */
export const findingNeedShape = z.strictObject({
  kind: z.string(),
  level: z.string().optional(),
  severity: z.string().optional(),
  from: z.string().optional(),
  when: z.string().optional(),
});
export type FindingNeed = z.infer<typeof findingNeedShape>;

const digest = z.string().transform((text) => digestFrom(text));

const ruleShape = z.strictObject({
  ruleId: z.string(),
  /** Path of the rule's result in the compiled module, e.g. assay/rules/no_secrets/result. */
  entrypoint: z.string(),
  effect: z.enum(['block', 'warn', 'off']),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'none', 'unknown']),
  title: z.string(),
  description: z.string(),
  remediation: z.string(),
  controls: z.array(z.string()),
  /** Which findings it looks at, so that a gate need not read the others; absent: all there are. */
  findings: z.array(findingNeedShape).optional(),
  /** Message templates by code and language; `{name}` stands for a parameter. */
  messages: z.record(z.string(), z.strictObject({ en: z.string(), nl: z.string().optional() })),
});
export type PolicyRule = z.infer<typeof ruleShape>;

/** What a pack that answers questions says of one of its entrypoints: who asks is told why not, in its language. */
const answeringRuleShape = ruleShape.pick({
  ruleId: true,
  entrypoint: true,
  title: true,
  remediation: true,
  messages: true,
});
export type AnsweringRule = z.infer<typeof answeringRuleShape>;

export const policyDocumentShape = z.strictObject({
  policyId: z.string(),
  version: z.string(),
  title: z.strictObject({ en: z.string(), nl: z.string() }),
  description: z.strictObject({ en: z.string(), nl: z.string() }),
  rules: z.array(ruleShape),
  entrypoints: z.array(z.string()),
  /** By entrypoint; absent for packs that judge, and of versions that were published before there was this. */
  answers: z.array(answeringRuleShape).exactOptional(),
  parameters: z.record(
    z.string(),
    z.strictObject({ type: z.string(), default: z.json(), description: z.string() }),
  ),
  freshness: z.record(z.string(), z.int()),
  /** Titles of what people vouch for, by checklist and item. */
  items: z
    .record(z.string(), z.record(z.string(), z.strictObject({ en: z.string(), nl: z.string() })))
    .exactOptional(),
  /** Compiled module, by the digest under which the blob store holds its WASM. */
  bundle: digest,
  /** Over the canonical listing of Rego sources and manifest. */
  source: digest,
  opaVersion: z.string(),
  capabilities: digest,
  /** The module calls one of MOMENTARY_BUILTINS, the clock among them: its answers hold for one decision only. */
  readsClock: z.boolean(),
});

/** A published policy version: everything that judging with it depends on. Named by the digest of this. */
export type PolicyDocument = z.infer<typeof policyDocumentShape>;

export interface PolicyVersion {
  readonly digest: Digest;
  readonly document: PolicyDocument;
  readonly publishedAt: number;
}

export const policyDigest = (document: PolicyDocument): Digest => digestOf(document as unknown as JsonObject);
