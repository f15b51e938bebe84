import type { Actor, ProcessContext } from '../../kernel/actor.js';
import { canonicalJson, digestOf, type JsonObject, type JsonValue } from '../../kernel/canonical-json.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { hexOf, sha256, type Digest } from '../../kernel/digest.js';
import { idempotencyKey, newUuid } from '../../kernel/id.js';
import { JsonText } from '../../kernel/json-text.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { actedBy } from '../../ledger/acted.js';
import type { Appender } from '../../ledger/appender.service.js';
import type {
  Answers,
  EngineProblem,
  EvaluationRequest,
  ManyEngine,
  QuestionProblem as Unanswered,
} from '../../rego/engine.port.js';
import type { PolicyRead } from '../policy.read.js';
import type { PolicyVersion } from '../policy-version.js';
import type { QuestionProblem } from './problem.js';

export interface PolicyQuestion {
  readonly policyId: string;
  /** Its number. */
  readonly version: string;
  /** Rule path with slashes; not needed where the version has only one. */
  readonly entrypoint?: string;
  readonly input: JsonValue;
  /** What the policy's clock says; now where absent. */
  readonly asOf?: Instant;
  /** Without one each question is another. */
  readonly idempotencyKey?: string;
  readonly context: ProcessContext;
}

export interface PolicyAnswer {
  readonly value: JsonValue;
  readonly policyId: string;
  readonly version: string;
  readonly digest: Digest;
  readonly entrypoint: string;
  readonly asOf: Instant;
  /** Of what the policy was given: the input, with its parameters. */
  readonly inputDigest: Digest;
  readonly answerDigest: Digest;
  /** The entry that records it; null where a grant of the caller's says that this policy's answers are not. */
  readonly entrySeq: number | null;
}

type Answered = Result<PolicyAnswer, QuestionProblem>;

/** A question that can be put to the engine. */
interface Ready {
  readonly question: PolicyQuestion;
  readonly policy: PolicyVersion;
  readonly input: JsonValue;
  readonly inputDigest: Digest;
  readonly entrypoint: string;
  readonly request: EvaluationRequest;
}

/** Who asks, and whose answers to them are not recorded. */
export type Questioner = Actor & { readonly unrecordedPolicies: readonly string[] };

/** As much as a text that GraphQL carries inline (settled.md, evidence). */
const MAX_INPUT_BYTES = 2 ** 20;
const DEADLINE_MS = 5_000;
/** Published versions never change; the bound only guards against surprise. */
const MAX_KEPT = 1_000;

/**
 * Answers ad-hoc questions with a published policy version. Recorded before the answer is given (settled.md,
 * verdicts), unless a grant of the caller's names the policy as one whose answers are not. Entries name digests; input
 * and answer themselves are sealed beside them with the caller's key, because nobody knows whom they speak of.
 */
export class QuestionService {
  private readonly kept = new Map<string, PolicyVersion>();

  constructor(
    private readonly policies: Pick<PolicyRead, 'policy'>,
    private readonly engine: ManyEngine,
    private readonly ledger: Pick<Appender<never>, 'append'>,
    private readonly clock: Clock,
  ) {}

  async answer(question: PolicyQuestion, by: Questioner): Promise<Answered> {
    const ready = await this.prepare(question, by);
    if (!ready.ok) return ready;
    return this.answerFrom(await this.engine.evaluate(ready.value.request), ready.value, by);
  }

  /** Questions to one policy version, each an answer of its own, in their order. */
  async answers(questions: readonly PolicyQuestion[], by: Questioner): Promise<readonly Answered[]> {
    const prepared = await Promise.all(questions.map((question) => this.prepare(question, by)));
    const ready = prepared.flatMap((each) => (each.ok ? [each.value] : []));
    const evaluated = await this.engine.evaluateMany(ready.map(({ request }) => request));
    return Promise.all(
      prepared.map(async (each) => {
        if (!each.ok) return each;
        const result = evaluated[ready.indexOf(each.value)];
        return result ? this.answerFrom(result, each.value, by) : failed(unanswered(undefined));
      }),
    );
  }

  private async prepare(question: PolicyQuestion, by: Questioner): Promise<Result<Ready, QuestionProblem>> {
    const { policyId, version } = question;
    const policy = await this.version(by.orgId, policyId, version);
    if (!policy) return failed({ kind: 'PolicyVersionNotFound', policyId, version });
    const entrypoint = entrypointOf(policy, question.entrypoint);
    if (!entrypoint.ok) return entrypoint;
    const given = inputOf(policy, question.input);
    if (!given.ok) return given;
    const { input, text } = given.value;
    const inputDigest = sha256(text.text);
    const request: EvaluationRequest = {
      bundle: policy.document.bundle,
      input: { kind: 'document', text },
      questions: [{ entrypoint: entrypoint.value }],
      instant: question.asOf ?? this.clock.now(),
      seed: hexOf(inputDigest),
      deadlineMs: DEADLINE_MS,
    };
    return ok({ question, policy, input, inputDigest, entrypoint: entrypoint.value, request });
  }

