// npm run chaos [-- --long | --seed N --kills N --answers N …]: kills PostgreSQL, Redis, API, worker and integrator at
// random moments under load, and holds the ledger against a recorded history. test/chaos/run.ts is the program;
// this compiles it, for it stands on the same dist/ as the doors. Ends with the plain line `N passed, M failed`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, compileFolder } from './build.mjs';
import { obtainOpa } from './obtain-opa.mjs';

const ROOT = join(import.meta.dirname, '..');
const [mode, ...rest] = process.argv.slice(2);
const program = mode === '--disk-full' ? 'disk-full.js' : 'run.js';
const args = mode === '--disk-full' ? rest : process.argv.slice(2);

await build(ROOT, { checked: false });
await compileFolder(ROOT, 'test/chaos');
// The demo's policies must be compiled before anything can be judged.
const opa = await obtainOpa({ root: ROOT, dataDir: '.assay', log: console.log });
if (opa.path) process.env.ASSAY_OPA = opa.path;
const child = spawn(
  process.execPath,
  ['--enable-source-maps', join(ROOT, 'dist/test/chaos', program), ...args],
  { stdio: 'inherit' },
);
child.once('exit', (code) => (process.exitCode = code ?? 1));
