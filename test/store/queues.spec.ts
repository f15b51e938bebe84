import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { openQueues, type Queues } from '../../src/app/queues/queues.js';
import { Secret } from '../../src/app/platform/secret.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { redisIsAvailable, startRedis } from '../support/redis.js';

const logger = pino({ level: 'silent' });
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const freshName = (): string => `contract-${randomBytes(4).toString('hex')}`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await pause(10);
  }
}

/** What we rely on, of either backend. */
function queueContract(open: () => Promise<Queues>): void {
  let queues: Queues;
  beforeAll(async () => {
    queues = await open();
  });
  afterAll(() => queues.close());

  /** A queue and a worker that notes what it was given, and when. */
  function given<Payload>(handle: (payload: Payload, attempt: number) => void = () => undefined) {
    const name = freshName();
    const seen: { payload: Payload; at: number }[] = [];
    const queue = queues.queue<Payload>(name);
    const work = () =>
      queues.work<Payload>(
        name,
        (payload, job) => {
          seen.push({ payload, at: Date.now() });
          handle(payload, job.attemptsMade);
          return Promise.resolve();
        },
        { concurrency: 1 },
      );
    return { name, queue, seen, work };
  }

  it('runs a job once', async () => {
    const { queue, seen, work } = given<{ seq: number }>();
    work();
    await queue.add('handle', { seq: 7 }, { jobId: 'entry-7' });
    await until(() => seen.length === 1);
    await pause(100);
    expect(seen.map(({ payload }) => payload)).toEqual([{ seq: 7 }]);
  });

  it('adds the same job id once while it is known', async () => {
    const { queue, seen, work } = given<{ seq: number }>();
    for (const seq of [1, 1, 2]) await queue.add('handle', { seq }, { jobId: `entry-${seq}` });
    work();
    await until(() => seen.length >= 2);
    await pause(100);
    expect(seen.map(({ payload }) => payload.seq)).toEqual([1, 2]);
  });

  it('takes many jobs at once', async () => {
    const { queue, seen, work } = given<{ seq: number }>();
    const jobs = [1, 2, 3].map((seq) => ({ name: 'handle', data: { seq }, opts: { jobId: `entry-${seq}` } }));
    await queue.addBulk(jobs);
    await queue.addBulk(jobs.map(({ name, data }) => ({ name, data })));
    work();
    await until(() => seen.length === 6);
  });

  it('tries again with back-off, and then gives up', async () => {
    const { queue, seen, work } = given<string>((payload, attempt) => {
      if (payload === 'never' || attempt < 2) throw new Error('not yet');
    });
    work();
    const options = { attempts: 3, backoff: { type: 'exponential', delay: 50 } };
    const third = await queue.add('handle', 'third', options);
    const never = await queue.add('handle', 'never', options);
    await until(
      async () => (await third.getState()) === 'completed' && (await never.getState()) === 'failed',
    );
    expect(seen.filter(({ payload }) => payload === 'third')).toHaveLength(3);
    const times = seen.filter(({ payload }) => payload === 'never').map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(45);
  });

  it('holds a delayed job back, and lets the more important go first', async () => {
    const { queue, seen, work } = given<string>();
    const began = Date.now();
    // Long enough that a busy machine has done the others by then: they are only sure to go first while it waits.
    await queue.add('handle', 'delayed', { delay: 2_000 });
    await queue.add('handle', 'low', { priority: 10 });
    await queue.add('handle', 'high', { priority: 1 });
    work();
    await until(() => seen.length === 3);
    expect(seen.map(({ payload }) => payload)).toEqual(['high', 'low', 'delayed']);
    expect((seen[2]?.at ?? 0) - began).toBeGreaterThanOrEqual(1_995);
  });

  it('pauses and resumes', async () => {
    const { queue, seen, work } = given<string>();
    await queue.pause();
    work();
    await queue.add('handle', 'waits');
    await pause(150);
    expect(seen).toHaveLength(0);
    await queue.resume();
    await until(() => seen.length === 1);
  });

  it('repeats what is scheduled', async () => {
    const { queue, seen, work } = given<string>();
    work();
    await queue.upsertJobScheduler('sweep', { every: 100 }, { name: 'sweep', data: 'again' });
    await until(() => seen.length >= 3);
    await queue.removeJobScheduler('sweep');
  });

  it('gives a job whose worker went silent to another', async () => {
    const name = freshName();
    const queue = queues.queue<string>(name);
    const settings = { concurrency: 1, lockDurationMs: 500, stalledIntervalMs: 300 };
    let begun = 0;
    let finished = 0;
    const dead = queues.work<string>(
      name,
      () => {
        begun += 1;
        return new Promise<void>(() => undefined); // never ends, as after kill -9
      },
      settings,
    );
    await queue.add('handle', 'job');
    await until(() => begun === 1);
    await dead.close(true); // stops renewing its lock
    queues.work<string>(
      name,
      () => {
        finished += 1;
        return Promise.resolve();
      },
      settings,
    );
    await until(() => finished === 1);
  });
}