  private async answerFrom(
    answered: Result<Answers, EngineProblem>,
    { question, policy, input, inputDigest, entrypoint, request }: Ready,
    by: Questioner,
  ): Promise<Answered> {
    const first = answered.ok ? answered.value[0] : answered;
    if (!first?.ok) return failed(unanswered(first?.problem));
    const answer: PolicyAnswer = {
      value: first.value,
      ...{ policyId: question.policyId, version: policy.document.version, digest: policy.digest },
      ...{ entrypoint, asOf: request.instant, inputDigest, answerDigest: digestOf(first.value) },
      entrySeq: null,
    };
    return by.unrecordedPolicies.includes(question.policyId)
      ? ok(answer)
      : this.recorded(answer, { question, input }, by);
  }

  private async recorded(
    answer: PolicyAnswer,
    { question, input }: { readonly question: PolicyQuestion; readonly input: JsonValue },
    by: Actor,
  ): Promise<Result<PolicyAnswer, QuestionProblem>> {
    const { value, policyId, version, digest, entrypoint, asOf, inputDigest, answerDigest } = answer;
    const operation = `policy-decision ${by.principalId}`;
    const at = this.clock.now();
    const appended = await this.ledger.append({
      orgId: by.orgId,
      kind: 'policy-decision',
      actor: { principalId: by.principalId },
      subjects: [
        { name: `${policyId}@${version}`, digest },
        { name: 'input', digest: inputDigest },
        { name: 'answer', digest: answerDigest },
      ],
      facts: {
        ...{ tsStart: at, tsEnd: at, asOf, policyDigests: [digest] },
        ...actedBy(by, question.context),
        ...resultOf(value),
        details: { entrypoint },
      },
      personal: [
        {
          principalId: by.principalId,
          fields: { input: canonicalJson(input), answer: canonicalJson(value) },
        },
      ],
      key: idempotencyKey(by.orgId, operation, question.idempotencyKey ?? newUuid()),
    });
    return appended.ok ? ok({ ...answer, entrySeq: appended.value.seq }) : appended;
  }

  private async version(
    orgId: string,
    policyId: string,
    version: string,
  ): Promise<PolicyVersion | undefined> {
    const key = JSON.stringify([orgId, policyId, version]);
    const kept = this.kept.get(key);
    if (kept) return kept;
    const found = await this.policies.policy(orgId, policyId, version);
    if (!found) return undefined;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, found);
    return found;
  }
}

function entrypointOf(
  { document }: PolicyVersion,
  asked: string | undefined,
): Result<string, QuestionProblem> {
  const { entrypoints } = document;
  const [only] = entrypoints;
  if (asked === undefined && only !== undefined && entrypoints.length === 1) return ok(only);
  if (asked !== undefined && entrypoints.includes(asked)) return ok(asked);
  return failed({ kind: 'EntrypointNotFound', entrypoint: asked ?? '(none named)', entrypoints });
}

interface GivenInput {
  readonly input: JsonValue;
  readonly text: JsonText;
}

/** An object that brings no parameters is given the policy's defaults: rules are always asked with some. */
function inputOf(policy: PolicyVersion, given: JsonValue): Result<GivenInput, QuestionProblem> {
  try {
    const input = withParameters(policy, given);
    const text = JsonText.of(input);
    // What the policy adds is not the caller's to answer for, and is looked at only where it could be that.
    const size = Buffer.byteLength(text.text) > MAX_INPUT_BYTES ? Buffer.byteLength(canonicalJson(given)) : 0;
    if (size > MAX_INPUT_BYTES)
      return failed({ kind: 'PolicyInputTooLarge', sizeBytes: size, limitBytes: MAX_INPUT_BYTES });
    return ok({ input, text });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return failed({
      kind: 'InvalidInput',
      path: 'input.input',
      expected: `JSON that can be recorded (${detail})`,
    });
  }
}

function withParameters({ document }: PolicyVersion, given: JsonValue): JsonValue {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || 'parameters' in given)
    return given;
  const parameters = Object.fromEntries(
    Object.entries(document.parameters).map(([name, declared]) => [name, declared.default]),
  );
  return { ...(given as JsonObject), parameters };
}

/** Most policies that are asked this way say yes or no: that much is said in clear. */
function resultOf(value: JsonValue): { readonly result?: string } {
  const allowed =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)['allowed']
      : value;
  return typeof allowed === 'boolean' ? { result: allowed ? 'ALLOWED' : 'DENIED' } : {};
}

function unanswered(problem: EngineProblem | Unanswered | undefined): QuestionProblem {
  const because = (
    cause: Extract<QuestionProblem, { kind: 'PolicyUnanswered' }>['cause'],
    detail: string,
  ): QuestionProblem => ({ kind: 'PolicyUnanswered', cause, detail });
  switch (problem?.kind) {
    case 'InputTooLarge':
      return { kind: 'PolicyInputTooLarge', sizeBytes: problem.sizeBytes, limitBytes: problem.limitBytes };
    case 'ResultUndefined':
      return because('UNDEFINED', 'no rule says anything of this input');
    case 'DeadlineExceeded':
      return because('DEADLINE', `not within ${String(problem.deadlineMs)} ms`);
    case 'EngineUnavailable':
      return because('BUSY', problem.reason);
    case 'EvaluationFailed':
      return because('FAULT', problem.cause);
    default:
      return because('FAULT', problem?.kind ?? 'no answer');
  }
}
