import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { openQueues, type Queues } from '../../src/app/queues/queues.js';
import { RunLoop } from '../../src/app/queues/run-loop.io.js';
import { Secret } from '../../src/app/platform/secret.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { ofOne } from '../../src/app/database/on-behalf-of.js';
import { PgGateRunStore } from '../../src/gate/run/run.store.pg.js';
import type { RunStart } from '../../src/gate/run/run.store.js';
import { systemActor } from '../../src/kernel/actor.js';
import { digestFrom } from '../../src/kernel/digest.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { brokenBuild, entriesOf, GATE, putBack, round } from '../support/gate-runs.js';
import { holdDecisions, letDecisionsBeHeld } from '../support/hold-decisions.js';
import { redisIsAvailable, startOwnRedis } from '../support/redis.js';
import { registerBuild, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

// What becomes of a run when what looks after it is late, loses Redis, or is killed in the middle of an attempt: one
// result, on record once, and nothing lost.

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 60_000;
const logger = pino({ level: 'silent' });

let app: TestApplication;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  app = await openTestApplication();
  await letDecisionsBeHeld(app);
  const patient = { ...GATE.retry, firstBackOffMs: 300_000, maxBackOffMs: 300_000 };
  for (const definition of [
    GATE,
    { ...GATE, gateId: 'GATE_PATIENT', retry: patient },
    { ...GATE, gateId: 'GATE_HASTY', maxRunMs: 2_000, slaMs: 3_600_000 },
    { ...GATE, gateId: 'GATE_SLOW', maxRunMs: 300_000, slaMs: 30_000 },
  ])
    expect(await app.command('officer', 'define-gate', definition)).toMatchObject({ __typename: 'Gate' });
}, 120_000);
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  putBack();
  await app.close();
});

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(50);
  }
}

const ask = (build: Build, gateId: string, more: object = {}): Promise<Answer> =>
  app.command('service', 'evaluate-gate', { gateId, ...build, ...more });
async function runOf(build: Build): Promise<Answer> {
  const [row] = await app.database.admin.query<{ id: string }[]>(
    'SELECT run_id AS id FROM assay.gate_run WHERE artefact_digest = $1 ORDER BY started_at DESC LIMIT 1',
    [build.digest],
  );
  return row && app.ask('auditor', 'gate-run', { id: row.id });
}
const state = async (build: Build): Promise<string> => {
  const run = await runOf(build);
  return run === undefined ? 'NONE' : `${run.state as string} ${String(run.attempt)}`;
};
/** Verdicts that are on record for a build, each with how many entries say so. */
const results = (build: Build): Promise<{ verdict: string; entries: number }[]> =>
  app.database.admin.query(
    `SELECT d.verdict, (SELECT count(*)::int FROM ledger.fact f
                         WHERE f.kind = 'decision.recorded' AND f.decision_id = d.decision_id::text) AS entries
       FROM assay.decision d WHERE d.artefact_digest = $1 ORDER BY d.decided_at, d.verdict`,
    [build.digest],
  );
const steps = (run: Answer): [string, string][] =>
  run.steps.map(({ kind, role, stateBefore }: Answer) => [kind, role ?? stateBefore]);

async function held(): Promise<() => Promise<void>> {
  const release = await holdDecisions(app);
  closing.push(release);
  return release;
}

/** A run whose first attempt could not judge, and whose next one can. */
async function mended(gateId: string): Promise<Build> {
  const { build, mend } = await brokenBuild(app);
  app.clock.advance(1_000);
  expect(await ask(build, gateId)).toMatchObject({ verdict: 'ERROR' });
  mend();
  expect(await state(build)).toBe('QUEUED 1');
  return build;
}

