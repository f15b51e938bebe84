import type { JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { Severity } from '../waiver/severity.js';
import type { FindingNeed } from '../policy/policy-version.js';
import type { Catalogue } from '../kernel/message.js';

/** Whether a violation stops the artefact, is only reported, or is not looked for. */
export type Effect = 'block' | 'warn' | 'off';

export interface PinnedRule {
  readonly ruleId: string;
  /** Path of the rule's result, e.g. `assay/rules/no_secrets/result`. */
  readonly entrypoint: string;
  readonly effect: Effect;
  readonly severity: Severity;
  readonly title: string;
  readonly remediation: string;
  readonly controls: readonly string[];
  /** Which findings it looks at; absent: all there are. */
  readonly findings?: readonly FindingNeed[] | undefined;
  readonly messages: Catalogue;
}

export interface PinnedPolicy {
  readonly policyId: string;
  readonly version: string;
  readonly digest: Digest;
  /** The compiled module, as the engine names it. */
  readonly bundle: Digest;
  /** The module asks for the time or for chance, so its answer holds for one decision only. */
  readonly readsClock: boolean;
  /** In the order in which they are reported. */
  readonly rules: readonly PinnedRule[];
  /** Every declared parameter with the checklist's value or the default. */
  readonly parameters: JsonObject;
}

/** A checklist version with everything it pins: what is fixed about a verdict. */
export interface PinnedChecklist {
  readonly chkId: string;
  readonly version: number;
  readonly digest: Digest;
  /** One module with the rules of all its policies, where they go together; then it judges instead of theirs. */
  readonly bundle?: Digest;
  readonly policies: readonly PinnedPolicy[];
  /** Days by kind of evidence; older evidence of that kind is stale. A kind not named never is. */
  readonly freshness: Readonly<Record<string, number>>;
}
