// The program behind `npm run chaos`; scripts/chaos.mjs compiles it and starts it.
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPlatform } from '../../src/app/platform/platform.js';
import { Secret } from '../../src/app/platform/secret.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { VIOLATIONS } from './history.js';
import { guard, keepFolder } from './guarded.js';
import { closeInstallation, openInstallation, untilReady, type Installation } from './installation.js';
import { killWhileMakingAPack, type KilledPack } from './kill-in-pack.js';
import { killAtRandom, type Target } from './kills.js';
import { Load } from './load.js';
import { checkInstallation, untilAllIsSigned, type Findings } from './settle.js';

const SHORT = {
  kills: '20',
  answers: '0',
  appenders: '2',
  slots: '50',
  clients: '3',
  pause: '2500',
  rest: '200',
};
const LONG = {
  kills: '500',
  answers: '10000000',
  appenders: '2',
  slots: '1000',
  clients: '2',
  pause: '2500',
  rest: '0',
};
/** `assay ledger verify` recomputes every signature, and a pack holds every leaf: minutes for millions. The checker's tree covers all in any case. */
const VERIFY_UP_TO = 400_000;

const { values: given } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    kills: { type: 'string' },
    answers: { type: 'string' },
    appenders: { type: 'string' },
    slots: { type: 'string' },
    clients: { type: 'string' },
    pause: { type: 'string' },
    rest: { type: 'string' },
    /** Where the installation goes; the histories stay in the temporary folder. */
    data: { type: 'string' },
    /** Shell command after each kill of all of PostgreSQL, before it is started again: a power cut (docs/chaos.md). */
    cut: { type: 'string' },
  },
});
const preset = given.long ? LONG : SHORT;
const number = (name: keyof typeof SHORT): number => Number(given[name] ?? preset[name]);
const say = (line: string): void => {
  console.log(line);
};

interface Result {
  readonly claims: readonly (readonly [claim: string, holds: boolean, found: string])[];
}

/** In the long mode the worker does not verify beside the load: after each of its deaths it would begin anew. */
const LONG_ENVIRONMENT = { ASSAY_VERIFY_SECONDS: '86400', ASSAY_VERIFY_FULL_SECONDS: '2592000' };
const PROGRESS_EVERY_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'assay-chaos-'));
chmodSync(folder, 0o711); // PostgreSQL runs as another user when we are root
const dataDir = given.data === undefined ? folder : mkdtempSync(join(given.data, 'assay-chaos-'));
chmodSync(dataDir, 0o711);
guard({ data: dataDir, remove: folder });
if (given.keep) keepFolder();
// Ctrl-C ends the long mode early: what has been answered by then is checked. A second one, or any in the short, ends it now.
const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!given.long || enough.signal.aborted) process.exit(130); // the guard clears up
    say('ending early; checking what has been answered');
    enough.abort();
  });