describe('a run that is late', () => {
  it('while it is queued goes up the path, and is tried all the same', async () => {
    const build = await mended('GATE_PATIENT');
    const { id, dueAt, nextAttemptAt } = await runOf(build);
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(Date.parse(dueAt));
    app.clock.advance(Date.parse(dueAt) - app.clock.now() - 1);
    await round(app);
    expect(steps(await runOf(build))).toEqual([['RETRIED', 'RUNNING']]);
    app.clock.advance(2);
    await round(app);
    await round(app);
    expect(await runOf(build)).toMatchObject({ state: 'QUEUED', late: true });
    expect(steps(await runOf(build)).slice(1)).toEqual([['ESCALATED', 'PM']]);
    app.clock.advance(600_000);
    await round(app);
    const run = await runOf(build);
    expect(steps(run).slice(1)).toEqual([
      ['ESCALATED', 'PM'],
      ['ESCALATED', 'PO'],
    ]);
    expect(run).toMatchObject({ id, state: 'DECIDED', attempt: 2, decision: { verdict: 'PASS' } });
    const entries = await entriesOf(app, id as string);
    expect(entries.map(({ kind, facts }) => [kind, facts.stateBefore, facts.details.role])).toEqual([
      ['gate-run.retried', 'running', undefined],
      ['gate-run.escalated', 'queued', 'PM'],
      ['gate-run.escalated', 'queued', 'PO'],
    ]);
    app.clock.advance(3_600_000);
    await round(app);
    expect(steps(await runOf(build))).toHaveLength(3); // what is decided is not late
  });

  it('while it is running goes up the path, and its caller gets the verdict', async () => {
    const { build, mend } = await brokenBuild(app);
    mend();
    const release = await held();
    const answer = ask(build, 'GATE_SLOW');
    await until(async () => (await state(build)) === 'RUNNING 1', 'it is running');
    app.clock.advance(30_001);
    await round(app);
    await round(app);
    expect(steps(await runOf(build))).toEqual([['ESCALATED', 'PM']]);
    await release();
    expect(await answer).toMatchObject({ verdict: 'PASS' });
    app.clock.advance(3_600_000);
    await round(app);
    expect(steps(await runOf(build))).toEqual([['ESCALATED', 'PM']]);
    expect(await results(build)).toEqual([{ verdict: 'PASS', entries: 1 }]);
  }, 60_000);

  it('is due anew when what was given up is asked again, and no attempt of a worker is taken from it', async () => {
    const { artId, digest } = await registerBuild(app);
    const { orgId, principalId } = await actorOf(app, 'service');
    const runId = randomUUID();
    const start = (at: number): RunStart => ({
      ...{ runId, orgId, gateId: 'GATE_QA', artId, artefactDigest: digestFrom(digest), attemptLimit: 3 },
      ...{
        ownerRole: 'QA',
        requestedBy: principalId,
        startedAt: at,
        deadlineAt: at + 1_000,
        dueAt: at + 2_000,
      },
      ...{ escalationsAt: [at + 2_000], question: { context: {} }, entryKey: randomBytes(16) },
    });
    const stored = async <T>(work: (store: PgGateRunStore) => Promise<T>): Promise<T> =>
      app.platform.database.transaction((manager) => work(new PgGateRunStore(ofOne(manager, orgId))));
    const begun = app.clock.now();
    expect(await stored((store) => store.beginAll(orgId, [start(begun)]))).toEqual(['begun']);
    expect(await stored((store) => store.end(orgId, { runId, attempt: 1 }, begun, null))).toBe(true);
    const again = begun + 60_000;
    expect(await stored((store) => store.beginAll(orgId, [start(again)]))).toEqual(['begun']);
    expect(await stored((store) => store.lock(orgId, runId))).toMatchObject({
      ...{ state: 'running', dueAt: again + 2_000, nextEscalationAt: again + 2_000, finishedAt: null },
    });
    // A worker is at the second attempt now; the caller's connection had broken, and it asks once more.
    await app.database.admin.query(`UPDATE assay.gate_run SET attempt = 2 WHERE run_id = $1`, [runId]);
    expect(await stored((store) => store.beginAll(orgId, [start(again + 1)]))).toMatchObject([
      { state: 'running', attempt: 2 },
    ]);
    expect(await stored((store) => store.end(orgId, { runId, attempt: 1 }, again, null))).toBe(false);
    expect(await stored((store) => store.end(orgId, { runId, attempt: 2 }, again, null))).toBe(true);
  });
});

