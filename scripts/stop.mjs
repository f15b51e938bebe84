// node scripts/stop.mjs: what Ctrl-C does, from another terminal. Waits until everything has ended.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 30_000;
const dataDir = process.env.ASSAY_DATA_DIR || join(import.meta.dirname, '..', '.assay');

/** The lock is there from the first moment of a start, run.json only when everything is ready. */
function startPid() {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'start.lock'), 'utf8')).pid;
  } catch {
    return undefined;
  }
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const pid = startPid();
if (pid === undefined || !signal(pid, 'SIGTERM')) {
  console.log(`nothing runs with its data in ${dataDir}`);
} else {
  const deadline = performance.now() + LIMIT_MS;
  while (signal(pid, 0) && performance.now() < deadline) await sleep(50);
  const stopped = !signal(pid, 0);
  console.log(stopped ? 'stopped' : `process ${pid} has not ended after ${LIMIT_MS / 1000} s`);
  process.exitCode = stopped ? 0 : 1;
}
