import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/app/platform/process-list.io.js';
import { takeStartLock } from '../../src/app/start/start-lock.io.js';
import { Supervisor } from '../../src/app/start/supervisor.io.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-supervisor-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, source: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return path;
}

function supervised(source: string) {
  const said: string[] = [];
  let giveUp: (reason: Error) => void = () => undefined;
  const gaveUp = new Promise<Error>((resolve) => (giveUp = resolve));
  const supervisor = new Supervisor({
    logFolder: folder,
    say: (message) => said.push(message),
    onGivingUp: giveUp,
    readyLimitMs: 2_000,
    firstBackOffMs: 1,
  });
  const door = { name: 'worker', program: program('worker', source), environment: {} };
  return { supervisor, door, said, gaveUp };
}

describe('the supervisor', () => {
  it('gives up on a door that crashes a sixth time, with the end of its log', async () => {
    const { supervisor, door, said, gaveUp } = supervised(
      `process.send({ ready: 'worker' }, () => { console.error('out of luck'); process.exit(7); });`,
    );
    await supervisor.start(door);
    expect((await gaveUp).message).toMatch(/worker crashed 6 times[\s\S]*out of luck/);
    expect(said).toHaveLength(5);
    expect(said[4]).toContain('worker ended with 7; starting it again in 16 ms');
    await supervisor.stop();
  });

  it('does not start a door again that refuses to go on', async () => {
    const { supervisor, door, said, gaveUp } = supervised(
      `process.send({ ready: 'worker' }, () => { console.error('history was changed'); process.exit(70); });`,
    );
    await supervisor.start(door);
    expect((await gaveUp).message).toMatch(/worker refuses to go on:[\s\S]*history was changed/);
    expect(said).toEqual([]);
    await supervisor.stop();
  });

  it('does not wait for ever for a door that never says it is ready', async () => {
    const { supervisor, door } = supervised(`setInterval(() => {}, 1000);`);
    await expect(supervisor.start(door)).rejects.toThrow('worker did not start: not ready after 2 s');
    await supervisor.stop();
  });

  it('ends at once, on a second Ctrl-C, what does not want to end', async () => {
    const { supervisor, door } = supervised(
      `process.on('SIGTERM', () => {}); process.send({ ready: 'worker' }); setInterval(() => {}, 1000);`,
    );
    await supervisor.start(door);
    const [pid = 0] = Object.values(supervisor.pids());
    const stopped = supervisor.stop();
    expect(isAlive(pid)).toBe(true);
    supervisor.kill();
    await stopped;
    expect(isAlive(pid)).toBe(false);
  });
});

describe('the start lock', () => {
  it('names its holder, is taken over when the holder is gone, and is free after release', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'assay-lock-'));
    const lock = join(dataDir, 'start.lock');
    writeFileSync(lock, JSON.stringify({ pid: 999_999_999, command: 'node scripts/start.mjs' }));
    const first = takeStartLock(dataDir);
    expect(takeStartLock(dataDir)).toEqual({ heldBy: process.pid });
    if ('release' in first) first.release();
    // A number that was given to somebody else since: alive, but not the one who wrote it.
    writeFileSync(lock, JSON.stringify({ pid: process.pid, command: 'another program' }));
    expect(takeStartLock(dataDir)).toHaveProperty('release');
    rmSync(dataDir, { recursive: true });
  });
});
