import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { Decision as SdlDecision, RuleResult as SdlRuleResult, Severity } from '../api/generated.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { Digest } from '../kernel/digest.js';
import { MAX_PAGE_SIZE } from '../kernel/page.js';
import { effectOf, type RuleResult, type ViolationResult } from './decide.js';
import { parseDecision, type Decision } from './decision.js';
import { GateDesk } from './gate-desk.service.js';

/** The ledger's entry is resolved by the ledger, from the key that the decision was recorded under. */
export type ShownDecision = Omit<SdlDecision, 'ledgerEntry' | 'runs'> & { readonly entryKey: Buffer };

@Resolver('ArtefactVersion')
export class DecisionResolver {
  constructor(private readonly desk: GateDesk) {}

  @Query()
  @Requires('decision.read', { decision: 'id' })
  async decision(@Args('id') id: string, @Caller() actor: Actor): Promise<ShownDecision | null> {
    const found = await this.desk.decision(actor, id);
    return found ? showDecision(found, true) : null;
  }

  @ResolveField()
  @Requires('decision.read')
  async decisions(
    @Parent() artefact: { digest: Digest },
    @Args('first') first: number,
    @Caller() actor: Actor,
  ): Promise<ShownDecision[]> {
    const count = Math.min(Math.max(first, 0), MAX_PAGE_SIZE);
    return (await this.desk.decisionsOn(actor, artefact.digest, count)).map((each) =>
      showDecision(each, true),
    );
  }
}

export function showDecision(decision: Decision, reused: boolean): ShownDecision {
  const document = parseDecision(decision);
  return {
    __typename: 'Decision',
    id: decision.decisionId,
    gateId: decision.gateId,
    artId: decision.artId,
    artefactDigest: decision.artefactDigest,
    checklist: { ...document.checklist, bundle: document.checklist.bundle ?? null },
    policies: document.policies.map(({ policyId, version, digest }) => ({ policyId, version, digest })),
    asOf: decision.asOf,
    validUntil: decision.validUntil,
    verdict: decision.verdict,
    verdictWithoutWaivers: decision.verdictWithoutWaivers,
    rules: document.rules.map(showRule),
    evidence: document.evidence.map(({ digest }) => digest),
    baseline: document.baseline
      ? {
          artId: document.baseline.artId,
          digest: document.baseline.digest,
          evidence: document.baseline.evidence.map(({ digest }) => digest),
        }
      : null,
    waiverIds: [...document.waivers.applied],
    inputsDigest: decision.inputsDigest,
    documentDigest: decision.documentDigest,
    decidedAt: decision.decidedAt,
    reused,
    entryKey: decision.entryKey,
  };
}

export const showRule = (rule: RuleResult): SdlRuleResult => ({
  ...rule,
  controls: [...rule.controls],
  effect: rule.effect.toUpperCase() as SdlRuleResult['effect'],
  severity: rule.severity.toUpperCase() as Severity,
  violations: rule.violations.map((violation) => ({
    ...violation,
    severity: violation.severity.toUpperCase() as Severity,
    effect: effectOf(rule, violation).toUpperCase() as SdlRuleResult['effect'],
    where: whereOf(violation),
  })),
  gaps: rule.gaps.map((gap) => ({ ...gap })),
});

/** `path:line`, or the component. */
function whereOf({ where, subject }: ViolationResult): string | null {
  if (!where) return subject;
  return where.line === null ? where.path : `${where.path}:${String(where.line)}`;
}
