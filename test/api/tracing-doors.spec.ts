import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import type { OpenDoor } from '../../src/app/doors/door.io.js';
import { openIntegrator } from '../../src/app/doors/open-integrator.io.js';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { Secret } from '../../src/app/platform/secret.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { redisIsAvailable, startRedis } from '../support/redis.js';
import { registerBuild, report, REPORTS } from '../support/shop.js';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 120_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function opened(): Promise<{ app: TestApplication; receiver: OtlpReceiver }> {
  const receiver = await OtlpReceiver.open();
  closing.push(() => receiver.close());
  const app = await openTestApplication({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
  });
  closing.push(() => app.close());
  return { app, receiver };
}

const keep = (door: OpenDoor): void => {
  closing.push(() => door.close());
};

/** Uploads a report in a trace; answers the trace's id. */
async function uploadTraced(app: TestApplication): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const [name = ''] = REPORTS;
  const { status } = await request(app.server)
    .post('/evidence')
    .query({ source: 'ci/test', ...(await registerBuild(app)) })
    .set('authorization', `Bearer ${app.tokenFor('service')}`)
    .set('idempotency-key', randomUUID())
    .set('traceparent', `00-${traceId}-00f067aa0ba902b7-01`)
    .set('tracestate', 'vendor=opaque')
    .set('content-type', 'application/octet-stream')
    .send(report(name));
  expect(status).toBe(201);
  return traceId;
}

/** Follows evidence from the upload to its document, through the queue. */
async function followEvidence(redisUrl?: string): Promise<void> {
  const { app, receiver } = await opened();
  const { config } = app.platform;
  keep(
    await openWorker({ ...config, logLevel: 'silent', ...(redisUrl && { redisUrl: new Secret(redisUrl) }) }),
  );
  const traceId = await uploadTraced(app);
  await app.platform.tracing?.flush();
  const find = (name: string): ReceivedSpan | undefined =>
    receiver.spans.find((span) => span.traceId === traceId && span.name === name);
  await until(() => find('normalise evidence') !== undefined && find('dispatch entry') !== undefined);
  const path = [
    'POST /evidence',
    'receive evidence',
    'dispatch entry',
    'send normalise',
    'process normalise',
  ];
  const spans = [...path, 'normalise evidence'].map(find);
  for (const [place, span] of spans.entries())
    if (place > 0) expect(span?.parentSpanId).toBe(spans[place - 1]?.spanId);
  const [server, receipt, , sent, job, done] = spans;
  expect([server?.kind, sent?.kind, job?.kind]).toEqual([2, 4, 5]);
  expect(server?.resource).toMatchObject({ 'service.name': 'assay-api' });
  expect(job?.resource).toMatchObject({ 'service.name': 'assay-worker' });
  expect(job?.attributes).toMatchObject({
    ...{ 'messaging.system': 'bullmq', 'messaging.destination.name': 'normalise' },
    ...{ 'messaging.operation.type': 'process', 'assay.job.attempt': 1 },
    'messaging.message.id': `entry-${String(done?.attributes['assay.ledger.seq'])}`,
  });
  expect(done?.attributes).toMatchObject({ 'assay.evidence.id': receipt?.attributes['assay.evidence.id'] });
}

describe('a trace goes on', () => {
  it('in the worker, through the queue on PostgreSQL', () => followEvidence(), LIMIT_MS);

  (redisIsAvailable() ? it : it.skip)(
    'in the worker, through the queue on Redis',
    async () => {
      const redis = await startRedis();
      closing.push(() => redis.stop());
      await followEvidence(redis.url);
    },
    LIMIT_MS,
  );
});

describe('the integrator', () => {
  it(
    'has a trace for each checkpoint that it signs, and none for looking',
    async () => {
      const { app, receiver } = await opened();
      const { config } = app.platform;
      keep(await openIntegrator({ ...config, logLevel: 'silent', traceSampler: 'always_on' }));
      await until(() => receiver.named('sign checkpoint').length > 0);
      const size = Number(receiver.named('sign checkpoint').at(-1)?.attributes['assay.ledger.size']);
      await registerBuild(app);
      const signed = (): ReceivedSpan | undefined => receiver.named('sign checkpoint').at(-1);
      await until(() => Number(signed()?.attributes['assay.ledger.size']) > size);
      await app.platform.tracing?.flush(); // the API traces one request in ten, by chance what was registered
      const its = receiver.spans.filter(({ resource }) => resource['service.name'] === 'assay-integrator');
      expect(new Set(its.map(({ name }) => name))).toEqual(new Set(['sign checkpoint']));
      expect(its.length).toBeLessThan(10); // it looked ten times a second
    },
    LIMIT_MS,
  );
});

describe('a door that is a process', () => {
  const LISTS_MODULES = `
    const { writeFileSync } = require('node:fs');
    process.on('exit', () => writeFileSync(process.env.MODULES_TO, Object.keys(require.cache).join('\\n')));`;

  /** Starts the API, stops it with SIGTERM; answers which modules of OpenTelemetry it had loaded, and how long its end took. */
  async function lived(
    app: TestApplication,
    environment: Record<string, string>,
    work?: (url: string) => Promise<void>,
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'assay-tracing-'));
    closing.push(() => {
      rmSync(folder, { recursive: true });
    });
    const modules = join(folder, 'modules.txt');
    writeFileSync(join(folder, 'list.cjs'), LISTS_MODULES);
    const args = ['--require', join(folder, 'list.cjs'), join(ROOT, 'dist/src/main.js')];
    const { config, databaseUrl } = app.platform;
    const door = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...{ PATH: process.env['PATH'], MODULES_TO: modules, DATABASE_URL: databaseUrl.reveal() },
        ...{ ASSAY_DEMO: 'true', ASSAY_DATA_DIR: config.dataDir, ASSAY_PORT: '0', ...environment },
      },
    });
    let said = '';
    door.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes('is ready') || door.exitCode !== null);
    await work?.(/http:[^\s"]+/.exec(said)?.[0] ?? '');
    const began = performance.now();
    door.kill('SIGTERM');
    const [code] = (await once(door, 'exit')) as [number | null];
    const loaded = readFileSync(modules, 'utf8').split('\n');
    return {
      code,
      said,
      ms: performance.now() - began,
      // The API alone comes with prom-client, too, and is a few functions that do nothing.
      sdk: loaded.filter((path) => /@opentelemetry\/(?!api\/)/.test(path)),
    };
  }

  it(
    'loads nothing of the SDK where tracing is off; where it is on, hands over at its end, and does not wait for long',
    async () => {
      const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--unchecked']);
      expect(built.status).toBe(0);
      const { app, receiver } = await opened();
      const on = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'always_on' };
      for (const off of [{}, { ...on, OTEL_SDK_DISABLED: 'true' }, { ...on, OTEL_TRACES_EXPORTER: 'none' }])
        expect(await lived(app, off)).toMatchObject({ code: 0, sdk: [] });

      const ask = async (url: string): Promise<void> => {
        expect((await fetch(`${url}/log/none`)).status).toBeGreaterThan(399);
      };
      const traced = await lived(app, on, ask);
      expect(traced.code).toBe(0);
      expect(traced.sdk.length).toBeGreaterThan(0);
      expect(receiver.spans.some(({ kind }) => kind === 2)).toBe(true); // before a batch was full or its time came

      receiver.mode = 'silent';
      const waited = await lived(app, on, ask);
      expect(waited).toMatchObject({ code: 0 });
      expect(waited.ms).toBeLessThan(8_000); // two seconds of it for the collector
    },
    2 * LIMIT_MS,
  );
});
