import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import request from 'supertest';
import { loadConfig } from '../../src/app/platform/config.js';
import { openMetrics } from '../../src/app/operations/metrics.js';
import { OperationsModule } from '../../src/app/operations/operations.module.js';
import { openPlatform, type Platform } from '../../src/app/platform/platform.js';
import { assess } from '../../src/app/operations/readiness.js';
import { logRequests } from '../../src/app/operations/request-log.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'a-token-of-the-scraper';
const dataDir = mkdtempSync(join(tmpdir(), 'assay-operations-'));
let database: TestDatabase;
let lines: string[] = [];

interface Opened {
  readonly app: NestFastifyApplication;
  readonly platform: Platform;
  readonly http: ReturnType<NestFastifyApplication['getHttpServer']>;
}

async function open(environment: Record<string, string> = {}): Promise<Opened> {
  const config = loadConfig(
    {
      DATABASE_URL: database.url,
      ASSAY_DEMO: 'true',
      ASSAY_DATA_DIR: dataDir,
      ASSAY_LOG_LEVEL: 'silent',
      ...environment,
    },
    ROOT,
  );
  const platform = await openPlatform(config, 'api');
  const metrics = openMetrics(platform);
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const adapter = new FastifyAdapter({
    loggerInstance: pino({ level: 'info' }, sink),
    logController: new LogController({ disableRequestLogging: true }),
  });
  logRequests(adapter.getInstance(), metrics);
  const app = await NestFactory.create<NestFastifyApplication>(
    OperationsModule.register(platform, metrics),
    adapter,
    { logger: false },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, platform, http: app.getHttpServer() };
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('health', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened.app.close();
    await opened.platform.close().catch(() => undefined);
  });

  it('is ready when the database answers, is migrated, and nothing waits for a signature', async () => {
    const answer = await request(opened.http).get('/health/ready').expect(200);
    expect(answer.body.ready).toBe(true);
    expect(Object.keys(answer.body.checks)).toEqual([
      'database',
      'migrations',
      'policies',
      'verification',
      'integrator',
    ]);
    await request(opened.http).get('/health').expect(200);
  });

  it('puts an id on every answer and one line per request into the log, without the query', async () => {
    lines = [];
    const answer = await request(opened.http).get('/nothing?token=secret').expect(404);
    const [line = '{}'] = lines;
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', path: '/nothing', status: 404, msg: 'request' });
    expect(JSON.parse(line).reqId).toBe(answer.headers['x-request-id']);
    expect(line).not.toContain('secret');
  });

  it('is alive but not ready without its database', async () => {
    await opened.platform.close();
    const answer = await request(opened.http).get('/health/ready').expect(503);
    expect(answer.body.checks.database.ok).toBe(false);
    expect(JSON.stringify(answer.body)).not.toContain('postgres');
    await request(opened.http).get('/health/live').expect(200, { live: true });
  });

  it('does not wait for a check that hangs', async () => {
    const readiness = await assess({ hangs: () => new Promise(() => undefined) });
    expect(readiness).toEqual({
      ready: false,
      checks: { hangs: { ok: false, detail: 'no answer within 2000 ms' } },
    });
  });
});

describe('metrics', () => {
  it('are there for this machine, not for what a proxy forwards', async () => {
    const { app, platform, http } = await open();
    await request(http).get('/health/live');
    const answer = await request(http)
      .get('/metrics')
      .expect(200)
      .expect('content-type', /text\/plain/);
    expect(answer.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/health/live",status="2xx"} 1',
    );
    expect(answer.text).toContain('ledger_unsigned_entries 0');
    await request(http).get('/metrics').set('x-forwarded-for', '203.0.113.7').expect(404);
    await app.close();
    await platform.close();
  });

  it('want the token when there is one', async () => {
    const { app, platform, http } = await open({ ASSAY_METRICS_TOKEN: TOKEN });
    await request(http).get('/metrics').expect(404);
    await request(http).get('/metrics').set('authorization', `Bearer ${TOKEN}x`).expect(404);
    await request(http).get('/metrics').set('authorization', `Bearer ${TOKEN}`).expect(200);
    await app.close();
    await platform.close();
  });
});
