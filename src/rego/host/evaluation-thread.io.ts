import { Worker } from 'node:worker_threads';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { EngineProblem, EngineUnavailable } from '../engine.port.js';
import type { HostLimits } from './instance.js';
import type { ThreadAnswer, ThreadMessage, ThreadSetup, ThreadTask } from './protocol.js';

/** Instances of recently used policies that a thread keeps warm. */
const KEPT_INSTANCES = 16;
export const CLOSED: EngineUnavailable = {
  kind: 'EngineUnavailable',
  reason: 'closed',
  detail: 'the engine was shut down',
};
/** A thread that has not reported by then will not. */
const START_LIMIT_MS = 30_000;

/**
 * One worker thread and its replacements. Runs one task at a time: the caller waits for the answer before it
 * gives the next. A thread that overran its deadline, ran out of memory or died is ended and a new one started.
 */
export class EvaluationThread {
  private worker: Worker | undefined;
  private started: Promise<Started> | undefined;
  private closed = false;

  constructor(
    private readonly file: URL,
    private readonly limits: HostLimits & { readonly threadHeapMb: number },
  ) {
    void this.start();
  }

  /** The deadline counts from when the thread is ready, so that starting one is not the policy's fault. */
  async run(task: ThreadTask, deadlineMs: number): Promise<ThreadAnswer> {
    const started = await this.start();
    if (!started.ok) return started;
    const worker = started.value;
    const answer = await ask(worker, task, deadlineMs);
    if (answer.fatal && this.worker === worker) this.replace();
    return this.closed && !answer.value.ok ? failed(CLOSED) : answer.value;
  }

  /** Ends the thread; an evaluation under way is answered with `closed`. */
  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private replace(): void {
    void this.worker?.terminate();
    this.worker = this.started = undefined;
    if (!this.closed) void this.start();
  }

  /** After a failure the next call tries again. */
  private start(): Promise<Started> {
    this.started ??= this.startWorker();
    return this.started;
  }

  private startWorker(): Promise<Started> {
    if (this.closed) return Promise.resolve(failed(CLOSED));
    const workerData: ThreadSetup = { limits: this.limits, keptInstances: KEPT_INSTANCES };
    const worker = new Worker(this.file, {
      name: 'assay-engine',
      workerData,
      env: {}, // nothing a policy could learn
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.limits.threadHeapMb },
    });
    this.worker = worker;
    worker.unref(); // an idle engine keeps no process alive
    return new Promise((resolve) => {
      const fail = (detail: string): void => {
        clearTimeout(timer);
        if (this.worker === worker) this.worker = this.started = undefined;
        void worker.terminate();
        resolve(failed(this.closed ? CLOSED : threadFailed(detail)));
      };
      const timer = setTimeout(fail, START_LIMIT_MS, 'a thread did not start in time');
      worker.once('message', () => {
        clearTimeout(timer);
        resolve(ok(worker));
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

type Started = Result<Worker, EngineUnavailable>;

const threadFailed = (detail: string): EngineUnavailable => ({
  kind: 'EngineUnavailable',
  reason: 'thread-failed',
  detail,
});

interface Asked {
  readonly value: ThreadAnswer;
  /** The thread is dead or must be ended. */
  readonly fatal: boolean;
}

function ask(worker: Worker, task: ThreadTask, deadlineMs: number): Promise<Asked> {
  return new Promise((resolve) => {
    const settle = (value: ThreadAnswer, fatal: boolean): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      resolve({ value, fatal });
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
    const timer = setTimeout(() => {
      settle(failed({ kind: 'DeadlineExceeded', deadlineMs }), true);
    }, deadlineMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    worker.postMessage(task);
  });
}

function crash(error: Error & { readonly code?: string }): EngineProblem {
  const cause = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'trap';
  return { kind: 'EvaluationFailed', cause, detail: error.message };
}
