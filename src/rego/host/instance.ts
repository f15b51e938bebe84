import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { Builtin, BuiltinContext, BuiltinFamily } from '../builtins/builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { HOST_BUILTINS, loadBuiltins } from '../builtins/table.js';
import type { EngineProblem, QuestionProblem } from '../engine.port.js';
import { parseRego } from '../value/read-dump.js';
import type { RegoValue } from '../value/rego-value.js';
import { writeTerm } from '../value/write-term.js';
import { BuiltinFault, evaluationFailed } from './faults.js';
import { PolicyModule, type HeapImage, type MemoryPages } from './module.js';

/** What one policy may use of the machine. */
export interface HostLimits {
  /** Of all texts of a request together. */
  readonly inputBytes: number;
  /** Of one answer, in Rego notation; none when absent. */
  readonly resultBytes?: number;
  /** 64 KiB each; an input takes about 14 times its size (engine.md §6). */
  readonly memoryPages: number;
  /** WebAssembly memory never shrinks: an instance that grew beyond this is not used again. */
  readonly recycleAboveBytes: number;
}

/** A policy to be loaded. Its data either as text or as an instance of the same module had it in memory. */
export interface PolicySource {
  readonly bundle: Digest;
  readonly module: WebAssembly.Module;
  readonly data?: string | undefined;
  readonly image?: HeapImage | undefined;
  /** Besides the host's own: OPA's conformance suite declares one. */
  readonly builtins?: BuiltinFamily;
}

/** A request as it reaches an instance: texts that are known to be JSON. */
export interface EvaluationWork extends BuiltinContext {
  readonly input: WorkInput;
  readonly questions: readonly WorkQuestion[];
  readonly strictBuiltinErrors?: boolean;
}

export type WorkInput =
  /** A term: JSON or, in conformance tests, Rego notation. Absent is undefined input. */
  | { readonly kind: 'term'; readonly text: string | undefined }
  | { readonly kind: 'members'; readonly members: Readonly<Record<string, string>> };

export interface WorkQuestion {
  readonly entrypoint: string;
  /** Beside or instead of the shared members; ignored with a term. */
  readonly own?: Readonly<Record<string, string>>;
}

export type TermAnswer = Result<RegoValue, QuestionProblem>;

/** The answer in Rego notation. */
export type TextAnswer = Result<string, QuestionProblem>;

const PAGE_BYTES = 65_536;
/** Room for the module's own tables and a small input. */
const WORKING_PAGES = 32;

/**
 * One instance of a compiled policy. Parses the input once and evaluates every question upon it. Not re-entrant;
 * after anything thrown by the module the instance is spent and answers nothing more.
 */
export class PolicyInstance {
  private state: 'idle' | 'evaluating' | 'spent' = 'idle';

  private constructor(
    private readonly module: PolicyModule,
    private readonly builtins: ReadonlyMap<string, Builtin>,
    private readonly limits: HostLimits,
    private readonly data: { readonly address: number; readonly heapEnd: number },
  ) {}

  /**
   * Loads a module; refuses one that needs an older ABI, or builtins this host does not have. `workingBytes` is
   * what evaluations are expected to need.
   */
  static async load(
    source: PolicySource,
    limits: HostLimits,
    workingBytes = 0,
  ): Promise<Result<PolicyInstance, EngineProblem>> {
    try {
      const module = new PolicyModule(source.module, pagesFor(source, limits, workingBytes));
      const given = new Map(Object.entries(source.builtins ?? {}));
      const wanted = module.builtins.filter((name) => !given.has(name));
      const missing = wanted.filter((name) => !HOST_BUILTINS.has(name));
      if (missing.length > 0)
        return failed({ kind: 'UnsupportedBuiltin', bundle: source.bundle, builtins: missing });
      const builtins = new Map([...(await loadBuiltins(wanted)), ...given]);
      const address = source.image ? module.restore(source.image) : module.load(source.data ?? '{}');
      return ok(new PolicyInstance(module, builtins, limits, { address, heapEnd: module.heapEnd() }));
    } catch (error) {
      return failed(evaluationFailed(error, 'bundle'));
    }
  }

  get reusable(): boolean {
    return this.state === 'idle' && this.memoryBytes <= this.limits.recycleAboveBytes;
  }

  get memoryBytes(): number {
    return this.module.memoryBytes;
  }

  /** The parsed data, for other instances of this policy. */
  dataImage(): HeapImage {
    this.module.rewind(this.data.heapEnd);
    return this.module.image(this.data.address);
  }

