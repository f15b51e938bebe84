import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pino from 'pino';
import { DriftLoop } from '../../src/app/queues/drift-loop.io.js';
import { openQueues, type Queues } from '../../src/app/queues/queues.js';
import { Secret } from '../../src/app/platform/secret.js';
import type { RejudgeJob, Rejudger } from '../../src/gate/drift/rejudger.service.js';
import { MINUTE_MS, openTestApplication, type TestApplication } from '../support/application.js';
import { redisIsAvailable, startRedis } from '../support/redis.js';
import { CLEAN, evaluate, registerBuild, uploadAll, type Build } from '../support/shop.js';

const LIMIT_MS = 60_000;
const logger = pino({ level: 'silent' });
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function opened(redisUrl?: string): Promise<{ app: TestApplication; queues: Queues }> {
  const app = await openTestApplication();
  closing.push(() => app.close());
  const databaseUrl = new Secret(app.database.url);
  const queues = openQueues({
    ...{ databaseUrl, logger },
    ...(redisUrl === undefined ? {} : { redisUrl: new Secret(redisUrl) }),
  });
  closing.push(() => queues.close());
  return { app, queues };
}

/** Judged, and then there was new evidence. */
async function staleBuild(app: TestApplication): Promise<{ build: Build; decisionId: string }> {
  const build = await registerBuild(app);
  const { id } = await evaluate(app, build);
  app.clock.advance(MINUTE_MS);
  await uploadAll(app, build, [CLEAN.sast]);
  await app.normalise();
  return { build, decisionId: id as string };
}

const successors = (app: TestApplication, decisionId: string): Promise<unknown[]> =>
  app.database.admin.query(
    `SELECT seq FROM ledger.fact WHERE kind = 'decision.recorded'
       AND statement::jsonb #>> '{predicate,urn:assay:facts:v1,details,replaces,decisionId}' = $1`,
    [decisionId],
  );

const loopOn = (app: TestApplication, queues: Queues, rejudger: Rejudger): DriftLoop => {
  const followers = [app.services.insight, app.services.staleMarker];
  const loop = new DriftLoop({ followers, rejudger, queues, logger });
  closing.push(() => loop.stop());
  loop.start();
  return loop;
};

describe('the worker', () => {
  it('has a stale decision judged again, once, through the queue on PostgreSQL', async () => {
    const { app, queues } = await opened();
    const { decisionId } = await staleBuild(app);
    loopOn(app, queues, app.services.rejudger);
    await until(async () => (await successors(app, decisionId)).length > 0);
    await until(async () => (await app.services.rejudger.waiting(10)).length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // three more rounds
    expect(await successors(app, decisionId)).toHaveLength(1);
  }, 120_000);

  it('has it judged again while another reader finds more and more, and in steps', async () => {
    const { app, queues } = await opened();
    const { decisionId } = await staleBuild(app);
    const steps: number[] = [];
    const busy = { follow: (asked: number) => Promise.resolve(1_000 * steps.push(asked)) };
    const followers = [busy, app.services.staleMarker];
    const loop = new DriftLoop({ followers, rejudger: app.services.rejudger, queues, logger });
    closing.push(() => loop.stop());
    loop.start();
    await until(async () => (await successors(app, decisionId)).length > 0);
    expect(new Set(steps)).toEqual(new Set([2]));
  }, 120_000);

  (redisIsAvailable() ? it : it.skip)(
    'loses nothing with Redis: what was in it is offered again',
    async () => {
      const redis = await startRedis();
      closing.push(() => redis.stop());
      const { app, queues } = await opened(redis.url);
      const { decisionId } = await staleBuild(app);
      const tried: string[] = [];
      let isWell = false;
      const { rejudger } = app.services;
      const flaky = {
        waiting: (limit: number) => rejudger.waiting(limit),
        rejudge: (job: RejudgeJob) => {
          tried.push(job.decisionId);
          return isWell ? rejudger.rejudge(job) : Promise.reject(new Error('not well'));
        },
      } as unknown as Rejudger;
      loopOn(app, queues, flaky);
      await until(() => tried.length > 0);
      const client = new Redis(redis.url);
      await client.flushall(); // job, tries and back-off are gone
      client.disconnect();
      isWell = true;
      await until(async () => (await successors(app, decisionId)).length > 0);
      expect(new Set(tried)).toEqual(new Set([decisionId]));
    },
    120_000,
  );

  it('offers what holds a release up before what holds a commit up', async () => {
    const { app } = await opened();
    const order: string[] = [];
    for (const locus of ['LOCAL', 'RELEASE', 'PR']) {
      const { decisionId } = await staleBuild(app);
      await app.services.staleMarker.follow();
      await app.database.admin.query('UPDATE assay.standing_decision SET locus = $2 WHERE decision_id = $1', [
        decisionId,
        locus,
      ]);
      order.push(decisionId);
    }
    await app.services.staleMarker.follow();
    const waiting = await app.services.rejudger.waiting(10);
    expect(waiting.map(({ job, priority }) => [job.decisionId, priority])).toEqual([
      [order[1], 1],
      [order[2], 2],
      [order[0], 3],
    ]);
  }, 120_000);
});
