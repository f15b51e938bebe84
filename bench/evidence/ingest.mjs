// npm run bench:evidence [-- --short]: a large SARIF file through a real installation, over HTTP, to a verdict.
//
// Starts an installation of its own (npm start: embedded PostgreSQL, API, worker, integrator) in a temporary
// folder, uploads a file of a million findings (some 500 MB; --short: 50,000), waits until a worker has
// normalised it, asks a gate about it, and does it again with 1 % of the source files changed: next to each other,
// scattered, and in parts of which one has changed. Prints times, the peak memory of each process, and the bytes
// that were stored. The rival, in the same run: JSON.parse of the whole file.
//
// `--findings 200000`: so many instead. `--first`: only the first upload. Of a busy machine the seconds of CPU tell
// more than those of the clock; they are of each door, once uploaded and once normalised.
import { spawn, execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, expectMember, findInstallation } from '../../scripts/demo/client.mjs';
import { EVALUATE, REGISTER } from '../../scripts/demo/operations.mjs';
import { atMost, Report } from '../support/report.mjs';
import { writeSarif } from './make-sarif.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const isShort = process.argv.includes('--short');
const asked = process.argv.indexOf('--findings');
const FINDINGS = asked > 0 ? Number(process.argv[asked + 1]) : isShort ? 50_000 : 1_000_000;
const isWhole = FINDINGS === 1_000_000;
const PARTS = 20;
const MB = 1e6;

const STATES = `query ($digest: String!) { artefact(digest: $digest) { evidence { state reasons { code } } } }`;

const folder = await mkdtemp(join(tmpdir(), 'assay-ingest-'));
const dataDir = join(folder, 'data');
const report = new Report();
let installation;
try {
  console.log(
    `${FINDINGS.toLocaleString('en-US')} findings; load average before: ${loadavg()[0].toFixed(1)}`,
  );
  const file = join(folder, 'large.sarif');
  await writeSarif(file, { findings: FINDINGS });
  const { size } = await stat(file);
  installation = await start();
  const client = new Client(installation.url, installation.tokens.service);

  report.section(`A file of ${(size / MB).toFixed(0)} MB`);
  await rival(file, size);
  const first = await ingest(client, file, 'first time');
  const target = isWhole ? atMost(first.seconds, 60, ' s') : undefined;
  report.line(
    'uploaded and normalised',
    { s: first.seconds, 'of these upload': first.upload, 's of CPU': first.cpu },
    target,
  );
  for (const [what, doors] of [
    ['upload', first.uploadCpu],
    ['the rest', first.restCpu],
  ])
    report.line(`seconds of CPU, ${what}`, doors);
  report.line('stored', { 'MB of evidence': size / MB, 'MB of pages': (first.stored - size) / MB });
  for (const [door, rss] of installation.peaks())
    report.line(
      `peak memory, ${door}`,
      { MB: rss },
      /api|worker/.test(door) ? atMost(rss, 512, ' MB') : undefined,
    );
  const decision = await judge(client, first.artefact);
  report.line('a gate judged it', {
    s: decision.seconds,
    verdict: decision.verdict,
    violations: decision.violations,
  });

  if (!process.argv.includes('--first')) await again(client, file);
  report.note(`load average after: ${loadavg()[0].toFixed(1)}`);
  report.end();
} finally {
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
}

/** With few changes. */
async function again(client, file) {
  report.section('1 % of the source files changed');
  for (const where of ['together', 'scattered']) {
    await writeSarif(file, { findings: FINDINGS, changed: 0.01, where });
    const next = await ingest(client, file, where);
    const { size: changed } = await stat(file);
    report.line(`whole file again, ${where}`, {
      s: next.seconds,
      'MB of evidence': changed / MB,
      'MB of new pages': (next.stored - changed) / MB,
    });
  }
  await inParts(client);
}

