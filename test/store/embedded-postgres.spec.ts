import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/app/database/embedded-postgres.io.js';

const dataDir = mkdtempSync(join(tmpdir(), 'assay with a space '));
const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, durable: false });
let running: EmbeddedPostgres | undefined;

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

async function killNow(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('the embedded PostgreSQL', () => {
  beforeAll(async () => {
    running = await start();
  });
  afterAll(async () => {
    await running?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('starts from nothing in a folder with a space, and is version 18 with UTF-8', async () => {
    running ??= await start();
    expect(running.adopted).toBe(false);
    expect(await ask(running, 'SHOW server_version')).toMatch(/^18\./);
    expect(await ask(running, 'SHOW server_encoding')).toBe('UTF8');
  });

  it('keeps its password and its data to itself', async () => {
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    const url = new URL(running?.url ?? '');
    url.password = 'guess';
    const stranger = new pg.Client({ connectionString: url.href });
    await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
  });

  it('stops, and starts again with what was written', async () => {
    const first = running ?? (await start());
    await ask(first, "CREATE TABLE kept AS SELECT 'kept' AS text");
    await first.stop();
    expect(first.isAlive()).toBe(false);
    running = await start();
    expect(running.adopted).toBe(false);
    expect(await ask(running, 'SELECT text FROM kept')).toBe('kept');
  });

  it('is adopted when it is still running, as after kill -9 of its owner', async () => {
    const before = running ?? (await start());
    running = await start();
    expect(running).toMatchObject({ adopted: true, pid: before.pid, port: before.port });
    expect(await ask(running, 'SELECT text FROM kept')).toBe('kept');
  });

  it('recovers after kill -9 of itself', async () => {
    const before = running ?? (await start());
    await killNow(before.pid);
    running = await start();
    expect(running.adopted).toBe(false);
    expect(await ask(running, 'SELECT text FROM kept')).toBe('kept');
  });

  it('clears a stale pid file, also when its number now belongs to a stranger', async () => {
    const before = running ?? (await start());
    const file = readFileSync(pidFile, 'utf8');
    await before.stop();
    for (const pid of [process.pid, 999_999_999]) {
      writeFileSync(pidFile, file.replace(/^\d+/, String(pid)));
      running = await start();
      expect(running.adopted).toBe(false);
      expect(await ask(running, 'SELECT 1')).toBe(1);
      await running.stop();
    }
  });

  it('says what PostgreSQL said when it cannot start', async () => {
    const settings = join(dataDir, 'postgres', 'postgresql.auto.conf');
    const before = readFileSync(settings);
    writeFileSync(settings, 'nonsense = on\n');
    await expect(start()).rejects.toThrow(/nonsense/);
    writeFileSync(settings, before);
    running = await start();
    expect(await ask(running, 'SELECT 1')).toBe(1);
  });
});

it('outlives its owner: an orphan is found by the next start', async () => {
  const orphanDir = mkdtempSync(join(tmpdir(), 'assay-orphan-'));
  const supervisor = join(import.meta.dirname, '../../dist/src/app/database/embedded-postgres.io.js');
  const built = spawnSync(process.execPath, [
    join(import.meta.dirname, '../../scripts/build.mjs'),
    '--unchecked',
  ]);
  expect(built.status).toBe(0);
  const program = `const { startEmbeddedPostgres } = await import(process.argv[1]);
    const { pid } = await startEmbeddedPostgres({ dataDir: process.argv[2], durable: false });
    console.log(pid); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program, supervisor, orphanDir]);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const heir = await startEmbeddedPostgres({ dataDir: orphanDir, durable: false });
  expect(heir).toMatchObject({ adopted: true, pid: Number(line.toString()) });
  await heir.stop();
  rmSync(orphanDir, { recursive: true, force: true });
}, 60_000); // it may have to build first
