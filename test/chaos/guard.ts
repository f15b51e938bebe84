// A process that outlives `npm run chaos` by a moment: when that is gone, however it ended, it ends what it left
// behind – PostgreSQL and Redis do not die with who started them – and removes its folder. Told by lines of its
// standard input, which ends with whoever tells it: `folder PATH`, `pid N`, `keep`.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readPostmasterFile, serves, workersIn } from '../../src/app/database/postmaster.io.js';
import { commandOf } from '../../src/app/platform/process-list.io.js';

/** A number may have been given to another program meanwhile: its command line must still be the same. */
const started = new Map<number, string>();
let folder: string | undefined;
let keep = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined); // meant for the others

for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', value = ''] = line.split(' ');
  if (word === 'folder') folder = line.slice('folder '.length);
  else if (word === 'keep') keep = true;
  else if (word === 'pid') remember(Number(value));
}

for (const [pid, command] of started) if (commandOf(pid) === command) end(pid);
if (folder !== undefined && existsSync(folder)) {
  const cluster = join(folder, 'postgres');
  for (let round = 0; round < 20; round += 1) {
    const postmaster = readPostmasterFile(cluster)?.pid;
    const left = workersIn(cluster);
    if (postmaster !== undefined && serves(postmaster, cluster)) left.push(postmaster);
    if (left.length === 0) break;
    for (const pid of left) end(pid);
    await pause(100);
  }
  if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

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
