import type { BlobStore } from '../kernel/blob.js';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { hexOf, sha256 } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { Engine, EngineProblem, EvaluationRequest } from '../rego/engine.port.js';
import type { PinnedPolicy, PinnedRule } from './checklist.js';
import type { RuleJudgement } from './decide.js';
import { regoInput, type GateInputs, type ReadEvidence } from './decision-input.js';
import { judge, type Judgement } from './judge.js';
import type { Message } from '../kernel/message.js';
import { gateMessage } from './messages.js';
import { readRuleReport } from './rule-report.js';

/** Nothing was said about any rule in particular, or time is up: asking rule by rule would not help. */
const WHOLE_REQUEST: ReadonlySet<EngineProblem['kind']> = new Set([
  'BundleNotFound',
  'DeadlineExceeded',
  'EngineUnavailable',
  'InputInvalid',
  'UnsupportedBuiltin',
]);

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
    const seed = hexOf(inputs.digest);
    const reports = await Promise.all(
      inputs.checklist.policies.map((policy) =>
        this.askPolicy(policy, {
          bundle: policy.bundle,
          input: regoInput(inputs, policy, evidence.value, asOf),
          instant: asOf,
          seed,
          deadlineMs,
        }),
      ),
    );
    return judge(inputs, evidence.value, reports.flat(), asOf);
  }

  private async askPolicy(
    policy: PinnedPolicy,
    request: Omit<EvaluationRequest, 'entrypoints'>,
  ): Promise<readonly RuleJudgement[]> {
    const asked = policy.rules.filter(({ effect }) => effect !== 'off');
    const answers = new Map(await this.ask(asked, request));
    return policy.rules.map((rule) => {
      const answer = answers.get(rule) ?? failed(engineMessage('not asked'));
      return judgement(policy, rule, answer.ok ? readRuleReport(rule.ruleId, answer.value) : answer);
    });
  }

  /** All rules at once; when one of them spoils that, each by itself, so that the others are still judged. */
  private async ask(
    rules: readonly PinnedRule[],
    request: Omit<EvaluationRequest, 'entrypoints'>,
  ): Promise<[PinnedRule, Result<JsonValue, Message>][]> {
    if (rules.length === 0) return [];
    const answer = await this.engine.evaluate({
      ...request,
      entrypoints: rules.map((rule) => rule.entrypoint),
    });
    if (answer.ok)
      return rules.map((rule, index) => {
        const value = answer.value[index];
        return [rule, value === undefined ? failed(engineMessage('no answer')) : ok(value)];
      });
    if (rules.length === 1 || WHOLE_REQUEST.has(answer.problem.kind))
      return rules.map((rule) => [rule, failed(engineMessage(answer.problem.kind))]);
    return (await Promise.all(rules.map((rule) => this.ask([rule], request)))).flat();
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
