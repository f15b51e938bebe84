import type { BlobStore } from '../kernel/blob.js';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { hexOf, sha256 } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { Engine, EvaluationRequest } from '../rego/engine.port.js';
import type { PinnedPolicy, PinnedRule } from './checklist.js';
import type { RuleJudgement } from './decide.js';
import { ownInput, sharedInput, type GateInputs, type ReadEvidence } from './decision-input.js';
import { judge, type Judgement } from './judge.js';
import type { Message } from '../kernel/message.js';
import { gateMessage } from './messages.js';
import { readRuleReport } from './rule-report.js';

/**
 * Judges: reads the evidence, asks the engine for every rule that is on, and decides. Records nothing, so
 * evaluating, previewing and replaying are the same. Fails closed: what cannot be read or evaluated makes its
 * rules ERROR.
 */
export class RuleJudge {
  constructor(
    private readonly engine: Engine,
    private readonly blobs: BlobStore,
  ) {}

  async judge(inputs: GateInputs, asOf: Instant, deadlineMs: number): Promise<Judgement> {
    const evidence = await this.readEvidence(inputs);
    if (!evidence.ok) {
      const unreadable = inputs.checklist.policies.flatMap((policy) =>
        policy.rules.map((rule) => judgement(policy, rule, evidence)),
      );
      return judge(inputs, [], unreadable, asOf);
    }
    const request = {
      input: { kind: 'members', members: sharedInput(inputs, evidence.value, asOf) },
      instant: asOf,
      seed: hexOf(inputs.digest),
      deadlineMs,
    } as const;
    const { policies, bundle } = inputs.checklist;
    const reports = bundle
      ? await this.ask(policies, { ...request, bundle })
      : await Promise.all(
          policies.map((policy) => this.ask([policy], { ...request, bundle: policy.bundle })),
        );
    return judge(inputs, evidence.value, reports.flat(), asOf);
  }

  /** One evaluation for policies that are in one module: each rule is asked with its own policy's parameters. */
  private async ask(
    policies: readonly PinnedPolicy[],
    request: Omit<EvaluationRequest, 'questions'>,
  ): Promise<readonly RuleJudgement[]> {
    const rules = policies.flatMap((policy) => {
      const own = ownInput(policy);
      return policy.rules.map((rule) => ({ policy, rule, own }));
    });
    const asked = rules.filter(({ rule }) => rule.effect !== 'off');
    const questions = asked.map(({ rule: { entrypoint }, own }) => ({ entrypoint, own }));
    const answers = questions.length > 0 ? await this.engine.evaluate({ ...request, questions }) : ok([]);
    return rules.map((each) => {
      const answer = answers.ok ? answers.value[asked.indexOf(each)] : answers;
      return judgement(each.policy, each.rule, reportOf(each.rule, answer));
    });
  }

  /** Whoever judges upon bytes checks them: a blob that was changed is not evidence. */
  private async readEvidence({
    orgId,
    evidence,
  }: GateInputs): Promise<Result<readonly ReadEvidence[], Message>> {
    const read: ReadEvidence[] = [];
    for (const item of evidence) {
      const bytes = await this.blobs.get(orgId, item.documentDigest);
      if (!bytes || sha256(bytes) !== item.documentDigest)
        return failed(gateMessage('gate.evidence-unreadable', { evidence: item.storedDigest }));
      read.push({ ...item, document: JSON.parse(bytes.toString('utf8')) as JsonObject });
    }
    return ok(read);
  }
}

function reportOf(
  rule: PinnedRule,
  answer: Result<JsonValue, { kind: string }> | undefined,
): RuleJudgement['report'] {
  if (answer?.ok) return readRuleReport(rule.ruleId, answer.value);
  return failed(engineMessage(answer?.problem.kind ?? 'not asked'));
}

const engineMessage = (problem: string): Message => gateMessage('gate.engine-failed', { problem });

const judgement = (
  policy: PinnedPolicy,
  rule: PinnedRule,
  report: RuleJudgement['report'],
): RuleJudgement => ({
  policyId: policy.policyId,
  rule,
  report,
});
