import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  CheckPolicyResult,
  ChecklistVersion as SdlChecklist,
  PolicyVersion as SdlPolicy,
  RegoFileInput,
} from '../api/generated.js';
import { as, present } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { AuthoringService } from './authoring.service.js';
import type { ChecklistVersion } from './checklist/checklist.js';
import type { PolicyVersion } from './policy-version.js';
import { AUTHORING_MESSAGES } from './messages.js';

@Resolver()
export class PolicyResolver {
  constructor(private readonly authoring: AuthoringService) {}

  @Query()
  @Requires('policy.read')
  async policies(@Caller() actor: Actor): Promise<ShownPolicy[]> {
    return (await this.authoring.policies(actor)).map(showPolicy);
  }

  @Query()
  @Requires('checklist.read')
  async checklist(
    @Args('chkId') chkId: string,
    @Args('version') version: number | null,
    @Caller() actor: Actor,
  ): Promise<ShownChecklist | null> {
    const found = await this.authoring.checklist(actor, chkId, version ?? undefined);
    return found ? showChecklist(found) : null;
  }

  @Mutation()
  @Requires('policy.check')
  async checkPolicy(@Args('files') files: RegoFileInput[]): Promise<CheckPolicyResult> {
    const checked = await this.authoring.check(files);
    if (checked.ok) return as('PolicyChecked', checked.value);
    return present(checked.problem, AUTHORING_MESSAGES) as CheckPolicyResult;
  }
}

/** State, sources and what the viewer can do are resolved when they are asked for. */
export type ShownPolicy = Omit<SdlPolicy, 'state' | 'sources' | 'viewerCan' | 'documentation'> & {
  readonly record: PolicyVersion;
};

export function showPolicy(record: PolicyVersion): ShownPolicy {
  const { digest, document, publishedAt } = record;
  return {
    record,
    policyId: document.policyId,
    version: document.version,
    digest,
    title: document.title.en,
    rules: document.rules.map((rule) => ({
      ruleId: rule.ruleId,
      title: rule.title,
      description: rule.description,
      effect: upper(rule.effect),
      severity: upper(rule.severity),
      remediation: rule.remediation,
      controls: rule.controls,
    })),
    parameters: document.parameters,
    items: Object.entries(document.items ?? {}).flatMap(([chkId, items]) =>
      Object.entries(items).map(([itemId, title]) => ({ chkId, itemId, ...title })),
    ),
    publishedAt,
  };
}

/** What is in force is resolved from the activations, when it is asked for. */
export type ShownChecklist = Omit<
  SdlChecklist,
  'active' | 'activeVersion' | 'activation' | 'activations' | 'viewerCan'
>;

export function showChecklist({ digest, document, publishedAt }: ChecklistVersion): ShownChecklist {
  return {
    chkId: document.chkId,
    version: document.version,
    title: document.title.en,
    digest,
    policies: document.policies.map(({ policyId, version, digest: policy }) => ({
      policyId,
      version,
      digest: policy,
    })),
    parameters: Object.fromEntries(
      document.policies.map(({ policyId, parameters }) => [policyId, parameters]),
    ),
    freshness: document.freshness,
    bundle: document.bundle ?? null,
    publishedAt,
  };
}

/** Enum values of the SDL are the domain's words in capitals. */
const upper = <T extends string>(word: T): Uppercase<T> => word.toUpperCase() as Uppercase<T>;