describe('a later attempt', () => {
  it('asks what the first one asked: against the same baseline, anew, and in the place of the same decision', async () => {
    const { build, mend, artId } = await brokenBuild(app);
    const old = await registerBuild(app, { artId });
    app.clock.advance(1_000);
    const { orgId } = await actorOf(app, 'service');
    const replaces = { decisionId: randomUUID(), causes: ['valid-until'] };
    const asked = await app.services.gates.evaluateGate(
      {
        ...{ gateId: 'GATE_QA', digest: digestFrom(build.digest), baseline: digestFrom(old.digest) },
        ...{ rejudge: true, replaces, context: { caseId: 'SHOP-3' }, idempotencyKey: randomUUID() },
      },
      systemActor(orgId),
    );
    expect(asked).toMatchObject({ ok: true, value: { decision: { verdict: 'ERROR' } } });
    mend();
    app.clock.advance(1_000);
    await round(app);
    expect(await state(build)).toBe('DECIDED 2');
    const entries = await app.database.admin.query<{ actor: string; facts: Answer }[]>(
      `SELECT actor, statement::jsonb -> 'predicate' -> 'urn:assay:facts:v1' AS facts FROM ledger.fact
        WHERE kind = 'decision.recorded' AND artefact_digest = $1 ORDER BY seq`,
      [build.digest],
    );
    expect(entries.map(({ actor, facts }) => [actor, facts.result, facts.caseId])).toEqual([
      ['system', 'ERROR', 'SHOP-3'],
      ['system', 'PASS', 'SHOP-3'],
    ]);
    for (const { facts } of entries)
      expect(facts.details).toMatchObject({ replaces, baseline: { digest: old.digest } });
  });

  it('that was given up for dead and comes late ends the run, when no other is on its way', async () => {
    const { build, mend } = await brokenBuild(app);
    mend();
    const release = await held();
    const answer = ask(build, 'GATE_HASTY');
    await until(async () => (await state(build)) === 'RUNNING 1', 'it is running');
    app.clock.advance(13_000);
    await app.services.gateRunWatch.endDead();
    expect(await state(build)).toBe('QUEUED 1');
    await release();
    expect(await answer).toMatchObject({ verdict: 'PASS' });
    expect(await state(build)).toBe('DECIDED 1');
    app.clock.advance(60_000);
    await round(app);
    expect(await results(build)).toEqual([{ verdict: 'PASS', entries: 1 }]);
    expect(await app.services.gateRunWatch.due()).toEqual([]);
  }, 60_000);

  it('that comes late when another one is on its way records nothing', async () => {
    const { build, mend } = await brokenBuild(app);
    mend();
    const release = await held();
    const key = { idempotencyKey: randomUUID() };
    const first = ask(build, 'GATE_HASTY', key);
    await until(async () => (await state(build)) === 'RUNNING 1', 'it is running');
    app.clock.advance(13_000);
    await app.services.gateRunWatch.endDead();
    app.clock.advance(1_000);
    const [due] = await app.services.gateRunWatch.due();
    const second = app.services.gates.attempt(due?.orgId ?? '', due?.runId ?? '');
    await until(async () => (await state(build)) === 'RUNNING 2', 'another attempt is running');
    await release();
    await second;
    const late = await first;
    expect(await results(build)).toEqual([{ verdict: 'PASS', entries: 1 }]);
    expect(await state(build)).toMatch(/^DECIDED/);
    const [decided] = await app.database.admin.query<{ id: string }[]>(
      'SELECT decision_id AS id FROM assay.decision WHERE artefact_digest = $1',
      [build.digest],
    );
    // Whichever came first: its caller is told of that one decision, at once or when it asks again.
    const told = late.__typename === 'Decision' ? late : await ask(build, 'GATE_HASTY', key);
    expect(told).toMatchObject({ id: decided?.id, verdict: 'PASS' });
  }, 60_000);
});

const withRedis = redisIsAvailable() && !process.env['REDIS_URL'] ? describe : describe.skip;

