import type { Digest } from '../../kernel/digest.js';
import { EvaluationThread, type ThreadSettings } from './evaluation-thread.io.js';
import type { PolicySource } from './instance.js';

type Wake = (thread: EvaluationThread | undefined) => void;

/** Lends threads: first come, first served, and of several free ones the one that knows the policy. */
export class ThreadPool {
  private readonly threads: readonly EvaluationThread[];
  private readonly idle: EvaluationThread[];
  private readonly waiting: Wake[] = [];
  private closed = false;

  constructor(count: number, settings: ThreadSettings) {
    this.threads = Array.from({ length: count }, () => new EvaluationThread(settings));
    this.idle = [...this.threads];
  }

  /** What `use` answers with a thread; undefined when none became free in time or the pool was closed. */
  async lend<T>(
    bundle: Digest,
    waitMs: number,
    use: (thread: EvaluationThread) => Promise<T>,
  ): Promise<T | undefined> {
    const thread = await this.take(bundle, waitMs);
    if (!thread) return undefined;
    try {
      return await use(thread);
    } finally {
      const next = this.waiting.shift();
      if (next) next(thread);
      else this.idle.push(thread);
    }
  }

  /** Has every thread that is not busy load an instance. */
  spread(source: PolicySource): void {
    for (const thread of this.idle) thread.keep(source);
  }

  forget(bundle: Digest): void {
    for (const thread of this.threads) thread.forget(bundle);
  }

  /** Nobody waits any longer; what is under way fails. */
  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake(undefined);
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private take(bundle: Digest, waitMs: number): Promise<EvaluationThread | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    const place = this.idle.findLastIndex((thread) => thread.knows(bundle));
    const [free] = this.idle.splice(place, 1); // -1 is the last: used most recently
    if (free) return Promise.resolve(free);
    return new Promise((resolve) => {
      const wake: Wake = (thread) => {
        clearTimeout(timer);
        resolve(thread);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(wake), 1);
        resolve(undefined);
      }, waitMs);
      this.waiting.push(wake);
    });
  }
}
