import { Worker } from 'node:worker_threads';
import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { EngineProblem, EngineUnavailable } from '../engine.port.js';
import type { PolicySource } from './instance.js';
import type {
  EvaluateManyOrder,
  EvaluateManyReply,
  EvaluateOrder,
  EvaluateReply,
  PrepareReply,
  ThreadLimits,
  ThreadMessage,
  ThreadOrder,
  ThreadReply,
} from './protocol.js';

export const CLOSED: EngineUnavailable = {
  kind: 'EngineUnavailable',
  reason: 'closed',
  detail: 'the engine was shut down',
};
/** A thread that has not reported by then will not. */
const START_LIMIT_MS = 30_000;
/** Beyond this a timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface ThreadSettings {
  /** The compiled evaluate.io.js. */
  readonly file: URL;
  readonly limits: ThreadLimits;
  /** JavaScript heap; WebAssembly memory is counted apart. */
  readonly heapMb: number;
}

/**
 * One worker thread and its replacements. Carries out one order at a time: the caller waits for the answer before
 * it gives the next. A thread that overran its deadline, ran out of memory or died is ended and a new one started.
 */
export class EvaluationThread {
  private session: Session | undefined;
  private started: Promise<Started> | undefined;
  private closed = false;

  constructor(private readonly settings: ThreadSettings) {
    void this.start();
  }

  /** Whether the thread was given that policy and so is likely to have an instance of it. */
  knows(bundle: Digest): boolean {
    return this.session?.known.has(bundle) ?? false;
  }

  evaluate(
    source: PolicySource,
    order: Omit<EvaluateOrder, 'kind' | 'bundle' | 'source'>,
    deadlineMs: number,
  ): Promise<EvaluateReply> {
    return this.ask<EvaluateReply>(deadlineMs, (session) => ({
      ...{ kind: 'evaluate', ...sourceFor(session, source) },
      ...order,
    }));
  }

  /** One after the other, under one deadline. */
  evaluateMany(
    source: PolicySource,
    works: EvaluateManyOrder['works'],
    deadlineMs: number,
  ): Promise<EvaluateManyReply> {
    return this.ask<EvaluateManyReply>(deadlineMs, (session) => ({
      kind: 'evaluate-many',
      ...sourceFor(session, source),
      works,
    }));
  }

  /** Loads the policy once to see how its data lies in memory. */
  prepare(source: PolicySource, deadlineMs: number): Promise<PrepareReply> {
    return this.ask<PrepareReply>(deadlineMs, () => ({ kind: 'prepare', source }));
  }

  /** Has the thread load an instance when it has time. */
  keep(source: PolicySource): void {
    if (!this.session || this.knows(source.bundle)) return;
    this.session.known.add(source.bundle);
    tell(this.session.worker, { kind: 'keep', source });
  }

  forget(bundle: Digest): void {
    if (this.session?.known.delete(bundle)) tell(this.session.worker, { kind: 'forget', bundle });
  }

  /** Ends the thread; an evaluation under way is answered with `closed`. */
  async close(): Promise<void> {
    this.closed = true;
    await this.session?.worker.terminate();
  }

  /** The deadline counts from when the thread is ready, so that starting one is not the policy's fault. */
  private async ask<R extends ThreadReply>(
    deadlineMs: number,
    order: (session: Session) => ThreadOrder,
  ): Promise<R | Unanswered> {
    const started = await this.start();
    if (!started.ok) return started;
    const { reply, fatal } = await ask(started.value.worker, order(started.value), deadlineMs);
    if (fatal && this.session === started.value) this.replace();
    return this.closed && !reply.ok ? failed(CLOSED) : (reply as R);
  }

  private replace(): void {
    void this.session?.worker.terminate();
    this.session = this.started = undefined;
    if (!this.closed) void this.start();
  }

  /** After a failure the next call tries again. */
  private start(): Promise<Started> {
    this.started ??= this.startWorker();
    return this.started;
  }

  private startWorker(): Promise<Started> {
    if (this.closed) return Promise.resolve(failed(CLOSED));
    const worker = startThread(this.settings);
    const session: Session = { worker, known: new Set() };
    this.session = session;
    return new Promise((resolve) => {
      const fail = (detail: string): void => {
        clearTimeout(timer);
        if (this.session === session) this.session = this.started = undefined;
        void worker.terminate();
        resolve(failed(this.closed ? CLOSED : threadFailed(detail)));
      };
      const timer = setTimeout(fail, START_LIMIT_MS, 'a thread did not start in time');
      worker.once('message', () => {
        clearTimeout(timer);
        resolve(ok(session));
      });
      // These two stay after the start: an 'error' without a listener would end the process, and a thread that
      // dies while idle must be noticed. Resolving twice does nothing.
      worker.on('error', (error: Error) => {
        fail(error.message);
      });
      worker.once('exit', () => {
        fail('a thread ended');
      });
    });
  }
}

interface Session {
  readonly worker: Worker;
  /** Policies it was given. */
  readonly known: Set<Digest>;
}

/** A policy is sent the first time only. */
function sourceFor(
  { known }: Session,
  source: PolicySource,
): { readonly bundle: Digest; readonly source?: PolicySource } {
  const { bundle } = source;
  if (known.has(bundle)) return { bundle };
  known.add(bundle);
  return { bundle, source };
}

type Started = Result<Session, EngineUnavailable>;
type Unanswered = { readonly ok: false; readonly problem: EngineProblem };

const threadFailed = (detail: string): EngineUnavailable => ({
  kind: 'EngineUnavailable',
  reason: 'thread-failed',
  detail,
});

function startThread({ file, limits, heapMb }: ThreadSettings): Worker {
  const worker = new Worker(file, {
    name: 'assay-engine',
    workerData: limits,
    env: {}, // nothing a policy could learn
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  worker.unref(); // an idle engine keeps no process alive
  return worker;
}

/** For orders without an answer. One that cannot be sent will be missed by the next evaluation, which says so. */
const tell = (worker: Worker, order: ThreadOrder): void => {
  worker.postMessage(order);
};

interface Asked {
  readonly reply: ThreadReply;
  /** The thread is dead or must be ended. */
  readonly fatal: boolean;
}

function ask(worker: Worker, order: ThreadOrder, deadlineMs: number): Promise<Asked> {
  return new Promise((resolve) => {
    const settle = (reply: Asked['reply'], fatal: boolean): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      resolve({ reply, fatal });
    };
    const onMessage = (message: ThreadMessage): void => {
      if (message !== 'ready') settle(message, false);
    };
    const onError = (error: Error): void => {
      settle(failed(crash(error)), true);
    };
    const onExit = (): void => {
      settle(failed(threadFailed('the thread ended during an evaluation')), true);
    };
    const timer = setTimeout(
      () => {
        settle(failed({ kind: 'DeadlineExceeded', deadlineMs }), true);
      },
      Math.min(deadlineMs, LONGEST_TIMER_MS),
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    worker.postMessage(order);
  });
}

function crash(error: Error & { readonly code?: string }): EngineProblem {
  const cause = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'trap';
  return { kind: 'EvaluationFailed', cause, detail: error.message };
}