/** What most tools do; in a process of its own, so that its memory can be seen. */
async function rival(file, size) {
  const script = `
    const { readFileSync } = require('node:fs');
    const start = performance.now();
    let found;
    try {
      const log = JSON.parse(readFileSync(process.argv[1], 'utf8'));
      found = log.runs.reduce((sum, run) => sum + run.results.length, 0);
    } catch (error) { found = error.message; }
    const rss = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, rss, found }));`;
  const output = execFileSync(process.execPath, ['--max-old-space-size=8192', '-e', script, file], {
    env: { PATH: process.env.PATH },
  });
  const { seconds, rss, found } = JSON.parse(output.toString());
  report.line('rival: JSON.parse of the whole, nothing else', {
    s: seconds,
    'MB of memory': rss,
    found,
    'file MB': size / MB,
  });
}

/** Uploads and waits until a worker is done; what grew in the blob store is what it cost. */
async function ingest(client, file, name) {
  const artefact = await register(client);
  const before = await storedBytes();
  const cpuBefore = installation.cpu();
  const start = performance.now();
  await upload(client, createReadStream(file), artefact, { source: `bench/${name.replaceAll(' ', '-')}` });
  const uploaded = performance.now();
  const cpuUploaded = installation.cpu();
  await normalised(client, artefact, 1);
  const cpuAfter = installation.cpu();
  return {
    artefact,
    seconds: (performance.now() - start) / 1000,
    upload: (uploaded - start) / 1000,
    cpu: total(cpuAfter) - total(cpuBefore),
    uploadCpu: difference(cpuUploaded, cpuBefore),
    restCpu: difference(cpuAfter, cpuUploaded),
    stored: (await storedBytes()) - before,
  };
}

/** The same findings as a set: parts at the same time, then again with one part changed and the others named. */
async function inParts(client) {
  report.section(`The same in ${PARTS} parts`);
  const files = await Promise.all(
    Array.from({ length: PARTS }, async (_, at) => {
      const file = join(folder, `part-${at}.sarif`);
      await writeSarif(file, { findings: FINDINGS / PARTS, seed: at });
      return file;
    }),
  );
  const digests = [];
  for (const [name, changedPart] of [
    ['all parts', undefined],
    ['one part changed, the others named', 7],
  ]) {
    if (changedPart !== undefined)
      await writeSarif(files[changedPart], { findings: FINDINGS / PARTS, seed: changedPart, changed: 0.2 });
    const artefact = await register(client);
    const before = await storedBytes();
    const start = performance.now();
    await inTurn(files, 4, async (file, at) => {
      const same = changedPart === undefined || at === changedPart ? undefined : digests[at];
      const about = { set: 'sast', part: String(at + 1), of: String(PARTS), ...(same && { sameAs: same }) };
      const receipt = await upload(client, same ? '' : createReadStream(file), artefact, about);
      digests[at] ??= receipt.digest;
    });
    await normalised(client, artefact, PARTS);
    const seconds = (performance.now() - start) / 1000;
    report.line(name, { s: seconds, 'MB stored': ((await storedBytes()) - before) / MB });
    const { verdict, violations } = await judge(client, artefact);
    report.line('judged as one', { verdict, violations });
  }
}

