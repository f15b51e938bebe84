import type { JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { BundleSource, Engine, EngineProblem, EvaluationRequest } from './engine.port.js';
import { CLOSED, EvaluationThread } from './evaluation-thread.io.js';
import type { HostLimits } from './host.js';
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
  inputDepth: 512,
  memoryPages: 4096, // 256 MiB
  recycleAboveBytes: 64 * 2 ** 20,
};

const BUSY: EngineProblem = {
  kind: 'EngineUnavailable',
  reason: 'busy',
  detail: 'too many evaluations at once',
};

type Answer = Result<readonly JsonValue[], EngineProblem>;

/**
 * The engine on worker threads: evaluation is synchronous and can only be stopped from outside, so each thread
 * does one at a time and is ended, and replaced, when its deadline passes. Compiled modules are cached by bundle
 * digest and shared between threads.
 */
export class ThreadedEngine implements Engine {
  private readonly idle: EvaluationThread[];
  private readonly threads: readonly EvaluationThread[];
  private readonly waiting: ((thread: EvaluationThread | undefined) => void)[] = [];
  private readonly modules: LruMap<Digest, WebAssembly.Module>;
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
      const module = await this.compiled(request.bundle);
      if (!module.ok) return module;
      const thread = await this.freeThread(request.deadlineMs);
      if (!thread) return failed(this.refusal());
      try {
        return await this.ask(thread, request, module.value);
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
    module: WebAssembly.Module,
  ): Promise<Answer> {
    const { deadlineMs, ...task } = request;
    const answer = await thread.run({ ...task, module }, deadlineMs);
    // Written by our own canonicalJson in the thread, hence the plain parser.
    return answer.ok ? ok(answer.value.map((text) => JSON.parse(text) as JsonValue)) : answer;
  }

  private async compiled(bundle: Digest): Promise<Result<WebAssembly.Module, EngineProblem>> {
    const kept = this.modules.get(bundle);
    if (kept) return ok(kept);
    const bytes = await this.bundles.get(bundle);
    if (!bytes) return failed({ kind: 'BundleNotFound', bundle });
    try {
      const module = await WebAssembly.compile(bytes);
      this.modules.set(bundle, module);
      return ok(module);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return failed({ kind: 'EvaluationFailed', cause: 'bundle', entrypoint: undefined, detail });
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
