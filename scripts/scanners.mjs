// node scripts/scanners.mjs [NAME…]: installs real scanners and runs test/scan with them, without a network.
//
// Without names those of CI: more than ten, in some six minutes on two idle cores. They go to ASSAY_TEST_SCANNERS, or
// to the cache of this checkout, and are kept. Needs npm, Python 3 with venv, Go, and their registries; and a host that
// allows namespaces. Ends with the plain line `N passed, M failed`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
// Two lanes, so that downloading and compiling wait for each other no more than they must.
const COMPILED = ['gitleaks', 'govulncheck', 'osv-scanner', 'gosec'];
const OTHERS = ['bandit', 'detect-secrets', 'pytest-cov', 'semgrep', 'checkov'];
const PACKAGES = ['ast-grep', 'eslint-security', 'cyclonedx-npm', 'secretlint'];
/** The issue asks for ten; one registry that is down must not be taken for ten scanners that pass. */
const AT_LEAST = 10;

const names = process.argv.slice(2);
const folder = process.env.ASSAY_TEST_SCANNERS ?? join(ROOT, '.assay', 'cache', 'scanners');
try {
  requireNode();
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT, { checked: false });
  const lanes = names.length > 0 ? [names] : [COMPILED, [...PACKAGES, ...OTHERS]];
  await Promise.all(lanes.map(install));
  const environment = {
    ASSAY_TEST_SCANNERS: folder,
    ...(names.length === 0 && { ASSAY_TEST_SCANNERS_MIN: String(AT_LEAST) }),
  };
  const tests = ['test/scan/scanners', 'test/scan/killed-worker', 'test/scan/sandbox'];
  process.exitCode = await run(['scripts/test.mjs', '--only', 'system', ...tests], environment);
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

/** One after the other; what is there stays, and what cannot be had is said and shows in the count. */
async function install(lane) {
  for (const name of lane)
    await run(['dist/src/cli.js', 'scanners', 'install', '--missing', name], { ASSAY_SCANNERS_DIR: folder });
}

function run(args, environment) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}