async function inTurn(items, atOnce, each) {
  const waiting = [...items.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await each(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function register(client) {
  const digest = `sha256:${randomBytes(32).toString('hex')}`;
  const input = {
    project: 'shop',
    artId: 'ART_MONOREPO',
    name: 'A monorepo',
    digest,
    idempotencyKey: randomUUID(),
  };
  const { registerArtefact } = await client.query(REGISTER, { input });
  expectMember(registerArtefact, 'ArtefactVersion');
  return { artId: input.artId, digest };
}

async function upload(client, body, artefact, about) {
  const parameters = new URLSearchParams({ ...artefact, source: 'bench/ingest', ...about });
  const response = await fetch(`${client.url}/evidence?${parameters}`, {
    method: 'POST',
    headers: { 'idempotency-key': randomUUID(), authorization: `Bearer ${client.token}` },
    body,
    ...(typeof body !== 'string' && { duplex: 'half' }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`upload refused (${response.status}): ${JSON.stringify(answer)}`);
  return answer;
}

async function normalised(client, artefact, count) {
  for (;;) {
    const { artefact: found } = await client.query(STATES, { digest: artefact.digest });
    const done = found.evidence.filter(({ state }) => state !== 'RECEIVED');
    const bad = done.find(({ state }) => state !== 'COMPLETE');
    if (bad) throw new Error(`not complete: ${JSON.stringify(bad)}`);
    if (done.length === count) return;
    await pause(100);
  }
}

async function judge(client, artefact) {
  const start = performance.now();
  const input = { gateId: 'GATE_RELEASE', ...artefact, waitMs: 0, idempotencyKey: randomUUID() };
  const { evaluateGate } = await client.query(EVALUATE, { input });
  const decision = expectMember(evaluateGate, 'Decision');
  const seconds = (performance.now() - start) / 1000;
  const violations = decision.rules.reduce((sum, rule) => sum + rule.violations.length, 0);
  return { verdict: decision.verdict, violations, seconds };
}

async function storedBytes(path = join(dataDir, 'blobs')) {
  let sum = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []))
    if (entry.isFile())
      sum += (await stat(join(entry.parentPath ?? entry.path, entry.name)).catch(() => ({ size: 0 }))).size;
  return sum;
}

async function start() {
  const env = {
    ...process.env,
    ASSAY_DATA_DIR: dataDir,
    ASSAY_PORT: String(await freePort()),
    ASSAY_LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs')], {
    cwd: ROOT,
    env,
    stdio: 'ignore',
  });
  const doors = new Map();
  const sampler = setInterval(() => sample(child.pid, doors), 500);
  const stop = async () => {
    clearInterval(sampler);
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  try {
    for (let tried = 0; tried < 1200; tried += 1) {
      if (child.exitCode !== null) throw new Error('npm start ended');
      const found = await ready();
      if (found)
        return {
          ...found,
          stop,
          peaks: () =>
            [...doors].flatMap(([name, { rss }]) => (name === 'postgres' ? [] : [[name, rss]])).sort(),
          cpu: () => cpuOf(child.pid, doors),
        };
      await pause(250);
    }
    throw new Error('npm start was not ready after five minutes');
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready() {
  try {
    const found = findInstallation(dataDir);
    return (await fetch(`${found.url}/health/ready`)).ok ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Memory and CPU of the doors and of PostgreSQL, which all come from `npm start`. Of PostgreSQL no memory: its processes
 * share most of theirs. A process that has ended keeps what it was last seen to have taken.
 */
function sample(parent, doors) {
  const processes = new Map();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,args=']).toString().split('\n')) {
    const [, pid, ppid, rss, time, args] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid) processes.set(Number(pid), { ppid: Number(ppid), rss: Number(rss) / 1024, time, args });
  }
  for (const [pid, { rss, time, args }] of processes) {
    const name = nameOf(args);
    if (!name || !comesFrom(pid, parent, processes)) continue;
    const known = doors.get(name) ?? { rss: 0, seconds: new Map() };
    doors.set(name, known);
    if (name !== 'postgres') known.rss = Math.max(known.rss, rss);
    known.seconds.set(pid, secondsOf(time));
  }
}

function nameOf(args) {
  if (/^(?:\S*\/)?postgres(?:[: ]|$)/.test(args)) return 'postgres';
  const door = /dist\/src\/(main|worker|integrator)\.js/.exec(args)?.[1];
  return door === 'main' ? 'api' : door;
}

function comesFrom(pid, ancestor, processes) {
  let at = processes.get(pid)?.ppid;
  while (at !== undefined && at !== ancestor) at = processes.get(at)?.ppid;
  return at === ancestor;
}

/** Seconds of CPU of each, now. */
function cpuOf(parent, doors) {
  sample(parent, doors);
  const sum = (seconds) => [...seconds.values()].reduce((total, each) => total + each, 0);
  return Object.fromEntries([...doors].map(([name, { seconds }]) => [name, sum(seconds)]).sort());
}

/** Of all together: what a machine that does nothing else would need, were there one core. */
function total(cpu) {
  return Object.values(cpu).reduce((sum, each) => sum + each, 0);
}

function difference(after, before) {
  return Object.fromEntries(Object.entries(after).map(([name, cpu]) => [name, cpu - (before[name] ?? 0)]));
}

/** As ps writes it: [[days-]hours:]minutes:seconds. A declaration, because the program above runs before this line. */
function secondsOf(time) {
  return time
    .split(/[-:]/)
    .reverse()
    .reduce((sum, part, at) => sum + Number(part) * [1, 60, 3600, 86_400][at], 0);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
