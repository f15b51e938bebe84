// npm run chaos [-- --long | --disk-full | --seed N --kills N --answers N …]: kills PostgreSQL, Redis, API, worker and
// integrator at random moments under load, or fills their disk, and holds the ledger against a recorded history.
// test/chaos/run.ts is the program; this compiles it, for it stands on the same dist/ as the doors. Ends with the
// plain line `N passed, M failed`.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, compileFolder } from './build.mjs';
import { obtainOpa } from './obtain-opa.mjs';

const ROOT = join(import.meta.dirname, '..');
const diskFull = process.argv.includes('--disk-full');
const args = process.argv.slice(2).filter((arg) => arg !== '--disk-full');

// A name space of its own, where mounting needs one: the volume is gone with the last process that sees it.
const unshare = ['unshare', '--mount', '--propagation', 'private', '--'];
if (diskFull && spawnSync(unshare[0], [...unshare.slice(1), 'true']).status !== 0) {
  console.log('skipped: disk full: a small volume cannot be mounted here (it needs root and Linux)');
  console.log('0 passed, 0 failed');
  process.exit();
}

await build(ROOT, { checked: false });
await compileFolder(ROOT, 'test/chaos');
// The demo's policies must be compiled before anything can be judged.
const opa = await obtainOpa({ root: ROOT, dataDir: '.assay', log: console.log });
if (opa.path) process.env.ASSAY_OPA = opa.path;
const program = join(ROOT, 'dist/test/chaos', diskFull ? 'disk-full.js' : 'run.js');
const [command, ...words] = [
  ...(diskFull ? unshare : []),
  process.execPath,
  '--enable-source-maps',
  program,
  ...args,
];
// The channel tells the program when we are gone, also by SIGKILL.
const child = spawn(command, words, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
// A terminal's Ctrl-C reaches the program by itself; what is sent to us alone is passed on.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => (process.exitCode = code ?? 1));
