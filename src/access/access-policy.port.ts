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
}

export interface AccessPolicySource {
  /** Undefined when the organisation has none: then nothing is permitted. */
  current(orgId: string): Promise<AccessPolicy | undefined>;
}
