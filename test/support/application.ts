import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pino from 'pino';
import request, { type Response } from 'supertest';
import { signDemoToken } from '../../src/access/demo-token.io.js';
import { checkpointFile } from '../../src/app/platform/checkpoint-file.js';
import { loadConfig, type Config } from '../../src/app/platform/config.js';
import { transactions } from '../../src/app/database/transaction.js';
import { DEMO_KEY_ID, openKeys } from '../../src/app/platform/keys.io.js';
import { createApi } from '../../src/app/doors/open-api.io.js';
import { openPlatform, type Platform } from '../../src/app/platform/platform.js';
import { processorsOf } from '../../src/app/queues/processors.js';
import { QUEUES } from '../../src/app/queues/queue-registry.js';
import { composeServices, type Services } from '../../src/app/compose/services.js';
import { ok } from '../../src/kernel/result.js';
import { FileCheckpointCopy } from '../../src/ledger/checkpoint-copy.io.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import { IntegratorService } from '../../src/ledger/integrator.service.js';
import { PgIntegratorStore } from '../../src/ledger/integrator.store.pg.js';
import type { TestDatabase } from './database.js';
import { seededInstallation } from './seeded.js';

const ROOT = join(import.meta.dirname, '../..');
/** After the fixtures were made, so that none of them is from the future. */
export const START = Date.parse('2026-11-21T09:00:00Z');
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Stands still until a test moves it. */
export class TestClock {
  constructor(private instant = START) {}

  now(): number {
    return this.instant;
  }

  advance(ms: number): void {
    this.instant += ms;
  }
}

export interface ApplicationOptions {
  /** Requests a minute; as good as without a limit unless a test says. */
  readonly ratePerson?: number;
  readonly uploadLimitBytes?: number;
  readonly bodyLimitBytes?: number;
  readonly minFreeDiskBytes?: number;
  /** Whether the log may be read without a token. */
  readonly logPublic?: boolean;
  readonly sourceLimitBytes?: number;
  /** Where scanners are installed, and the data that they judge with. */
  readonly scannersDir?: string;
  readonly scannerDataDir?: string;
  /** For the running service; the demo's policies are compiled with the real OPA in any case. */
  readonly opaPath?: string;
  /** From which line on `log` has them; `warn` unless a test says. */
  readonly logLevel?: string;
  /** More variables, as an operator sets them; none of those that the demo is seeded with. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Part of an answer: what is in it is what a test asserts. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type Answer = any;

export interface GraphQlAnswer {
  readonly data: Answer;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

interface Parts {
  readonly api: NestFastifyApplication;
  readonly platform: Platform;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  readonly log: readonly string[];
}

/** The whole service in one process, on a database and a data folder of its own, with the demo's people in it. */
export class TestApplication {
  readonly api: NestFastifyApplication;
  readonly platform: Platform;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  /** What the service logged, one JSON text per line. */
  readonly log: readonly string[];
  private readonly tokens = new Map<string, string>();

  constructor(parts: Parts) {
    ({
      api: this.api,
      platform: this.platform,
      services: this.services,
      database: this.database,
      clock: this.clock,
      log: this.log,
    } = parts);
  }

  /** To send requests to with supertest. */
  get server(): Server {
    return this.api.getHttpServer();
  }

  /** A day's token of somebody in the demo organisation; the same while the clock stands still, for signing takes longer than asking. */
  tokenFor(subject: string, org = 'demo'): string {
    const now = this.clock.now();
    const name = JSON.stringify([subject, org, now]);
    const known = this.tokens.get(name);
    if (known !== undefined) return known;
    const { jwtIssuer: issuer, jwtAudience: audience, jwtAlgorithm: algorithm } = this.platform.config;
    const key = { pem: this.platform.keys.demoIssuerPem(), keyId: DEMO_KEY_ID };
    const token = signDemoToken({ subject, org }, key, { issuer, audience, algorithm }, now);
    this.tokens.set(name, token);
    return token;
  }

  /** Posts a query as it stands. */
  async post(token: string | undefined, body: string | object): Promise<Response> {
    const post = request(this.server).post('/graphql').set('content-type', 'application/json');
    if (token !== undefined) void post.set('authorization', `Bearer ${token}`);
    return post.send(body);
  }

  /** Sends an operation of graphql/operations as somebody; HTTP says 200 whatever comes of it. */
  async graphql(subject: string, operation: string, variables: object = {}): Promise<GraphQlAnswer> {
    const query = readFileSync(join(ROOT, 'graphql/operations', `${operation}.graphql`), 'utf8');
    const { status, text } = await this.post(this.tokenFor(subject), { query, variables });
    if (status !== 200) throw new Error(`${String(status)}: ${text}`);
    return JSON.parse(text) as GraphQlAnswer;
  }

  /** The only root field of an operation's answer; errors fail the test. */
  async ask(subject: string, operation: string, variables: object = {}): Promise<Answer> {
    const { data, errors } = await this.graphql(subject, operation, variables);
    if (errors) throw new Error(`${operation}: ${JSON.stringify(errors)}`);
    return Object.values(data as object)[0];
  }

  /** As `ask`, for the operations that take one input with an idempotency key; a fresh one unless given. */
  command(subject: string, operation: string, input: object): Promise<Answer> {
    return this.ask(subject, operation, { input: { idempotencyKey: randomUUID(), ...input } });
  }

