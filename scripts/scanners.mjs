// node scripts/scanners.mjs [NAME…]: installs real scanners and runs test/scan with them, without a network.
//
// Without names those of CI: more than ten, in some eight minutes on two idle cores, half of that when they are there.
// They go to ASSAY_TEST_SCANNERS, or to the cache of this checkout, and are kept. Needs npm, Python 3 with venv, Go, and their registries; and a host that
// allows namespaces. Ends with the plain line `N passed, M failed`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
// Two lanes, so that downloading and compiling wait for each other no more than they must; the heaviest come last.
const COMPILED = ['gitleaks', 'govulncheck', 'osv-scanner', 'gosec'];
const OTHERS = ['bandit', 'detect-secrets', 'pytest-cov', 'semgrep', 'checkov'];
const PACKAGES = [
  ...['ast-grep', 'eslint-security', 'cyclonedx-npm', 'secretlint'],
  ...['license-checker', 'retire', 'c8'],
];
/** What cannot be had in this time is left out and said, so that CI ends in twelve minutes; never with fewer than ten. */
const INSTALL_MS = 450_000;
/** The issue asks for ten; one registry that is down must not be taken for ten scanners that pass. */
const AT_LEAST = 10;

const names = process.argv.slice(2);
const folder = process.env.ASSAY_TEST_SCANNERS ?? join(ROOT, '.assay', 'cache', 'scanners');
try {
  requireNode();
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT, { checked: false });
  const lanes = names.length > 0 ? [names] : [COMPILED, [...PACKAGES, ...OTHERS]];
  const until = names.length > 0 ? Infinity : Date.now() + INSTALL_MS;
  await Promise.all(lanes.map((lane) => install(lane, until)));
  const environment = {
    ASSAY_TEST_SCANNERS: folder,
    ...(names.length === 0 && { ASSAY_TEST_SCANNERS_MIN: String(AT_LEAST) }),
  };
  const tests = ['scanners', 'killed-worker', 'checkout-scan', 'sandbox'].map((name) => `test/scan/${name}`);
  process.exitCode = await run(['scripts/test.mjs', '--only', 'system', ...tests], environment);
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

/** One after the other; what is there stays, and what cannot be had is said and shows among the skipped. */
async function install(lane, until) {
  for (const name of lane) {
    const limitMs = until - Date.now();
    const args = ['dist/src/cli.js', 'scanners', 'install', '--missing', name];
    const status = limitMs > 0 ? await run(args, { ASSAY_SCANNERS_DIR: folder }, limitMs) : 'late';
    if (status === 'late')
      console.log(`${name}: left out, for the ${INSTALL_MS / 1000} s for installing are over`);
  }
}

/** The exit status; `late` when it had to be ended, with all that it started. */
function run(args, environment, limitMs = Infinity) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
    detached: limitMs < Infinity,
  });
  let late = false;
  const timer =
    limitMs < Infinity &&
    setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve(late ? 'late' : (status ?? 1));
    });
  });
}
