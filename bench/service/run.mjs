// npm run bench:service [-- --short] [-- --only policy,gate,batch,reads,overload,tracing] [-- --replicas 2] [-- --profile FOLDER]
//
// The whole service on this machine – API, worker, integrator, PostgreSQL with fsync – and beside it `opa run --server` with
// its decision log on. Both are asked by the same load generator, which shares the machine, in rounds that alternate.
// What a decision of ours is and the rival's is not: signed, in the ledger, on the disk before it is answered.
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { obtainOpa } from '../../scripts/obtain-opa.mjs';
import { ensureBuilt, ensureInstalled } from '../../scripts/prepare.mjs';
import { Report } from '../support/report.mjs';

const ROOT = join(import.meta.dirname, '../..');
await ensureInstalled(ROOT);
await ensureBuilt(ROOT, { checked: false });
const { path: opa } = await obtainOpa({
  root: ROOT,
  dataDir: process.env.ASSAY_DATA_DIR ?? '.assay',
  log: () => undefined,
});
if (!opa) throw new Error('the bench needs OPA: set ASSAY_OPA, or install Go');
const { startInstallation } = await import('./installation.mjs');
const { startRival } = await import('./rival.mjs');
const { firstArtefact } = await import('./artefacts.mjs');

const option = (name) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const short = process.argv.includes('--short');
const only = option('--only')?.split(',');
const profile = option('--profile');
if (profile) mkdirSync(profile, { recursive: true });
const load = () => loadavg()[0].toFixed(1);
const report = new Report();
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${load()}${short ? ', short mode' : ''}`,
);

const CASES = {
  policy: async () => (await import('./policy.mjs')).policyQuestions,
  gate: async () => (await import('./gate.mjs')).gateDecisions,
  batch: async () => (await import('./gate.mjs')).batchedDecisions,
  overload: async () => (await import('./overload.mjs')).overload,
  reads: async () => (await import('./reads.mjs')).reads,
  tracing: async () => (await import('./tracing.mjs')).tracingCost,
};
const unknown = (only ?? []).filter((name) => !(name in CASES));
if (unknown.length > 0)
  throw new Error(`no such case: ${unknown.join(', ')}; there are ${Object.keys(CASES).join(', ')}`);

const rival = await startRival(opa);
const generator = fork(join(import.meta.dirname, 'load.mjs'), { execArgv: [] });
const heard = () =>
  new Promise((done, fail) => {
    generator.once('message', done);
    generator.once('exit', (code) => fail(new Error(`the load generator ended with ${code}`)));
  });
let service;
try {
  await heard();
  service = await startInstallation({
    opa,
    replicas: Number(option('--replicas') ?? 1),
    ...(profile && { profile: resolve(profile) }),
    log: (text) => report.note(text),
  });
  const { rows } = await service.admin.query(
    `SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) AS text FROM pg_settings
      WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')`,
  );
  report.note(`PostgreSQL: ${rows[0].text}; API processes under load: ${service.targets.length}`);
  report.note(
    'Tracing is off, as it is by default, but in the case `tracing`; the request log and metrics are on, also by default',
  );
  const bench = {
    ...{ report, short, service, rival, load, generatorPid: generator.pid },
    artefacts: { next: 0, of: await firstArtefact(service) },
    /** One round of the load generator. */
    ask: (order) => {
      generator.removeAllListeners('message').removeAllListeners('exit');
      const answer = heard();
      generator.send({ kind: 'closed', targets: service.targets, token: service.tokens.service, ...order });
      return answer;
    },
  };
  for (const [name, load] of Object.entries(CASES))
    if (!only || only.includes(name)) await (await load())(bench);
} finally {
  generator.kill('SIGKILL');
  rival.close();
  await service?.close();
}
report.end();