  /** `POST /evidence`. */
  async upload(
    report: Buffer | string,
    about: { artId: string; digest: string },
    { key = randomUUID(), subject = 'service', ...query }: UploadOptions = {},
  ): Promise<Response> {
    return request(this.server)
      .post('/evidence')
      .query({ source: 'ci/test', ...about, ...query })
      .set('authorization', `Bearer ${this.tokenFor(subject)}`)
      .set('idempotency-key', key)
      .set('content-type', 'application/octet-stream')
      .send(Buffer.from(report));
  }

  /** Does what the worker would: turns entries into jobs and does them, without a queue between. */
  async normalise(): Promise<void> {
    const { normalise } = processorsOf(this.services);
    const tx = transactions(this.database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
    for (;;) {
      const swept = await tx(async ({ dispatch }) => {
        const items = await dispatch.undispatched(500);
        await dispatch.markDispatched(items.map(({ seq }) => seq));
        return ok(items);
      });
      if (!swept.ok || swept.value.length === 0) return;
      for (const { seq, kind } of swept.value)
        if (kind === QUEUES.normalise.kind) await normalise.handle({ seq });
    }
  }

  /** What the worker holds: the same services, and its key. The caller closes them. */
  workerServices(change: Partial<Platform> = {}): Services {
    const keys = openKeys(this.platform.config, 'worker');
    return composeServices({ ...this.platform, door: 'worker', keys, ...change });
  }

  /** Makes the evidence packs that were asked for, as the worker would. */
  async makePacks(): Promise<void> {
    const services = this.workerServices();
    const { export: maker } = processorsOf(services);
    const { kind, reader } = QUEUES.export;
    const tx = transactions(this.database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
    const found = await tx(async ({ dispatch }) => {
      const query = { from: 0, kind, reader, dispatchedBefore: Date.now() + DAY_MS, limit: 500 };
      return ok([...(await dispatch.undispatched(500)), ...(await dispatch.unhandled(query))]);
    });
    try {
      const items = found.ok ? found.value : [];
      for (const { seq } of items.filter((item) => item.kind === kind)) await maker.handle({ seq });
    } finally {
      await services.close();
    }
  }

  /** Does what the integrator would: grows the tree over what is new, and signs it. */
  async integrate(): Promise<void> {
    const { config } = this.platform;
    const keys = openKeys(config, 'integrator');
    const integrator = new IntegratorService(
      transactions(this.database.integrator, (on) => new PgIntegratorStore(on)),
      new FileCheckpointCopy(checkpointFile(config)),
      { name: keys.logOrigin(), privateKey: keys.log() },
    );
    const step = await integrator.runOnce();
    if (!step.ok) throw new Error(JSON.stringify(step.problem));
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.services.close();
    await this.platform.close();
    await this.database.drop();
    rmSync(this.platform.config.dataDir, { recursive: true, force: true });
    this.tokens.clear();
    // The suite's module stays, and would keep all of the service.
    for (const part of ['api', 'platform', 'services', 'database'] as const)
      Reflect.deleteProperty(this, part);
  }
}

export interface UploadOptions {
  readonly key?: string;
  readonly subject?: string;
  readonly source?: string;
  readonly collectedAt?: string;
  readonly declaredFormat?: string;
  /** Where in the process, and the agent's members. */
  readonly [where: string]: string | undefined;
}

/** Seeded with the real OPA, and listening. */
export async function openTestApplication(options: ApplicationOptions = {}): Promise<TestApplication> {
  const clock = new TestClock();
  const config = (url: string, folder: string): Config => configFor(url, folder, options);
  const { database, dataDir } = await seededInstallation((url, folder) => configFor(url, folder, {}), clock);
  const log: string[] = [];
  const opened = await openPlatform(config(database.url, dataDir), 'api');
  const platform = { ...opened, clock, logger: loggerTo(log, options.logLevel) };
  const services = composeServices(platform);
  const api = await createApi(platform, services);
  await api.listen(0, '127.0.0.1');
  return new TestApplication({ api, platform, services, database, clock, log });
}

const configFor = (databaseUrl: string, dataDir: string, options: ApplicationOptions): Config =>
  loadConfig(
    {
      DATABASE_URL: databaseUrl,
      ASSAY_DEMO: 'true',
      ASSAY_DATA_DIR: dataDir,
      ASSAY_OPA: options.opaPath ?? process.env['ASSAY_TEST_OPA'],
      ASSAY_SOURCE_LIMIT_BYTES: options.sourceLimitBytes?.toString(),
      ASSAY_SCANNERS_DIR: options.scannersDir,
      ASSAY_SCANNER_DATA_DIR: options.scannerDataDir,
      ASSAY_RATE_PERSON: String(options.ratePerson ?? 1_000_000),
      ASSAY_RATE_SERVICE: '1000000',
      ASSAY_RATE_AGENT: '1000000',
      ASSAY_MAX_WAIT_MS: '60000',
      ASSAY_UPLOAD_LIMIT_BYTES: options.uploadLimitBytes?.toString(),
      ASSAY_MIN_FREE_DISK_BYTES: options.minFreeDiskBytes?.toString(),
      ASSAY_LOG_PUBLIC: options.logPublic?.toString(),
      ...options.environment,
      ASSAY_BODY_LIMIT_BYTES: options.bodyLimitBytes?.toString(),
    },
    ROOT,
  );

const loggerTo = (lines: string[], level = 'warn') =>
  pino(
    { level },
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    }),
  );