withRedis('when Redis is lost', () => {
  type Redis = Awaited<ReturnType<typeof startOwnRedis>>;
  async function redisAt(port?: number): Promise<Redis> {
    const redis = await startOwnRedis(port);
    closing.unshift(() => redis.stop('SIGKILL')); // last of all: whoever closes before still speaks to it
    return redis;
  }
  function loopOn(redis: Redis): Queues {
    const queues = openQueues({
      ...{ databaseUrl: app.platform.databaseUrl, logger, redisUrl: new Secret(redis.url) },
    });
    const loop = new RunLoop({ watch: app.services.gateRunWatch, gates: app.services.gates, queues, logger });
    loop.start();
    closing.push(async () => {
      await loop.stop();
      await queues.close();
    });
    return queues;
  }

  it('before an attempt is made, whoever is late is told of all the same, and it is made when Redis is back', async () => {
    const first = await redisAt();
    const build = await mended('GATE_QA');
    loopOn(first);
    await pause(1_000);
    await first.stop('SIGKILL');
    const { dueAt } = await runOf(build);
    app.clock.advance(1_000);
    await pause(1_500); // rounds that can offer nothing
    expect(await state(build)).toBe('QUEUED 1');
    app.clock.advance(Date.parse(dueAt) - app.clock.now() + 1);
    await until(async () => steps(await runOf(build)).length > 1, 'it is escalated');
    expect(steps(await runOf(build)).at(-1)).toEqual(['ESCALATED', 'PM']);
    await redisAt(first.port); // with nothing in it
    await until(async () => (await state(build)) === 'DECIDED 2', 'it is decided');
    expect(await results(build)).toEqual([
      { verdict: 'ERROR', entries: 1 },
      { verdict: 'PASS', entries: 1 },
    ]);
  }, 120_000);

  it('in the middle of an attempt, that attempt ends, and no other one is made', async () => {
    const first = await redisAt();
    const build = await mended('GATE_QA');
    const release = await held();
    app.clock.advance(1_000);
    loopOn(first);
    await until(async () => (await state(build)) === 'RUNNING 2', 'it is running');
    await first.stop('SIGKILL');
    await redisAt(first.port);
    await pause(1_500); // rounds
    await release();
    await until(async () => (await state(build)) === 'DECIDED 2', 'it is decided');
    await pause(1_500);
    expect(await results(build)).toEqual([
      { verdict: 'ERROR', entries: 1 },
      { verdict: 'PASS', entries: 1 },
    ]);
  }, 120_000);
});

describe.each([
  ['Redis', true],
  ['PostgreSQL', false],
] as const)('a worker on %s', (_name, onRedis) => {
  beforeAll(() => {
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--unchecked']);
    if (built.status !== 0) throw new Error(built.stdout.toString());
  }, 120_000);

  async function worker(redisUrl: string | undefined): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(ROOT, 'dist/src/worker.js')], {
      env: {
        PATH: process.env['PATH'],
        ...{ DATABASE_URL: app.database.url, ASSAY_DEMO: 'true', ASSAY_LOG_LEVEL: 'error' },
        ...{ ASSAY_DATA_DIR: app.platform.config.dataDir, ASSAY_OPA: process.env['ASSAY_TEST_OPA'] },
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    closing.push(() => kill(child));
    return Promise.resolve(child);
  }
  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  (onRedis && !redisIsAvailable() ? it.skip : it)(
    'that is killed in the middle of an attempt leaves nothing half done: another one makes the next attempt',
    async () => {
      const redis = onRedis ? await startOwnRedis() : undefined;
      if (redis) closing.unshift(() => redis.stop('SIGKILL'));
      const build = await mended('GATE_HASTY');
      const release = await held();
      const first = await worker(redis?.url);
      await until(async () => (await state(build)) === 'RUNNING 2', 'the worker has taken it');
      await kill(first);
      await release();
      expect(await state(build)).toBe('RUNNING 2');
      expect(await results(build)).toEqual([{ verdict: 'ERROR', entries: 1 }]);
      const second = await worker(redis?.url);
      await until(async () => (await state(build)) === 'DECIDED 3', 'another worker has decided it');
      await kill(second); // the job may not be known as done yet
      const third = await worker(redis?.url);
      await pause(3_000);
      await kill(third);
      const run = await runOf(build);
      expect(run).toMatchObject({ state: 'DECIDED', attempt: 3 });
      const retried = run.steps.filter(({ kind }: Answer) => kind === 'RETRIED');
      expect(retried).toMatchObject([
        { reasonCode: 'gate-run.error-verdict', attempt: 1 },
        { reasonCode: 'gate-run.timed-out', attempt: 2 },
      ]);
      const found = await results(build);
      expect(found.map(({ entries }) => entries)).toEqual([1, 1]);
      expect(found.filter(({ verdict }) => verdict !== 'ERROR')).toHaveLength(1);
    },
    120_000,
  );
});

it('after all of this the rows are what the entries say', async () => {
  putBack();
  await app.integrate();
  expect((await verifyLedger(app.platform)).findings).toEqual([]);
}, 60_000);
