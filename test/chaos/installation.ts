import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { loadConfig, type Config } from '../../src/app/platform/config.js';
import { ensureKeys } from '../../src/app/platform/keys.io.js';
import { openPlatform } from '../../src/app/platform/platform.js';
import { Secret } from '../../src/app/platform/secret.js';
import { demoTokensFile, seedDemo } from '../../src/app/seed/seed.io.js';
import { doorEnvironment } from '../../src/app/start/door-environment.js';
import { prepareDatabase, type PreparedDatabase } from '../../src/app/start/prepare-database.io.js';
import { KeptPostgres } from './kept-postgres.js';
import { Kept } from './kept.js';

const DOORS = { api: 'main', worker: 'worker', integrator: 'integrator' } as const;
type DoorName = keyof typeof DOORS;

/** Two rounds of the database's recovery, a cold start of a door, and the patience of a machine that is shared. */
const READY_LIMIT_MS = 300_000;

/** A whole installation of its own in one folder: PostgreSQL with fsync on, Redis, API, worker, integrator. */
export interface Installation {
  readonly config: Config;
  readonly database: PreparedDatabase;
  readonly postgres: KeptPostgres;
  readonly doors: Readonly<Record<DoorName, Kept>>;
  /** Undefined where there is no redis-server: the queues are then in PostgreSQL. */
  readonly redis: Kept | undefined;
  readonly apiUrl: string;
  readonly logFolder: string;
  readonly orgId: string;
  /** The demo's pipeline: its token and who that is. */
  readonly service: { readonly token: string; readonly principalId: string };
}

/** Seeded with the demo, whose policies need OPA (`ASSAY_OPA`). Throws when there is nothing to judge with. */
export async function openInstallation(
  dataDir: string,
  withRedis: boolean,
  settings: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const logFolder = join(dataDir, 'logs');
  mkdirSync(logFolder, { recursive: true });
  const [port, redisPort] = [await freePort(), await freePort()];
  const environment = {
    PATH: process.env['PATH'],
    ASSAY_OPA: process.env['ASSAY_OPA'],
    ASSAY_DATA_DIR: dataDir,
    ASSAY_DEMO: 'true',
    ASSAY_LOG_LEVEL: 'warn',
    ASSAY_PORT: String(port),
    ...(withRedis ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {}),
    ...settings,
  };
  const config = loadConfig(environment);
  const database = await prepareDatabase(config, () => undefined);
  ensureKeys(config);
  const platform = await openPlatform(
    { ...config, serviceDatabaseUrl: new Secret(database.serviceUrl) },
    'api',
  );
  await seedDemo(platform);
  await platform.close();
  const gates = await query(database.adminUrl, `SELECT FROM assay.gate WHERE gate_id = 'GATE_RELEASE'`);
  if (gates.length === 0) throw new Error('the demo has no gate: OPA is missing (ASSAY_OPA)');
  const postgres = new KeptPostgres(dataDir, database.server!);
  const redis = withRedis ? keepRedis(dataDir, redisPort) : undefined;
  const door = (name: DoorName): Kept =>
    new Kept({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(config.root, 'dist', 'src', `${DOORS[name]}.js`)],
      environment: doorEnvironment(name, config, database, environment),
      logFile: join(logFolder, `${name}.log`),
      speaks: true,
    });
  const doors = { api: door('api'), worker: door('worker'), integrator: door('integrator') };
  const apiUrl = `http://127.0.0.1:${port}`;
  const whole = { config, database, postgres, doors, redis, apiUrl, logFolder };
  return { ...whole, ...(await demoService(config, database.adminUrl)) };
}

/** Everything is up and the API says that it can work. Throws with the logs' ends when that does not come. */
export async function untilReady({ postgres, doors, apiUrl }: Installation): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const up = postgres.isReady && Object.values(doors).every(({ isReady }) => isReady);
    const answer = up ? await fetch(`${apiUrl}/health/ready`).catch(() => undefined) : undefined;
    if (answer?.ok) return;
    if (performance.now() > deadline) {
      const tails = Object.values(doors).map((each) => `--- ${each.name}\n${each.logTail()}`);
      throw new Error(`not ready: ${(await answer?.text()) ?? 'no answer'}\n${tails.join('\n')}`);
    }
    await pause(50);
  }
}

export async function closeInstallation({ postgres, doors, redis }: Installation): Promise<void> {
  await Promise.all(Object.values(doors).map((door) => door.stop()));
  await redis?.stop();
  await postgres.stop();
}

/** Its own append-only file survives a SIGKILL; what it may lose all the same is in the ledger's dispatch list. */
function keepRedis(dataDir: string, port: number): Kept {
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { recursive: true });
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes'];
  return new Kept({
    name: 'redis',
    command: 'redis-server',
    args: [...settings, '--dir', folder],
    environment: { PATH: process.env['PATH'] },
    logFile: join(dataDir, 'logs', 'redis.log'),
    speaks: false,
  });
}

async function demoService(
  config: Config,
  adminUrl: string,
): Promise<Pick<Installation, 'orgId' | 'service'>> {
  const { tokens } = JSON.parse(readFileSync(demoTokensFile(config.dataDir), 'utf8')) as {
    tokens: Record<string, string>;
  };
  const [row] = await query<{ org_id: string; principal_id: string }>(
    adminUrl,
    `SELECT org_id, principal_id FROM assay.principal WHERE subject = 'service'`,
  );
  return { orgId: row!.org_id, service: { token: tokens['service']!, principalId: row!.principal_id } };
}

export async function query<Row extends object>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the query under way reports it
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
