import type { JsonValue } from '../../kernel/canonical-json.js';
import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type {
  Answers,
  BundleSource,
  Engine,
  EngineProblem,
  EvaluationRequest,
  InputMembers,
  PolicyInput,
  Question,
} from '../engine.port.js';
import { CLOSED, EvaluationThread } from './evaluation-thread.io.js';
import { evaluationFailed, type HostLimits, type WorkInput, type WorkQuestion } from './instance.js';
import { LruMap } from './lru-map.js';

/** How much of the machine the engine may take; `DEFAULT_ENGINE_LIMITS` says why these figures. */
export interface EngineLimits extends HostLimits {
  readonly threads: number;
  /** Evaluations accepted and not yet answered, beyond which callers are told to come back. */
  readonly pending: number;
  readonly keptModules: number;
  /** JavaScript heap of a thread; WebAssembly memory is counted apart. */
  readonly threadHeapMb: number;
}

export const DEFAULT_ENGINE_LIMITS: EngineLimits = {
  threads: 2,
  pending: 256,
  keptModules: 64,
  threadHeapMb: 256,
  inputBytes: 16 * 2 ** 20, // takes about 14 times that once parsed, just within memoryPages
  memoryPages: 4096, // 256 MiB
  recycleAboveBytes: 64 * 2 ** 20,
};

const BUSY: EngineProblem = {
  kind: 'EngineUnavailable',
  reason: 'busy',
  detail: 'too many evaluations at once',
};

type Answer = Result<Answers, EngineProblem>;

interface LoadedBundle {
  readonly module: WebAssembly.Module;
  readonly data: string | undefined;
}

/**
 * The engine on worker threads: evaluation is synchronous and can only be stopped from outside, so each thread
 * does one at a time and is ended, and replaced, when its deadline passes. Compiled modules are cached by bundle
 * digest and shared between threads.
 */
export class ThreadedEngine implements Engine {
  private readonly idle: EvaluationThread[];
  private readonly threads: readonly EvaluationThread[];
  private readonly waiting: ((thread: EvaluationThread | undefined) => void)[] = [];
  private readonly modules: LruMap<Digest, LoadedBundle>;
  private pending = 0;
  private closed = false;

  /** `threadFile` is the compiled evaluate.io.js: a thread cannot run TypeScript. */
  constructor(
    private readonly bundles: BundleSource,
    threadFile: URL,
    private readonly limits: EngineLimits = DEFAULT_ENGINE_LIMITS,
  ) {
    this.modules = new LruMap(limits.keptModules);
    this.threads = Array.from({ length: limits.threads }, () => new EvaluationThread(threadFile, limits));
    this.idle = [...this.threads];
  }

  async evaluate(request: EvaluationRequest): Promise<Answer> {
    if (this.closed || this.pending >= this.limits.pending) return failed(this.refusal());
    this.pending += 1;
    try {
      const loaded = await this.compiled(request.bundle);
      if (!loaded.ok) return loaded;
      const sizeBytes = inputBytes(request);
      const { inputBytes: limitBytes } = this.limits;
      if (sizeBytes > limitBytes) return failed({ kind: 'InputTooLarge', sizeBytes, limitBytes });
      const thread = await this.freeThread(request.deadlineMs);
      if (!thread) return failed(this.refusal());
      try {
        return await this.ask(thread, request, loaded.value);
      } finally {
        this.release(thread);
      }
    } finally {
      this.pending -= 1;
    }
  }

  /** Answers what waits with `EngineUnavailable` and ends the threads. Evaluations under way fail likewise. */
  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake(undefined);
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private refusal(): EngineProblem {
    return this.closed ? CLOSED : BUSY;
  }

  private async ask(
    thread: EvaluationThread,
    request: EvaluationRequest,
    loaded: LoadedBundle,
  ): Promise<Answer> {
    const { deadlineMs, input, questions, ...rest } = request;
    const work = { ...rest, ...loaded, input: asWork(input), questions: questions.map(asWorkQuestion) };
    const answer = await thread.run(work, deadlineMs);
    // Written by our own canonicalJson in the thread, hence the plain parser.
    return answer.ok
      ? ok(answer.value.map((each) => (each.ok ? ok(JSON.parse(each.value) as JsonValue) : each)))
      : answer;
  }

  private async compiled(bundle: Digest): Promise<Result<LoadedBundle, EngineProblem>> {
    const kept = this.modules.get(bundle);
    if (kept) return ok(kept);
    const found = await this.bundles.get(bundle);
    if (!found) return failed({ kind: 'BundleNotFound', bundle });
    try {
      const loaded = { module: await WebAssembly.compile(found.wasm), data: found.data?.text };
      this.modules.set(bundle, loaded);
      return ok(loaded);
    } catch (error) {
      return failed(evaluationFailed(error, 'bundle'));
    }
  }

  /** First come, first served; undefined when none became free in time or the engine was closed. */
  private freeThread(waitMs: number): Promise<EvaluationThread | undefined> {
    const thread = this.closed ? undefined : this.idle.pop();
    if (thread || this.closed) return Promise.resolve(thread);
    return new Promise((resolve) => {
      const wake = (free: EvaluationThread | undefined): void => {
        clearTimeout(timer);
        resolve(free);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(wake), 1);
        resolve(undefined);
      }, waitMs);
      this.waiting.push(wake);
    });
  }

  private release(thread: EvaluationThread): void {
    const next = this.waiting.shift();
    if (next) next(thread);
    else this.idle.push(thread);
  }
}

const textsOf = (members: InputMembers): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(members).map(([name, { text }]) => [name, text]));

function asWork(input: PolicyInput): WorkInput {
  if (input.kind === 'members') return { kind: 'members', members: textsOf(input.members) };
  return { kind: 'term', text: input.kind === 'none' ? undefined : input.text.text };
}

const asWorkQuestion = ({ entrypoint, own }: Question): WorkQuestion =>
  own ? { entrypoint, own: textsOf(own) } : { entrypoint };

/** UTF-8 bytes of what is parsed. */
function inputBytes({ input, questions }: EvaluationRequest): number {
  const sizeOf = (members: InputMembers = {}): number =>
    Object.values(members).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const own = questions.reduce((sum, question) => sum + sizeOf(question.own), 0);
  if (input.kind === 'members') return own + sizeOf(input.members);
  return own + (input.kind === 'none' ? 0 : Buffer.byteLength(input.text.text));
}
