import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { BuiltinError, type Builtin, type BuiltinContext, type BuiltinFamily } from '../builtins/builtin.js';
import { HOST_BUILTINS, loadBuiltins } from '../builtins/table.js';
import type { EngineProblem, EvaluationFailed, EvaluationFault, QuestionProblem } from '../engine.port.js';
import { parseRego } from '../value/read-dump.js';
import { RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { AbiUnsupported, ModuleAbort, PolicyModule } from './module.js';

/** What one policy may use of the machine. */
export interface HostLimits {
  readonly inputBytes: number;
  /** 64 KiB each; an input takes about 14 times its size (engine.md §6). */
  readonly memoryPages: number;
  /** WebAssembly memory never shrinks: an instance that grew beyond this is not used again. */
  readonly recycleAboveBytes: number;
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
  readonly own?: Readonly<Record<string, string>>;
}

export type TermAnswer = Result<RegoValue, QuestionProblem>;

/** Room for the module's own tables; grows up to `memoryPages`. */
const INITIAL_PAGES = 32;

/**
 * One instance of a compiled policy. Parses the input once and evaluates every question upon it. Not re-entrant;
 * after anything thrown by the module the instance is spent and answers nothing more.
 */
export class PolicyInstance {
  private spent = false;

  private constructor(
    private readonly module: PolicyModule,
    private readonly builtins: ReadonlyMap<string, Builtin>,
    private readonly limits: HostLimits,
    private readonly data: { readonly address: number; readonly heapEnd: number },
  ) {}

  /** Loads a module; refuses one that needs an older ABI, or builtins this host does not have. */
  static async load(
    source: {
      readonly bundle: Digest;
      readonly module: WebAssembly.Module;
      readonly data: string | undefined;
      /** Besides the host's own: OPA's conformance suite declares one. */
      readonly builtins?: BuiltinFamily;
    },
    limits: HostLimits,
  ): Promise<Result<PolicyInstance, EngineProblem>> {
    const pages = { initial: Math.min(INITIAL_PAGES, limits.memoryPages), maximum: limits.memoryPages };
    try {
      const module = new PolicyModule(source.module, pages);
      const given = new Map(Object.entries(source.builtins ?? {}));
      const wanted = module.builtins.filter((name) => !given.has(name));
      const missing = wanted.filter((name) => !HOST_BUILTINS.has(name));
      if (missing.length > 0)
        return failed({ kind: 'UnsupportedBuiltin', bundle: source.bundle, builtins: missing });
      const builtins = new Map([...(await loadBuiltins(wanted)), ...given]);
      const address = module.load(source.data ?? '{}');
      return ok(new PolicyInstance(module, builtins, limits, { address, heapEnd: module.heapEnd() }));
    } catch (error) {
      return failed(evaluationFailed(error, 'bundle'));
    }
  }

  get reusable(): boolean {
    return !this.spent && this.module.memory.buffer.byteLength <= this.limits.recycleAboveBytes;
  }

  get memoryBytes(): number {
    return this.module.memory.buffer.byteLength;
  }

  /**
   * Answers as Rego values, one per question, as far as it comes: after a question that broke the instance there
   * are no more, and a fresh instance can go on with the rest.
   */
  evaluate(work: EvaluationWork): readonly TermAnswer[] {
    if (this.spent) throw new Error('a spent instance was asked again');
    this.module.onBuiltin = (name, args) => this.callBuiltin(name, args, work);
    const answers: TermAnswer[] = [];
    try {
      this.module.rewind(this.data.heapEnd);
      const input = this.loadInput(work.input);
      const heapEnd = this.module.heapEnd();
      for (const question of work.questions) {
        this.module.rewind(heapEnd);
        answers.push(this.answer(question, input));
      }
    } catch (error) {
      this.spent = true;
      answers.push(failed(evaluationFailed(error)));
    }
    return answers;
  }

  private answer({ entrypoint, own }: WorkQuestion, input: LoadedInput): TermAnswer {
    const id = this.module.entrypoints.get(entrypoint);
    if (id === undefined) return failed({ kind: 'EntrypointNotFound', entrypoint });
    const result = singleResult(this.module.run(id, this.data.address, this.seen(input, own)));
    return result === undefined ? failed({ kind: 'ResultUndefined', entrypoint }) : ok(result);
  }

  private loadInput(input: WorkInput): LoadedInput {
    if (input.kind === 'term')
      return { whole: input.text === undefined ? undefined : this.module.load(input.text) };
    const members = Object.entries(input.members).map(
      ([name, text]) => [name, this.module.load(text)] as const,
    );
    return { members };
  }

  /** A new object for each question, made of members that are shared. */
  private seen(input: LoadedInput, own: WorkQuestion['own'] = {}): number | undefined {
    if (!('members' in input)) return input.whole;
    const object = this.module.load('{}');
    for (const [name, value] of input.members) this.module.setMember(object, name, value);
    for (const [name, text] of Object.entries(own))
      this.module.setMember(object, name, this.module.load(text));
    return object;
  }

  private callBuiltin(name: string, args: readonly RegoValue[], work: EvaluationWork): RegoValue | undefined {
    const builtin = this.builtins.get(name);
    if (!builtin) throw new BuiltinFault(`${name} is not there`);
    try {
      return builtin({ instant: work.instant, seed: work.seed }, ...args);
    } catch (error) {
      const message = `${name}: ${error instanceof Error ? error.message : String(error)}`;
      if (!(error instanceof BuiltinError) || work.strictBuiltinErrors === true)
        throw new BuiltinFault(message);
      return undefined;
    }
  }
}

type LoadedInput =
  { readonly whole: number | undefined } | { readonly members: readonly (readonly [string, number])[] };

class BuiltinFault extends Error {}

/** A result set is `set()` when undefined, otherwise `{{"result": value}}`. */
function singleResult(dump: string): RegoValue | undefined {
  const results = parseRego(dump);
  if (!(results instanceof RegoSet) || results.members.length > 1) throw new Error('not a result set');
  const [binding] = results.members;
  if (binding === undefined) return undefined;
  const entry = binding instanceof RegoObject ? binding.entries[0] : undefined;
  if (entry?.[0] !== 'result') throw new Error('not a result set');
  return entry[1];
}

export const evaluationFailed = (error: unknown, cause = faultOf(error)): EvaluationFailed => ({
  kind: 'EvaluationFailed',
  cause,
  detail: error instanceof Error ? error.message : String(error),
});

function faultOf(error: unknown): EvaluationFault {
  if (error instanceof BuiltinFault) return 'builtin';
  if (error instanceof AbiUnsupported) return 'bundle';
  if (!(error instanceof ModuleAbort)) return 'trap';
  if (error.message.includes('opa_malloc: failed')) return 'memory';
  return /(var assignment|object insert) conflict/.test(error.message) ? 'conflict' : 'abort';
}
