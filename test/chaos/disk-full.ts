// The program behind `npm run chaos -- --disk-full`: data, WAL, blobs, queue and logs on one small volume that runs
// full under load, is emptied again, and must then be as before without anybody's help. Mounting it needs root.
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { VIOLATIONS } from './check-history.js';
import { closeInstallation, openInstallation, untilReady, type Installation } from './installation.js';
import { Load } from './load.js';
import { checkInstallation, untilAllIsSigned } from './settle.js';

const VOLUME_MIB = 320;
/** What the ballast leaves to the load: a few seconds of WAL. */
const LEFT_MIB = 20;
const MIB = 2 ** 20;
/** No answer for so long means that the volume is full, or all but. */
const STANDSTILL_MS = 4_000;
const FILL_LIMIT_MS = 90_000;
/** The load fills the volume by itself; a slow machine is helped after this. */
const OWN_FILL_MS = 10_000;
const NEARLY_FULL_MIB = 8;
const FULL_FOR_MS = 5_000;
const RECOVERY_LIMIT_MS = 90_000;
/** After the recovery there must be work again, and not a trickle. */
const ANSWERS_AFTER = 500;

const say = (line: string): void => {
  console.log(line);
};
const base = mkdtempSync(join(tmpdir(), 'assay-disk-full-'));
const volume = join(base, 'volume');
const histories = join(base, 'histories');
const ballast = join(volume, 'ballast');
for (const folder of [volume, histories]) mkdirSync(folder);

let failed = true;
if (!mount()) {
  say('skipped: disk full: a small volume cannot be mounted here (it needs root)\n0 passed, 0 failed');
  failed = false;
} else {
  try {
    failed = await run();
  } catch (error) {
    console.error(error);
    say('0 passed, 1 failed');
  } finally {
    spawnSync('umount', ['-l', volume]);
  }
}
rmSync(base, { recursive: true, force: true, maxRetries: 5 });
process.exit(failed ? 1 : 0);

function mount(): boolean {
  const options = `size=${VOLUME_MIB}m,mode=0711`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'assay-chaos', volume]).status === 0;
}

async function run(): Promise<boolean> {
  const withRedis = spawnSync('redis-server', ['--version']).status === 0;
  const installation = await openInstallation(volume, withRedis);
  try {
    await untilReady(installation);
    return await fillAndEmpty(installation);
  } finally {
    rmSync(ballast, { force: true });
    await closeInstallation(installation);
  }
}

async function fillAndEmpty(installation: Installation): Promise<boolean> {
  const load = new Load(installation, { appenders: 2, slots: 50, clients: 2, folder: histories });
  await until(() => load.answered > 200, 'the load did not begin');
  writeBallast(freeMib() - LEFT_MIB);
  const fullAfter = await standstill(load);
  const answeredWhenFull = load.answered;
  say(
    `${answeredWhenFull} answers, then none: ${freeMib().toFixed(1)} MiB of ${VOLUME_MIB} free (${fullAfter})`,
  );
  takeTheRest();
  const ready = await fetch(`${installation.apiUrl}/health/ready`).catch(() => undefined);
  const health = ready === undefined ? 'no answer' : String(ready.status);
  await pause(FULL_FOR_MS);

  rmSync(ballast);
  const emptied = performance.now();
  await until(() => load.answered > answeredWhenFull, 'nothing was answered after there was space again');
  const firstAnswerMs = performance.now() - emptied;
  await until(() => load.answered > answeredWhenFull + ANSWERS_AFTER, 'the load did not come back');
  await untilReady(installation);
  const stuck = await load.stop();
  await untilAllIsSigned(installation.database.adminUrl);
  await load.stopWatching();

  const findings = await checkInstallation(installation.database.adminUrl, histories);
  say(`space again: first answer after ${(firstAnswerMs / 1000).toFixed(1)} s`);
  say(`acknowledged ${findings.acknowledged}, lost ${findings.counts.lost}, gaps ${findings.counts.gaps}`);
  say(
    `PostgreSQL ended by itself ${installation.postgres.crashes} times and was started again, as npm start does`,
  );
  say(`HTTP while full: readiness ${health}; attempts without an answer: ${shown(load.http.failures)}`);
  for (const example of findings.examples) say(`  ${example}`);
  const refusedToSign = installation.doors.integrator.crashes.includes('70');
  const claims: [string, boolean][] = [
    ...VIOLATIONS.map((name): [string, boolean] => [
      `${name}: ${findings.counts[name]}`,
      findings.counts[name] === 0,
    ]),
    ['every entry has its key and every job was done once', findings.accepted],
    ['every request got its answer in the end', stuck.length === 0 && load.http.refusals.length === 0],
    ['the volume was full, and nothing was answered meanwhile', answeredWhenFull > 0],
    ['the integrator signs on', !refusedToSign && load.watcher.unreadable.length === 0],
  ];
  for (const [claim, holds] of claims) say(`${holds ? 'ok    ' : 'FAILED'}  ${claim}`);
  const passed = claims.filter(([, holds]) => holds).length;
  say(`${[...stuck, ...load.http.refusals].join('\n')}\n${passed} passed, ${claims.length - passed} failed`);
  return passed < claims.length;
}

/** Takes the last bytes, again and again: a crash recovery gives some back, and answers would trickle on. */
function takeTheRest(): void {
  const file = openSync(ballast, 'a');
  try {
    for (const chunk of [Buffer.alloc(64 * 1024), Buffer.alloc(4096)])
      while (writeSync(file, chunk) === chunk.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** Written, not only promised: a sparse file takes no space. */
function writeBallast(mib: number): void {
  const file = openSync(ballast, 'w');
  const chunk = Buffer.alloc(MIB);
  for (let written = 0; written < mib; written += 1) writeSync(file, chunk);
  closeSync(file);
}

function freeMib(): number {
  const { bavail, bsize } = statfsSync(volume);
  return (bavail * bsize) / MIB;
}

async function standstill(load: Load): Promise<string> {
  const began = performance.now();
  for (let last = load.answered, since = began; ;) {
    const now = performance.now();
    if (now - began > OWN_FILL_MS || freeMib() < NEARLY_FULL_MIB) takeTheRest();
    if (load.answered > last) [last, since] = [load.answered, now];
    if (now - since > STANDSTILL_MS) return `after ${((since - began) / 1000).toFixed(1)} s`;
    if (now - began > FILL_LIMIT_MS) throw new Error(`still ${freeMib().toFixed(0)} MiB free`);
    await pause(100);
  }
}

async function until(holds: () => boolean, complaint: string): Promise<void> {
  const deadline = performance.now() + RECOVERY_LIMIT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(complaint);
    await pause(50);
  }
}

function shown(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? 'none' : [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}
