// npm test                          everything: checks, Rego, unit, database, API and flow tests
// npm test -- --only unit,rego      some parts: checks, rego, unit, system
// npm test -- --only system ledger  jest files whose path contains "ledger"
//
// Begins on a fresh clone with nothing installed, so only Node's own modules here. Ends with the plain line
// `N passed, M failed` over everything that ran; the exit status says the same.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runChecks } from './check.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
const PARTS = ['checks', 'rego', 'unit', 'system'];
/** A test run that hangs is a failed one. */
const JEST_LIMIT_MS = 25 * 60_000;

const tally = { passed: 0, failed: 0, skipped: [] };
const { parts, paths } = readArguments(process.argv.slice(2));
try {
  requireNode();
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT, { checked: false });
  await findOpa();
  if (parts.includes('checks')) await checks();
  if (parts.includes('rego')) await rego();
  await jest(parts.filter((part) => part === 'unit' || part === 'system'));
} catch (error) {
  console.error(error.message);
  tally.failed += 1;
}
for (const line of tally.skipped) console.log(`skipped: ${line}`);
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function readArguments(args) {
  const only = args.indexOf('--only');
  if (only === -1) return { parts: PARTS, paths: args };
  const chosen = (args[only + 1] ?? '').split(',');
  const unknown = chosen.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) {
    console.error(`--only takes ${PARTS.join(', ')}; not ${unknown.join(', ')}`);
    process.exit(2);
  }
  return { parts: chosen, paths: args.toSpliced(only, 2) };
}

/** The children look in ASSAY_OPA first. Without OPA its own tests fail, and all others run. */
async function findOpa() {
  const { obtainOpa } = await import('./obtain-opa.mjs');
  const dataDir = process.env.ASSAY_DATA_DIR ?? '.assay';
  const { path } = await obtainOpa({ root: ROOT, dataDir, log: console.log });
  if (path) process.env.ASSAY_OPA = path;
}

async function checks() {
  heading('Checks');
  const results = await runChecks({ leaveOut: ['schema', 'rego'] });
  count(results.filter(({ passed }) => passed).length, results.filter(({ passed }) => !passed).length);
}

async function rego() {
  heading('Rego');
  const { status, output } = await run(process.execPath, ['scripts/check-rego.mjs']);
  process.stdout.write(output);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (passed === undefined) count(0, 1);
  else count(Number(passed), failed === '0' && status !== 0 ? 1 : Number(failed));
  for (const [, what] of output.matchAll(/^skipped +(.+)$/gm))
    tally.skipped.push(what.replace(/ {2,}/g, ': '));
}

async function jest(projects) {
  if (projects.length === 0) return;
  heading(projects.length === 2 ? 'Unit, database, API and flow tests' : `${projects[0]} tests`);
  const redis = process.env.REDIS_URL || isOnPath('redis-server');
  if (projects.includes('system') && !redis)
    tally.skipped.push('tests on Redis: no redis-server on PATH and REDIS_URL is not set');
  const folder = mkdtempSync(join(tmpdir(), 'assay-jest-'));
  const report = join(folder, 'report.json');
  const args = [
    ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...paths],
    ...['--json', `--outputFile=${report}`, `--maxWorkers=${Math.min(2, availableParallelism())}`],
    ...['--selectProjects', ...projects],
  ];
  const { status } = await run(process.execPath, args, { shown: true, limitMs: JEST_LIMIT_MS });
  const result = existsSync(report) ? parseJson(readFileSync(report, 'utf8')) : undefined;
  rmSync(folder, { recursive: true });
  if (!result) {
    console.log(`jest ended with status ${status} and no report`);
    count(0, 1);
    return;
  }
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  count(result.numPassedTests, failed === 0 && status !== 0 ? 1 : failed);
  tally.skipped.push(...pendingOf(result));
}

/** One line per group of tests that jest left out. */
function pendingOf(result) {
  const groups = new Map();
  for (const { assertionResults } of result.testResults)
    for (const { status, ancestorTitles, title } of assertionResults) {
      if (status !== 'pending' && status !== 'todo') continue;
      const group = ancestorTitles[0] ?? title;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
  return [...groups].map(([group, tests]) => `${group} (${tests} test${tests === 1 ? '' : 's'})`);
}

function run(command, args, { shown = false, limitMs } = {}) {
  const stdio = shown ? 'inherit' : ['ignore', 'pipe', 'inherit'];
  const child = spawn(command, args, { cwd: ROOT, stdio, timeout: limitMs, killSignal: 'SIGKILL' });
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output: Buffer.concat(chunks).toString() }));
  });
}

function count(passed, failed) {
  tally.passed += passed;
  tally.failed += failed;
}

function heading(text) {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
