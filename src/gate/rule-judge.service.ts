import type { JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { hexOf } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { Engine, EvaluationRequest } from '../rego/engine.port.js';
import type { PinnedPolicy, PinnedRule } from './checklist.js';
import type { RuleJudgement } from './decide.js';
import { ownInput, sharedInput, type GateInputs } from './decision-input.js';
import type { EvidenceGatherer, GatheredEvidence } from './evidence-gatherer.service.js';
import { judge, type Judgement } from './judge.js';
import type { Message } from '../kernel/message.js';
import { gateMessage } from './messages.js';
import { readRuleReport, type RuleReport } from './rule-report.js';

/**
 * Judges: reads the evidence, asks the engine for every rule that is on, and decides. Records nothing, so
 * evaluating, previewing and replaying are the same. Fails closed: what cannot be read or evaluated makes its
 * rules ERROR.
 */
export class RuleJudge {
  constructor(
    private readonly engine: Engine,
    private readonly evidence: EvidenceGatherer,
  ) {}

  /** `evidence`: of questions that are asked together, and read it once. */
  async judge(
    inputs: GateInputs,
    asOf: Instant,
    deadlineMs: number,
    evidence = this.evidence,
  ): Promise<Judgement> {
    const gathered = await evidence.gather(inputs);
    if (!gathered.ok) {
      const problem = gateMessage('gate.evidence-unreadable', { evidence: gathered.problem.evidence });
      const unreadable = inputs.checklist.policies.flatMap((policy) =>
        policy.rules.map((rule) => judgement(policy, rule, failed(problem))),
      );
      return judge(inputs, [], unreadable, asOf);
    }
    const { evidence: seen, left } = gathered.value;
    const request = {
      input: { kind: 'members', members: sharedInput(inputs, gathered.value, asOf) },
      instant: asOf,
      seed: hexOf(inputs.digest),
      deadlineMs,
    } as const;
    const { policies, bundle } = inputs.checklist;
    const gaps = gapsOf(left);
    const reports = bundle
      ? await this.ask(policies, { ...request, bundle }, gaps)
      : await Promise.all(
          policies.map((policy) => this.ask([policy], { ...request, bundle: policy.bundle }, gaps)),
        );
    return judge(inputs, seen, reports.flat(), asOf);
  }

  /** One evaluation for policies that are in one module: each rule is asked with its own policy's parameters. */
  private async ask(
    policies: readonly PinnedPolicy[],
    request: Omit<EvaluationRequest, 'questions'>,
    gaps: ReadonlyMap<string, RuleReport>,
  ): Promise<readonly RuleJudgement[]> {
    const rules = policies.flatMap((policy) => {
      const own = ownInput(policy);
      return policy.rules.map((rule) => ({ policy, rule, own }));
    });
    const asked = rules.filter(
      ({ policy, rule }) => rule.effect !== 'off' && !gaps.has(nameOf(policy, rule)),
    );
    const questions = asked.map(({ rule: { entrypoint }, own }) => ({ entrypoint, own }));
    const answers = questions.length > 0 ? await this.engine.evaluate({ ...request, questions }) : ok([]);
    return rules.map((each) => {
      const gap = gaps.get(nameOf(each.policy, each.rule));
      if (gap) return judgement(each.policy, each.rule, ok(gap));
      const answer = answers.ok ? answers.value[asked.indexOf(each)] : answers;
      return judgement(each.policy, each.rule, reportOf(each.rule, answer));
    });
  }
}

const nameOf = ({ policyId }: { policyId: string }, { ruleId }: { ruleId: string }): string =>
  `${policyId} ${ruleId}`;

/** A rule that was not asked could not judge: a gap, and no violation, whatever it would have found. */
const gapsOf = (left: GatheredEvidence['left']): ReadonlyMap<string, RuleReport> =>
  new Map(
    [...left].map(([rule, { code, count, limit }]) => [
      nameOf(rule, rule),
      {
        ruleId: rule.ruleId,
        applicable: true,
        violations: [],
        gaps: [{ code, params: { count, limit }, evidence: null }],
        facts: {},
      },
    ]),
  );

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
