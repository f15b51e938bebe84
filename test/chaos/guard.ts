// A process that outlives `npm run chaos` by a moment: when that is gone, however it ended, it ends what it left
// behind – PostgreSQL and Redis do not die with who started them – and removes its folder. Told by lines of its
// standard input, which ends with whoever tells it: `data PATH`, `remove PATH`, `mounted PATH`, `pid N`, `keep`.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readPostmasterFile, serves, workersIn } from '../../src/app/database/postmaster.io.js';
import { commandOf } from '../../src/app/platform/process-list.io.js';

/** A number may have been given to another program meanwhile: its command line must still be the same. */
const started = new Map<number, string>();
const told = new Map<string, string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined); // meant for the others

for await (const line of createInterface({ input: process.stdin })) {
  const [word = ''] = line.split(' ', 1);
  const value = line.slice(word.length + 1);
  if (word === 'pid') remember(Number(value));
  else told.set(word, value);
}

for (const [pid, command] of started) if (commandOf(pid) === command) end(pid);
const [data, mounted, remove] = ['data', 'mounted', 'remove'].map((word) => told.get(word));
if (data !== undefined && existsSync(data)) {
  const cluster = join(data, 'postgres');
  for (let round = 0; round < 20; round += 1) {
    const postmaster = readPostmasterFile(cluster)?.pid;
    const left = workersIn(cluster);
    if (postmaster !== undefined && serves(postmaster, cluster)) left.push(postmaster);
    if (left.length === 0) break;
    for (const pid of left) end(pid);
    await pause(100);
  }
}
if (mounted !== undefined) spawnSync('umount', ['-l', mounted]);
if (remove !== undefined && !told.has('keep'))
  rmSync(remove, { recursive: true, force: true, maxRetries: 5 });

function remember(pid: number): void {
  const command = commandOf(pid);
  if (command !== undefined) started.set(pid, command);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it was faster
  }
}
