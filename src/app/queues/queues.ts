import {
  createPostgresBackend,
  Queue,
  Worker,
  type Job,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from 'pino';
import { DATABASE_ROLES } from '../database/roles.js';
import type { Secret } from '../platform/secret.js';

/** Where the queues live. Redis when it is configured; otherwise tables in schema bullmq, at a tenth of the speed. */
export interface QueueSettings {
  readonly redisUrl?: Secret | undefined;
  /** A login that may act as assay_service. */
  readonly databaseUrl: Secret;
  readonly logger: Logger;
}

export interface WorkSettings {
  /** Jobs at the same time, in this process. */
  readonly concurrency: number;
  /** A job whose worker has been silent for so long is given to another; by default LOCK_MS. */
  readonly lockDurationMs?: number;
  /** How often that is looked for; by default STALLED_MS. */
  readonly stalledIntervalMs?: number;
}

/**
 * Queues and workers on one backend. A job is a hint that there is work, never the only record of it: handlers
 * are idempotent, and losing every queue loses no fact.
 */
export interface Queues {
  readonly backend: 'postgres' | 'redis';
  queue<Payload>(name: string): Queue<Payload>;
  /** Takes jobs from now on. A handler that throws fails the attempt; the job's own options say what follows. */
  work<Payload>(
    name: string,
    handle: (payload: Payload, job: Job<Payload>) => Promise<void>,
    settings: WorkSettings,
  ): Worker<Payload>;
  /** Lets running handlers finish, then closes every connection. */
  close(): Promise<void>;
}

/** Finished jobs are kept only to be looked at: the ledger is what remembers. */
const KEEP = {
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 5000 },
};
/**
 * How many workers may die under a job before it counts as failed: a deployment, a full machine or a kill is not the
 * job's fault. One that does kill its workers ends here too, and is tried again only once in a while (Dispatcher).
 */
const DEATHS_SURVIVED = 8;
/**
 * Somebody waits for a verdict while a dead worker still holds its evidence: half of BullMQ's 30 s, looked for six
 * times as often. A worker renews its lock every half of it; what computes for longer does so in a thread.
 */
const LOCK_MS = 15_000;
const STALLED_MS = 5_000;
/** After a failed query a worker tries again so soon; BullMQ's 15 s would be felt after a restart of the database. */
const RETRY_CONNECTION_MS = 1_000;
/** Queries of all queues of a process; what waits for a job has connections of its own. */
const POOL_SIZE = 4;

export function openQueues(settings: QueueSettings): Queues {
  return settings.redisUrl === undefined
    ? postgresQueues(settings)
    : redisQueues(settings, settings.redisUrl.reveal());
}

function postgresQueues({ databaseUrl, logger }: QueueSettings): Queues {
  const login = {
    connectionString: databaseUrl.reveal(),
    options: `-c role=${DATABASE_ROLES.service}`,
    application_name: 'assay queues',
  };
  const pool = new pg.Pool({ ...login, options: `${login.options} -c search_path=bullmq`, max: POOL_SIZE });
  const tracked = track(logger);
  pool.on('error', tracked.report('the queues'));
  return {
    backend: 'postgres',
    queue: <Payload>(name: string) => {
      const options = { connection: pool, defaultJobOptions: KEEP };
      return tracked.queue(
        name,
        () => new Queue<Payload>(name, options as never, createPostgresBackend as never),
      );
    },
    work: <Payload>(name: string, handle: Handle<Payload>, work: WorkSettings) => {
      const connection = { ...login, schema: 'bullmq', max: POOL_SIZE };
      const options = { connection, ...workerOptions(work) };
      return tracked.worker(
        new Worker<Payload, void>(name, handler(handle), options as never, createPostgresBackend as never),
      );
    },
    close: () => tracked.close(() => pool.end()),
  };
}

function redisQueues({ logger }: QueueSettings, url: string): Queues {
  const tracked = track(logger);
  // Null: a worker waits for a Redis that is away, however long; a fixed number of tries would end the process.
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', tracked.report('redis'));
  const shared = { connection, prefix: 'assay' };
  return {
    backend: 'redis',
    queue: <Payload>(name: string) => {
      const options: QueueOptions = { ...shared, defaultJobOptions: KEEP };
      return tracked.queue(name, () => new Queue<Payload>(name, options));
    },
    work: <Payload>(name: string, handle: Handle<Payload>, work: WorkSettings) => {
      const options: WorkerOptions = { ...shared, ...workerOptions(work) };
      return tracked.worker(new Worker<Payload, void>(name, handler(handle), options));
    },
    close: () =>
      tracked.close(async () => {
        await connection.quit();
      }),
  };
}

type Handle<Payload> = (payload: Payload, job: Job<Payload>) => Promise<void>;

const handler =
  <Payload>(handle: Handle<Payload>) =>
  (job: Job<Payload>): Promise<void> =>
    handle(job.data, job);

const workerOptions = ({ concurrency, lockDurationMs, stalledIntervalMs }: WorkSettings) => ({
  concurrency,
  runRetryDelay: RETRY_CONNECTION_MS,
  maxStalledCount: DEATHS_SURVIVED,
  lockDuration: lockDurationMs ?? LOCK_MS,
  stalledInterval: stalledIntervalMs ?? STALLED_MS,
});

/** Without an error handler on each of them, a restart of the database would end the process. */
function track(logger: Logger) {
  const workers: { close(): Promise<void> }[] = [];
  const report = (what: string) => (error: Error) => {
    logger.warn({ err: error, queue: what }, 'a queue connection broke; it is made again');
  };
  const known = new Map<string, Queue>();
  return {
    report,
    /** One of each name, however often it is asked for: each has connections or listeners of its own. */
    queue: <Payload>(name: string, open: () => Queue<Payload>): Queue<Payload> => {
      const queue = (known.get(name) as Queue<Payload> | undefined) ?? open();
      if (known.has(name)) return queue;
      queue.on('error', report(name));
      known.set(name, queue);
      return queue;
    },
    worker: <Payload>(worker: Worker<Payload>): Worker<Payload> => {
      worker.on('error', report(worker.name));
      worker.on('failed', (job, error) => {
        logger.warn(
          { err: error, queue: worker.name, job: job?.id, attempt: job?.attemptsMade },
          'a job failed',
        );
      });
      workers.push(worker);
      return worker;
    },
    close: async (closeConnection: () => Promise<void>): Promise<void> => {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...known.values()].map((queue) => queue.close()));
      await closeConnection();
    },
  };
}