  /** The same as values. */
  evaluate(work: EvaluationWork): readonly TermAnswer[] {
    return this.evaluateText(work).map((each) => (each.ok ? ok(parseRego(each.value)) : each));
  }

  /**
   * Answers in Rego notation, one per question, as far as it comes: after a question that broke the instance there
   * are no more, and a fresh instance can go on with the rest. An input that breaks it fails every question.
   */
  evaluateText(work: EvaluationWork): readonly TextAnswer[] {
    if (this.state !== 'idle') throw new Error(`an instance was asked while ${this.state}`);
    this.state = 'evaluating';
    this.module.onBuiltin = (name, args) => this.callBuiltin(name, args, work);
    const answers: TextAnswer[] = [];
    let input: LoadedInput | undefined;
    try {
      this.module.rewind(this.data.heapEnd);
      input = this.loadInput(work);
      const heapEnd = this.module.heapEnd();
      for (const question of work.questions) {
        this.module.rewind(heapEnd);
        answers.push(this.answer(question, input));
      }
      this.state = 'idle';
    } catch (error) {
      this.state = 'spent';
      const failure = failed(evaluationFailed(error));
      if (!input) return work.questions.map(() => failure);
      answers.push(failure);
    }
    return answers;
  }

  private answer({ entrypoint, own }: WorkQuestion, input: LoadedInput): TextAnswer {
    const id = this.module.entrypoints.get(entrypoint);
    if (id === undefined) return failed({ kind: 'EntrypointNotFound', entrypoint });
    const seen = own && input.members ? this.joined(input.members, own) : input.whole;
    const result = singleResult(this.module.run(id, this.data.address, seen, this.limits.resultBytes));
    return result === undefined ? failed({ kind: 'ResultUndefined', entrypoint }) : ok(result);
  }

  private loadInput({ input, questions }: EvaluationWork): LoadedInput {
    if (input.kind === 'term')
      return { whole: input.text === undefined ? undefined : this.module.load(input.text) };
    const members = new Map(
      Object.entries(input.members).map(([name, text]) => [
        name,
        { path: this.module.load(writeTerm([name])), value: this.module.load(text) },
      ]),
    );
    const plain = questions.some(({ own }) => !own);
    return { members, whole: plain ? this.joined(members, {}) : undefined };
  }

  /**
   * A new object of shared members and a question's own. A shared member that is replaced is left out, not
   * overwritten: overwriting would free it under the questions that follow.
   */
  private joined(shared: SharedMembers, own: Readonly<Record<string, string>>): number {
    const object = this.module.load('{}');
    for (const [name, { path, value }] of shared)
      if (!Object.hasOwn(own, name)) this.module.addMember(object, path, value);
    for (const [name, text] of Object.entries(own))
      this.module.addMember(object, this.module.load(writeTerm([name])), this.module.load(text));
    return object;
  }

  private callBuiltin(name: string, args: readonly RegoValue[], work: EvaluationWork): string | undefined {
    const builtin = this.builtins.get(name);
    if (!builtin) throw new BuiltinFault(`${name} is not there`);
    try {
      const answer = builtin({ instant: work.instant, seed: work.seed }, ...args);
      return answer === undefined ? undefined : writeTerm(answer);
    } catch (error) {
      const message = `${name}: ${error instanceof Error ? error.message : String(error)}`;
      if (!(error instanceof BuiltinError) || work.strictBuiltinErrors === true)
        throw new BuiltinFault(message);
      return undefined;
    }
  }
}

type SharedMembers = ReadonlyMap<string, { readonly path: number; readonly value: number }>;

interface LoadedInput {
  /** What questions without members of their own see. */
  readonly whole: number | undefined;
  readonly members?: SharedMembers;
}

function pagesFor({ image }: PolicySource, { memoryPages }: HostLimits, workingBytes: number): MemoryPages {
  // The module's own allocator learns of memory at the start or when it grows it itself: so all of it at once.
  const needed = workingBytes + (image ? image.base + image.bytes.byteLength : 0);
  return {
    initial: Math.min(WORKING_PAGES + Math.ceil(needed / PAGE_BYTES), memoryPages),
    maximum: memoryPages,
  };
}

const RESULT_OPENS = '{{"result":';
const RESULT_CLOSES = '}}';

/** A result set is `set()` when undefined, otherwise `{{"result": value}}`: with two results the rest is no value. */
function singleResult(dump: string): string | undefined {
  if (dump === 'set()') return undefined;
  if (!dump.startsWith(RESULT_OPENS) || !dump.endsWith(RESULT_CLOSES)) throw new Error('not a result set');
  return dump.slice(RESULT_OPENS.length, -RESULT_CLOSES.length);
}
