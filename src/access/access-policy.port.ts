import type { Digest } from '../kernel/digest.js';
import type { JsonObject } from '../kernel/canonical-json.js';

/** The access policy an organisation has in force: compiled Rego and the parameters it is asked with. */
export interface AccessPolicy {
  /** The version that the checklist pins. */
  readonly policy: { readonly policyId: string; readonly version: string; readonly digest: Digest };
  /** Of the checklist: policy and parameters. */
  readonly digest: Digest;
  readonly bundle: Digest;
  readonly parameters: JsonObject;
  /** What its rules say, by entrypoint. */
  readonly rules: readonly AnsweringRule[];
}

/** A rule that answers a question, with the words for each of its reasons. */
export interface AnsweringRule {
  readonly ruleId: string;
  readonly entrypoint: string;
  readonly title: string;
  readonly remediation: string;
  readonly messages: Readonly<Record<string, { readonly en: string; readonly nl?: string | undefined }>>;
}

export interface AccessPolicySource {
  /** Undefined when the organisation has none: then nothing is permitted. */
  current(orgId: string): Promise<AccessPolicy | undefined>;
}