const began = performance.now();
let failed = true;
try {
  const { claims } = await run();
  say('');
  for (const [claim, holds, found] of claims) say(`${holds ? 'ok    ' : 'FAILED'}  ${claim}: ${found}`);
  const passed = claims.filter(([, holds]) => holds).length;
  failed = passed < claims.length;
  say(`\nafter ${seconds(began)}\n${passed} passed, ${claims.length - passed} failed`);
} catch (error) {
  console.error(error);
  say('0 passed, 1 failed');
} finally {
  if (failed || given.keep) {
    keepFolder();
    say(`kept for you: ${folder}`);
  } else
    for (const each of new Set([folder, dataDir]))
      rmSync(each, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(failed ? 1 : 0);

async function run(): Promise<Result> {
  const withRedis = spawnSync('redis-server', ['--version']).status === 0;
  say(`seed ${given.seed} (repeat the choices with: npm run chaos -- --seed ${given.seed})`);
  if (!withRedis) say('no redis-server here: the queues are in PostgreSQL, and its kills are the worker’s');
  const installation = await openInstallation(dataDir, withRedis, given.long ? LONG_ENVIRONMENT : {});
  try {
    await untilReady(installation);
    say(
      `installation ready after ${seconds(began)}: PostgreSQL with fsync, ${withRedis ? 'Redis, ' : ''}API, worker, integrator`,
    );
    return await torment(installation);
  } finally {
    await closeInstallation(installation);
  }
}

async function torment(installation: Installation): Promise<Result> {
  const options = {
    appenders: number('appenders'),
    slots: number('slots'),
    restMs: number('rest'),
    clients: number('clients'),
    folder,
  };
  const load = new Load(installation, options);
  const loadBegan = performance.now();
  const progress = setInterval(() => {
    tellProgress(load, loadBegan);
  }, PROGRESS_EVERY_MS);
  const kills = await killAtRandom(installation, load, {
    seed: Number(given.seed),
    kills: number('kills'),
    answers: number('answers'),
    longestPauseMs: number('pause'),
    signal: enough.signal,
    ...(given.cut === undefined ? {} : { cut: given.cut }),
    say,
  });
  clearInterval(progress);
  await untilReady(installation);
  const lastedMs = performance.now() - loadBegan;
  const stuck = await load.stop();
  const { adminUrl } = installation.database;
  await untilAllIsSigned(adminUrl);
  const pack = load.answered <= VERIFY_UP_TO ? await killWhileMakingAPack(installation, folder) : undefined;
  await untilAllIsSigned(adminUrl);
  await new Promise((resolve) => setTimeout(resolve, 500)); // the watcher sees the last one too
  await load.stopWatching();
  say(`load ended after ${(lastedMs / 1000).toFixed(0)} s; checking`);
  const checkBegan = performance.now();
  const findings = await checkInstallation(adminUrl, folder);
  const peakMib = process.resourceUsage().maxRSS / 1024;
  say(
    `checked ${findings.entries} entries against ${findings.answers} answers in ${seconds(checkBegan)}, ${peakMib.toFixed(0)} MiB at most`,
  );
  const verified = findings.entries <= VERIFY_UP_TO ? await verify(installation) : undefined;
  report(installation, load, { findings, kills, lastedMs });
  return { claims: claimsOf({ findings, stuck, load, installation, verified, pack }) };
}

function tellProgress(load: Load, since: number): void {
  const lasted = (performance.now() - since) / 1000;
  const { bavail, bsize } = statfsSync(folder);
  say(
    `  ${lasted.toFixed(0)} s: ${load.answered} answers, ${(load.answered / lasted).toFixed(0)}/s; ${((bavail * bsize) / 1e9).toFixed(1)} GB free`,
  );
}

function report(
  { postgres, doors, redis }: Installation,
  load: Load,
  { findings, kills, lastedMs }: { findings: Findings; kills: Map<Target, number>; lastedMs: number },
): void {
  const sum = [...kills.values()].reduce((total, count) => total + count, 0);
  say(`\nkills            ${sum}: ${[...kills].map(([name, count]) => `${count} ${name}`).join(', ')}`);
  const { counts } = findings;
  say(
    `acknowledged     ${findings.acknowledged} (${(findings.answers / (lastedMs / 1000)).toFixed(0)} answers/s over the kills)`,
  );
  say(`lost             ${counts.lost}`);
  say(`duplicated       ${counts.duplicated}`);
  say(`gaps             ${counts.gaps}`);
  say(`answer lost      ${load.recovered}: durable all the same, and found again by a retry`);
  say(`never answered   ${findings.durableUnacknowledged} durable, ${findings.neverDurable} not`);
  say(`checkpoints seen ${findings.checkpoints}`);
  say(`HTTP             ${load.http.answered} answers; attempts without one: ${shown(load.http.failures)}`);
  for (const [name, { outagesMs }] of Object.entries({ postgres, ...doors, ...(redis ? { redis } : {}) }))
    if (outagesMs.length > 0) say(`back after       ${name}: ${spread(outagesMs)}`);
  const failedStarts = Object.values(doors).reduce((total, door) => total + door.failedStarts, 0);
  say(
    `failed starts    ${failedStarts} of doors, ${postgres.failedStarts} of PostgreSQL, each made good by the next`,
  );
  for (const example of findings.examples) say(`  ${example}`);
}

function claimsOf(all: {
  readonly findings: Findings;
  readonly stuck: readonly string[];
  readonly load: Load;
  readonly installation: Installation;
  readonly verified: readonly string[] | undefined;
  readonly pack: KilledPack | undefined;
}): Result['claims'] {
  const { findings, stuck, load, installation, verified, pack } = all;
  const { doors, postgres } = installation;
  const kept = [...Object.values(doors), ...load.appenders];
  const crashes = kept.flatMap(({ name, crashes: each }) => each.map((how) => `${name} ${how}`));
  const none = (list: readonly string[]): readonly [boolean, string] => [
    list.length === 0,
    list.length === 0 ? 'none' : list.join('; '),
  ];
  return [
    ...VIOLATIONS.map((name) => [name, findings.counts[name] === 0, String(findings.counts[name])] as const),
    ['idempotency records without an entry', findings.orphanKeys === 0, String(findings.orphanKeys)],
    ['jobs not done exactly once', findings.jobsAmiss === 0, String(findings.jobsAmiss)],
    ['answered', findings.answers >= number('answers'), String(findings.answers)],
    ['requests that never got their answer', ...none([...stuck, ...load.http.refusals])],
    ['checkpoints not signed by the log', ...none(load.watcher.unreadable)],
    ['processes that died of another’s death', ...none(crashes)],
    ['PostgreSQL ended by itself', postgres.crashes === 0, String(postgres.crashes)],
    ...(pack === undefined ? [] : [packClaim(pack)]),
    ...(verified === undefined ? [] : [['assay ledger verify', ...none(verified)] as const]),
  ];
}

function packClaim({
  killsInTheMiddle,
  recorded,
  madeAfterMs,
  complaints,
}: KilledPack): Result['claims'][number] {
  const found = `worker killed ${killsInTheMiddle} times meanwhile, made after ${(madeAfterMs / 1000).toFixed(1)} s, recorded ${recorded} times, verifier ${complaints || 'accepts'}`;
  return [
    'a pack whose maker was killed',
    killsInTheMiddle > 0 && recorded === 1 && complaints === '',
    found,
  ];
}

/** The product's own verifier: signatures, personal fields, and every domain row and blob beside the entries. */
async function verify({ config, database }: Installation): Promise<readonly string[]> {
  const serviceDatabaseUrl = new Secret(database.serviceUrl);
  const platform = await openPlatform({ ...config, serviceDatabaseUrl, logLevel: 'silent' }, 'cli');
  try {
    const start = performance.now();
    const verdict = await verifyLedger(platform);
    say(`assay ledger verify took ${seconds(start)}`);
    return verdict.accepted ? [] : [JSON.stringify(verdict.findings.slice(0, 5))];
  } finally {
    await platform.close();
  }
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)]! / 1000).toFixed(2);
  return `p50 ${at(0.5)} s, max ${at(1)} s (${sorted.length})`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function shown(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? 'none' : [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}