describe('queues on PostgreSQL', () => {
  const open = (): Queues => openQueues({ databaseUrl: new Secret(database.url), logger });
  queueContract(() => Promise.resolve(open()));

  it('live through a restart of the database: broken connections are made again', async () => {
    const queues = open();
    const name = freshName();
    const seen: string[] = [];
    queues.work<string>(name, (payload) => Promise.resolve(void seen.push(payload)), { concurrency: 1 });
    const queue = queues.queue<string>(name);
    await queue.add('handle', 'before');
    await until(() => seen.length === 1);
    await database.admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
       AND application_name IN ('assay queues', $1)`,
      [name], // the connection that waits for jobs is named after its queue
    );
    await until(async () =>
      queue.add('handle', 'after').then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.includes('after'));
    await queues.close();
  }, 20_000);

  it('lend the right to number jobs, and no more', async () => {
    const lent = await database.admin.query<{ name: string }[]>(
      `SELECT proname AS name FROM pg_proc WHERE prosecdef AND pronamespace = 'bullmq'::regnamespace ORDER BY 1`,
    );
    expect(lent.map(({ name }) => name)).toEqual(['add_jobs_bulk_unlocked', 'next_job_id']);
    await expect(database.service.query('CREATE TABLE bullmq.mine (x int)')).rejects.toThrow(/permission/);
    // A table of the service's own named like BullMQ's must not come first while the owner's right is lent.
    const runner = database.service.createQueryRunner();
    await runner.query('CREATE TEMP TABLE job (LIKE bullmq.job)');
    const bulk = JSON.stringify([{ name: 'n', data: {}, opts: {}, timestamp: 1, id: 'entry-1' }]);
    await runner.query('SELECT * FROM bullmq.add_jobs_bulk_unlocked($1, $2::jsonb)', ['shadowed', bulk]);
    expect(await runner.query('SELECT count(*)::int AS count FROM pg_temp.job')).toEqual([{ count: 0 }]);
    await runner.query('DROP TABLE pg_temp.job');
    await runner.release();
  });

  it('take a job inside a transaction: none after a rollback, one after a commit', async () => {
    const queues = open();
    const name = freshName();
    const queue = queues.queue<{ seq: number }>(name);
    await queue.waitUntilReady();
    const add = (seq: number): readonly [string, unknown[]] => [
      `SELECT bullmq.add_job($1, $2, 'decide', $3::jsonb, '{"attempts":3}'::jsonb, 0, 0,
        (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 3, null, null, null, null, null, false)`,
      [name, `entry-${seq}`, JSON.stringify({ seq })],
    ];
    await database.service
      .transaction(async (manager) => {
        await manager.query(...(add(1) as [string, unknown[]]));
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await database.service.transaction((manager) => manager.query(...(add(2) as [string, unknown[]])));
    const seen: number[] = [];
    queues.work<{ seq: number }>(name, ({ seq }) => Promise.resolve(void seen.push(seq)), { concurrency: 1 });
    await until(() => seen.length > 0);
    expect(seen).toEqual([2]);
    await queues.close();
  });
});

const onRedis = redisIsAvailable() ? describe : describe.skip;
onRedis('queues on Redis (skipped without redis-server or REDIS_URL)', () => {
  let stop: () => Promise<void> = () => Promise.resolve();
  queueContract(async () => {
    const redis = await startRedis();
    stop = redis.stop;
    return openQueues({ redisUrl: new Secret(redis.url), databaseUrl: new Secret(database.url), logger });
  });
  afterAll(() => stop());
});
