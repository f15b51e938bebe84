// npm run bench:engine [-- --short] [-- --only inside,hop,many,threads,levers,memory,authoring]
//
// Medians and ratios, all rivals in one run. What a figure means stands above it; nothing here is a test.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { obtainOpa } from '../../scripts/obtain-opa.mjs';
import { ensureBuilt, ensureInstalled } from '../../scripts/prepare.mjs';
import { Report } from '../support/report.mjs';

const ROOT = join(import.meta.dirname, '../..');
await ensureInstalled(ROOT);
await ensureBuilt(ROOT, { checked: false });
const dataDir = process.env.ASSAY_DATA_DIR ?? '.assay';
const { path: opa } = await obtainOpa({ root: ROOT, dataDir, log: () => undefined });
if (!opa) throw new Error('the benches need OPA: set ASSAY_OPA, or install Go');

const short = process.argv.includes('--short');
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined;
const report = new Report();
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}${short ? ', short mode' : ''}`,
);

const CASES = {
  inside: async () => (await import('./inside-the-worker.mjs')).insideTheWorker,
  hop: async () => (await import('./hop.mjs')).hop,
  many: async () => (await import('./many-policies.mjs')).manyPolicies,
  threads: async () => (await import('./threads.mjs')).threads,
  levers: async () => (await import('./levers.mjs')).levers,
  authoring: async () => (await import('./check.mjs')).authoring,
  memory: async () => (await import('./steady-memory.mjs')).steadyMemory,
};
for (const [name, load] of Object.entries(CASES))
  if (!only || only.includes(name)) await (await load())({ opa, report, short });
report.end();
