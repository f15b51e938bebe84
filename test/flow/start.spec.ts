import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive } from '../../src/app/platform/process-list.io.js';
import { embeddedDatabaseUrl, readRunState, type RunState } from '../../src/app/platform/run-state.io.js';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 60_000;

interface Start {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

/** `npm start` with stub doors: what is tested is what starts, watches and stops them. */
function start(dataDir: string, environment: Record<string, string> = {}): Start {
  const child = spawn(process.execPath, [join(ROOT, 'test/support/stub-start.mjs')], {
    env: { PATH: process.env['PATH'], ASSAY_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, ended, output: () => chunks.join('') };
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: () => string): Promise<T> {
  const deadline = Date.now() + LIMIT_MS / 2;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline || what().includes('Stopping')) throw new Error(`waited in vain: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const running = (dataDir: string, { output }: Start): Promise<RunState> =>
  until(() => (output().includes('running at') ? readRunState(dataDir) : undefined), output);

const environmentOf = async (url: string): Promise<Record<string, string>> =>
  (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;

describe('npm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'assay start '));
  const started: Start[] = [];
  beforeAll(() => {
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--unchecked']);
    if (built.status !== 0) throw new Error(built.stdout.toString());
  }, LIMIT_MS);
  const begin = (environment?: Record<string, string>, folder = dataDir): Start => {
    const one = start(folder, environment);
    started.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of started.splice(0)) if (one.child.exitCode === null) one.child.kill('SIGINT');
    const postgres = join(dataDir, 'postgres', 'postmaster.pid');
    await until(
      () => (existsSync(postgres) ? undefined : true),
      () => 'PostgreSQL still runs',
    ).catch(() => undefined);
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    'brings everything up in order, and Ctrl-C takes everything down',
    async () => {
      const one = begin();
      const state = await running(dataDir, one);
      expect(one.output()).toMatch(/seeding as assay_service[\s\S]*running at http/);
      expect(await (await fetch(`${state.apiUrl ?? ''}/health/ready`)).text()).toBe('ok');
      expect(readFileSync(join(dataDir, 'run.json'), 'utf8')).not.toMatch(/postgres:\/\/|[0-9a-f]{48}/);

      const client = new pg.Client({ connectionString: embeddedDatabaseUrl(dataDir, 'service') });
      await client.connect();
      expect((await client.query('SELECT session_user AS login')).rows).toEqual([{ login: 'assay_app' }]);
      await client.end();

      one.child.kill('SIGINT');
      expect(await one.ended).toBe(0);
      for (const pid of [...Object.values(state.doors), state.postgres?.pid ?? 0])
        expect(isAlive(pid)).toBe(false);
      expect(readRunState(dataDir)).toBeUndefined();
    },
    LIMIT_MS,
  );

  it(
    'hands each door its own login and only the keys it works with',
    async () => {
      const one = begin({ STUB_SILENT: '1', ASSAY_LOG_LEVEL: 'warn' });
      // The stub's API listens on a port of its own choice here, so its address comes from run.json.
      const state = await running(dataDir, one);
      const api = await environmentOf(state.apiUrl ?? '');
      expect(api['ASSAY_SERVICE_DATABASE_URL']).toContain('assay_app:');
      expect(api['ASSAY_LOG_LEVEL']).toBe('warn');
      for (const name of [
        ...['DATABASE_URL', 'ASSAY_INTEGRATOR_DATABASE_URL'],
        ...['ASSAY_LOG_KEY_FILE', 'ASSAY_EXPORT_KEY_FILE'],
      ])
        expect(api[name]).toBeUndefined();
    },
    LIMIT_MS,
  );

  it(
    'runs twice on one machine, with data, database and port of its own each',
    async () => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'assay-second-'));
      const both = [begin(), begin({}, elsewhere)];
      const [first, second] = await Promise.all([running(dataDir, both[0]!), running(elsewhere, both[1]!)]);
      expect(first.apiUrl).not.toBe(second.apiUrl);
      expect(first.postgres?.port).not.toBe(second.postgres?.port);
      both[1]?.child.kill('SIGTERM');
      expect(await both[1]?.ended).toBe(0);
      rmSync(elsewhere, { recursive: true });
    },
    LIMIT_MS,
  );

  it(
    'refuses a second start in the same place and says where the first one is',
    async () => {
      const one = begin();
      const state = await running(dataDir, one);
      const second = begin();
      expect(await second.ended).toBe(1);
      expect(second.output()).toContain(
        `runs at ${state.apiUrl ?? ''} already (pid ${String(one.child.pid)}`,
      );
    },
    LIMIT_MS,
  );

  it(
    'starts a crashed door again, at the same address',
    async () => {
      const one = begin();
      const { apiUrl = '' } = await running(dataDir, one);
      await fetch(`${apiUrl}/crash`).catch(() => undefined);
      const answer = () =>
        fetch(apiUrl).then(
          (response) => response.text(),
          () => undefined,
        );
      expect(await until(answer, one.output)).toBe('ok');
      expect(one.output()).toContain('api ended with 3; starting it again in 250 ms');
    },
    LIMIT_MS,
  );

  it(
    'starts PostgreSQL again when it is killed',
    async () => {
      const one = begin();
      const { postgres } = await running(dataDir, one);
      process.kill(postgres?.pid ?? 0, 'SIGKILL');
      const answered = async (): Promise<true | undefined> => {
        const client = new pg.Client({ connectionString: embeddedDatabaseUrl(dataDir, 'service') });
        client.on('error', () => undefined);
        return client.connect().then(
          () => client.end().then(() => true),
          () => undefined,
        );
      };
      await until(() => (one.output().includes('PostgreSQL ended') ? true : undefined), one.output);
      expect(await until(answered, one.output)).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    'recovers unaided after kill -9: the doors end, PostgreSQL is adopted',
    async () => {
      const one = begin();
      const before = await running(dataDir, one);
      one.child.kill('SIGKILL');
      await one.ended;
      const gone = () => (Object.values(before.doors).some(isAlive) ? undefined : true);
      expect(await until(gone, () => 'doors live on')).toBe(true);
      const two = begin();
      const after = await running(dataDir, two);
      expect(after.postgres).toEqual(before.postgres);
      expect(two.output()).toContain('adopted');
    },
    LIMIT_MS,
  );

  it(
    'says why when a door does not start, and leaves nothing running',
    async () => {
      const one = begin({ STUB_BROKEN: '1' });
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain('this door is broken');
      expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'names every bad variable before it starts anything',
    async () => {
      const elsewhere = join(dataDir, 'never made');
      const one = begin({ ASSAY_PORT: 'eighty', ASSAY_LOG_LEVEL: 'loud' }, elsewhere);
      expect(await one.ended).toBe(1);
      expect(one.output()).toMatch(/ASSAY_PORT: [\s\S]*ASSAY_LOG_LEVEL: /);
      expect(existsSync(elsewhere)).toBe(false);
    },
    LIMIT_MS,
  );
});
