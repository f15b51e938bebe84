import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { hexOf, type Digest } from '../kernel/digest.js';
import { JsonText } from '../kernel/json-text.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { BundleSources } from '../policy/bundle-sources.port.js';
import type { ExplanationOrder, EvaluationOrder, RegoSource, RegoToolchain } from '../rego/compiler.port.js';
import type { Engine, InputMembers } from '../rego/engine.port.js';
import type { PinnedPolicy, PinnedRule } from './checklist.js';
import { ownInput, sharedInput, type GateInputs } from './decision-input.js';
import type { EvidenceGatherer, GatheredEvidence } from './evidence-gatherer.service.js';
import type { OpinionProblem } from './replay-problem.js';

const DEADLINE_MS = 60_000;

/** A rule of a decision, with everything the engine and the compiler need to answer it alike. */
export interface AskedRule {
  readonly policy: PinnedPolicy;
  readonly rule: PinnedRule;
  readonly bundle: Digest;
}

/** What one evaluator said: a value, or that there is none, or why. */
export interface Said {
  readonly value: JsonValue | null;
  readonly problem: string | null;
}

export interface Opinion {
  readonly ruleId: string;
  readonly agree: boolean;
  /** What judged: our host of the compiled module. */
  readonly engine: Said;
  /** `opa eval` of the sources with the same input, at the same instant. */
  readonly opa: Said;
}

/** The rules a decision asked, in its order. */
export const rulesAsked = ({ checklist }: GateInputs): readonly AskedRule[] =>
  checklist.policies.flatMap((policy) =>
    policy.rules.flatMap((rule) =>
      rule.effect === 'off' ? [] : [{ policy, rule, bundle: checklist.bundle ?? policy.bundle }],
    ),
  );

/** Asks the official OPA what the engine was asked, from the sources that the bundle was compiled from. */
export class SecondOpinion {
  constructor(
    private readonly engine: Engine,
    private readonly toolchain: RegoToolchain,
    private readonly sources: BundleSources,
    private readonly evidence: EvidenceGatherer,
  ) {}

  async on(asked: AskedRule, inputs: GateInputs, asOf: Instant): Promise<Result<Opinion, OpinionProblem>> {
    const order = await this.order(asked, inputs, asOf);
    if (!order.ok) return order;
    const [engine, opa] = await Promise.all([
      this.askEngine(asked, order.value.shared, { inputs, asOf }),
      this.askOpa(order.value.order),
    ]);
    if (!opa.ok) return opa;
    return ok({ ruleId: asked.rule.ruleId, agree: isSame(engine, opa.value), engine, opa: opa.value });
  }

  /** For the trace of the same question. */
  async explain(
    asked: AskedRule,
    { inputs, asOf }: { readonly inputs: GateInputs; readonly asOf: Instant },
    how: Pick<ExplanationOrder, 'mode' | 'maxEvents'>,
  ) {
    const order = await this.order(asked, inputs, asOf);
    return order.ok ? this.toolchain.explain({ ...order.value.order, ...how }) : order;
  }

  private async order(
    { policy, rule, bundle }: AskedRule,
    inputs: GateInputs,
    asOf: Instant,
  ): Promise<Result<{ readonly order: EvaluationOrder; readonly shared: InputMembers }, OpinionProblem>> {
    const content = await this.sources.sourcesOf(bundle);
    if (!content) return failed({ kind: 'PolicySourcesMissing', bundle });
    const data: readonly RegoSource[] = content.data ? [{ path: 'data.json', text: content.data.text }] : [];
    const shared = sharedInput(inputs, await this.gathered(inputs), asOf);
    const input = whole({ ...shared, ...ownInput(policy) });
    const { entrypoint } = rule;
    return ok({
      shared,
      order: { files: [...content.files, ...data], entrypoint, input, instant: asOf },
    });
  }

  private async askEngine(
    { policy, rule, bundle }: AskedRule,
    members: InputMembers,
    { inputs, asOf }: { readonly inputs: GateInputs; readonly asOf: Instant },
  ): Promise<Said> {
    const answers = await this.engine.evaluate({
      bundle,
      input: { kind: 'members', members },
      questions: [{ entrypoint: rule.entrypoint, own: ownInput(policy) }],
      instant: asOf,
      seed: hexOf(inputs.digest),
      deadlineMs: DEADLINE_MS,
    });
    const answer = answers.ok ? answers.value[0] : answers;
    if (answer?.ok) return { value: answer.value, problem: null };
    const { kind } = answer?.problem ?? { kind: 'ResultUndefined' };
    return { value: null, problem: kind };
  }

  /** An error of the evaluation is an answer; that OPA could not be asked is not. */
  private async askOpa(order: EvaluationOrder): Promise<Result<Said, OpinionProblem>> {
    const answer = await this.toolchain.evaluate(order);
    if (answer.ok)
      return ok(
        answer.value === undefined
          ? { value: null, problem: 'ResultUndefined' }
          : { value: answer.value, problem: null },
      );
    if (answer.problem.kind !== 'RegoInvalid') return failed(answer.problem);
    const evaluated = answer.problem.errors.every(({ code }) => code.startsWith('eval_'));
    return evaluated ? ok({ value: null, problem: 'EvaluationFailed' }) : failed(answer.problem);
  }

  /** As `inputsOf` has just checked it. */
  private async gathered(inputs: GateInputs): Promise<GatheredEvidence> {
    const gathered = await this.evidence.gather(inputs);
    if (!gathered.ok) throw new Error(`evidence ${gathered.problem.blob} is gone or was changed`);
    return gathered.value;
  }
}

const isSame = (one: Said, other: Said): boolean =>
  one.problem === other.problem && canonicalJson(one.value) === canonicalJson(other.value);

/** The members as the engine joins them. */
const whole = (members: InputMembers): JsonText =>
  JsonText.of(
    Object.fromEntries(
      Object.entries(members).map(([name, { text }]) => [name, JSON.parse(text) as JsonValue]),
    ),
  );
