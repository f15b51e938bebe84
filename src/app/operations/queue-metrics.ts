import { setTimeout as pause } from 'node:timers/promises';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Queues } from '../queues/queues.js';

/** Seconds. From a small file to a pack of a large log. */
const JOB_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900];
const STATES = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const;
/** Where the backend is away, asking waits until it is back; a scrape does not. Then there is no sample. */
const ASK_LIMIT_MS = 2_000;

/** The same queues; each that is worked on here is measured from then on: how many jobs, how old, how they end. */
export function measuredQueues(queues: Queues, registry: Registry): Queues {
  const names = new Set<string>();
  queueDepths(registry, queues, names);
  const duration = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time that an attempt of a job took in this worker, by how it ended',
    labelNames: ['queue', 'result'] as const,
    buckets: JOB_BUCKETS,
    registers: [registry],
  });
  return {
    ...queues,
    work: (name, handle, settings) => {
      names.add(name);
      return queues.work(
        name,
        async (payload, job) => {
          const ended = duration.startTimer({ queue: name });
          try {
            await handle(payload, job);
            ended({ result: 'done' });
          } catch (error) {
            ended({ result: 'failed' });
            throw error;
          }
        },
        settings,
      );
    },
  };
}

function queueDepths(registry: Registry, queues: Queues, names: ReadonlySet<string>): void {
  const limited = async <Value>(asked: Promise<Value>): Promise<Value | undefined> => {
    const late = new AbortController();
    try {
      const none = pause(ASK_LIMIT_MS, undefined, { signal: late.signal, ref: false });
      return await Promise.race([asked, none.catch(() => undefined)]);
    } catch {
      return undefined;
    } finally {
      late.abort();
    }
  };
  new Gauge({
    name: 'queue_jobs',
    help: 'Jobs of a queue, of all workers together; failed ones are kept for a week to be looked at',
    labelNames: ['queue', 'state'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      await Promise.all(
        [...names].map(async (queue) => {
          const counts = await limited(queues.queue(queue).getJobCounts(...STATES));
          for (const state of counts ? STATES : []) this.set({ queue, state }, counts?.[state] ?? 0);
        }),
      );
    },
  });
  new Gauge({
    name: 'queue_next_job_age_seconds',
    help: 'How long ago the job was added that is next in a queue; 0 where none waits',
    labelNames: ['queue'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      await Promise.all(
        [...names].map(async (queue) => {
          const asked = queues.queue(queue).getJobs(['waiting', 'prioritized'], 0, 0, true);
          const jobs = await limited(asked);
          const added = jobs?.map(({ timestamp }) => timestamp) ?? [];
          if (jobs) this.set({ queue }, added.length === 0 ? 0 : (Date.now() - Math.min(...added)) / 1000);
        }),
      );
    },
  });
}
