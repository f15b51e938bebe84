// The program behind `npm run chaos -- --disk-full`: data, WAL, blobs, queue and logs on one small volume that runs
// full under load, is emptied again, and must then be as before without anybody's help. Mounting it needs root.
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { VIOLATIONS } from './history.js';
import { guard } from './guarded.js';
import { closeInstallation, openInstallation, query, untilReady, type Installation } from './installation.js';
import { Load } from './load.js';
import { checkInstallation, untilAllIsSigned } from './settle.js';

const VOLUME_MIB = 400;
/** Below it the API refuses work before it begins. The default would be more than the volume has. */
const MIN_FREE_BYTES = 4 * 2 ** 20;
/** What the ballast leaves to the load: a few seconds of WAL. */
const LEFT_MIB = 20;
const MIB = 2 ** 20;
/** No answer for so long means that the volume is full, or all but. */
const STANDSTILL_MS = 4_000;
const FILL_LIMIT_MS = 300_000;
/** The load fills the volume by itself; a slow machine is helped after this. */
const OWN_FILL_MS = 10_000;
const NEARLY_FULL_MIB = 8;
const FULL_FOR_MS = 8_000;
/** A megabyte of WAL that stands for nothing. */
const WAL_FILLER = "SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 1048576), true)";
const RECOVERY_LIMIT_MS = 300_000;
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

guard({ data: volume, remove: base, mounted: volume });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
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
  const installation = await openInstallation(volume, withRedis, {
    ASSAY_MIN_FREE_DISK_BYTES: String(MIN_FREE_BYTES),
  });
  try {
    await untilReady(installation);
    return await fillTwice(installation);
  } finally {
    rmSync(ballast, { force: true });
    await closeInstallation(installation);
  }
}

interface Filled {
  /** Answers until then, after which there was none. */
  readonly answered: number;
  readonly readiness: string;
  /** Ends of PostgreSQL while it was full, and starts of it that failed. */
  readonly ends: number;
  readonly failedStarts: number;
  readonly backMs: number;
}

async function fillTwice(installation: Installation): Promise<boolean> {
  const load = new Load(installation, { appenders: 2, slots: 50, restMs: 0, clients: 2, folder: histories });
  await until(() => load.answered > 200, 'the load did not begin');
  const tables = await fillAndEmpty('tables', installation, load);
  const wal = await fillAndEmpty('WAL', installation, load);
  const stuck = await load.stop();
  await untilAllIsSigned(installation.database.adminUrl);
  await load.stopWatching();

  const findings = await checkInstallation(installation.database.adminUrl, histories);
  say(`acknowledged ${findings.acknowledged}, lost ${findings.counts.lost}, gaps ${findings.counts.gaps}`);
  say(`HTTP attempts without an answer: ${shown(load.http.failures)}`);
  const refused = load.appenders.filter((each) => each.log().includes('No space left on device')).length;
  for (const example of findings.examples) say(`  ${example}`);
  const doors = [...Object.values(installation.doors), ...load.appenders];
  const crashes = doors.flatMap(({ name, crashes: each }) => each.map((how) => `${name} ${how}`));
  const claims: [string, boolean][] = [
    ...VIOLATIONS.map((name): [string, boolean] => [
      `${name}: ${findings.counts[name]}`,
      findings.counts[name] === 0,
    ]),
    ['every entry has its key and every job was done once', findings.accepted],
    ['every request got its answer in the end', stuck.length === 0 && load.http.refusals.length === 0],
    [`no door ended: ${crashes.join('; ') || 'none'}`, crashes.length === 0],
    ['HTTP was refused as STORAGE_LOW', (load.http.failures.get('STORAGE_LOW') ?? 0) > 0],
    ['appends were refused by PostgreSQL for want of space', tables.answered > 0 && refused > 0],
    ['without room for WAL PostgreSQL ended, and came back by itself', wal.ends > 0],
    ['every checkpoint was signed by the log', load.watcher.unreadable.length === 0],
  ];
  for (const [claim, holds] of claims) say(`${holds ? 'ok    ' : 'FAILED'}  ${claim}`);
  for (const each of doors) if (each.crashes.length > 0) say(`--- ${each.name}\n${each.logTail()}`);
  const passed = claims.filter(([, holds]) => holds).length;
  for (const each of [...stuck, ...load.http.refusals]) say(each);
  say(`\n${passed} passed, ${claims.length - passed} failed`);
  return passed < claims.length;
}

/** Until nothing is answered any more; for the WAL, until PostgreSQL has ended. Then there is room again. */
async function fillAndEmpty(what: 'tables' | 'WAL', installation: Installation, load: Load): Promise<Filled> {
  const { postgres, database, apiUrl } = installation;
  const [ends, failedStarts] = [postgres.crashes, postgres.failedStarts];
  writeBallast(freeMib() - LEFT_MIB);
  await standstill(load);
  takeTheRest();
  if (what === 'WAL') {
    // Until the segments at hand are used up: the next one cannot be made.
    for (let mib = 0; mib < VOLUME_MIB && postgres.crashes === ends; mib += 1)
      await query(database.adminUrl, WAL_FILLER).catch(() => pause(100));
  }
  await pause(FULL_FOR_MS);
  const answered = load.answered;
  const ready = await fetch(`${apiUrl}/health/ready`).catch(() => undefined);
  const readiness = ready === undefined ? 'no answer' : String(ready.status);
  const free = freeMib().toFixed(1);

  rmSync(ballast);
  const emptied = performance.now();
  await until(() => load.answered > answered, 'nothing was answered after there was space again');
  const backMs = performance.now() - emptied;
  await until(() => load.answered > answered + ANSWERS_AFTER, 'the load did not come back');
  await untilReady(installation);
  const filled = {
    answered,
    readiness,
    ends: postgres.crashes - ends,
    failedStarts: postgres.failedStarts - failedStarts,
    backMs,
  };
  say(
    `${what} full (${free} MiB free): ${answered} answers until then; readiness ${readiness}; PostgreSQL ended ` +
      `${filled.ends} times, ${filled.failedStarts} starts failed; first answer ${(backMs / 1000).toFixed(1)} s after there was space`,
  );
  return filled;
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

async function standstill(load: Load): Promise<void> {
  const began = performance.now();
  for (let last = load.answered, since = began; ;) {
    const now = performance.now();
    if (now - began > OWN_FILL_MS || freeMib() < NEARLY_FULL_MIB) takeTheRest();
    if (load.answered > last) [last, since] = [load.answered, now];
    if (now - since > STANDSTILL_MS) return;
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
