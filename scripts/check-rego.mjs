/**
 * Checks everything written in Rego, and the packs: formatting, `opa check --strict`, the tests and their coverage
 * (100 %), rego/checks over the syntax trees, the cases of every pack, Regal where it is installed.
 *
 *     node scripts/check-rego.mjs [--opa PATH]      the last line is "N passed, M failed"
 *
 * Without --opa, OPA is found as scripts/obtain-opa.mjs does: ASSAY_OPA, the PATH, the project's cache, a download.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { obtainOpa } from './obtain-opa.mjs';
import { question, readPacks } from './pack-cases.mjs';

const ROOT = join(import.meta.dirname, '..');
const CAPABILITIES = 'rego/capabilities.json';
const TIME_LIMIT_MS = 60_000;
const SCHEMAS = ['--schema', 'rego/schemas'];
const DATA_FILES = ['--ignore=*.json', '--ignore=.*'];

/** What one check says: how much of it holds, and one line for whatever does not. */
const outcome = (passed, complaints, note = '') => ({ passed, complaints, note });

/**
 * A fixed environment (every flag of `opa` can also be set by a variable), no shell, a time limit. File names are
 * relative to the repository, so that locations in the output are too.
 */
function run(file, args, stdin = '') {
  return new Promise((done, refuse) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { LC_ALL: 'C', TZ: 'UTC', HOME: ROOT },
      stdio: 'pipe',
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const output = { stdout: [], stderr: [] };
    for (const stream of ['stdout', 'stderr'])
      child[stream].on('data', (chunk) => output[stream].push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.once('error', refuse);
    child.once('close', (status, signal) => {
      const [stdout, stderr] = [output.stdout, output.stderr].map((chunks) =>
        Buffer.concat(chunks).toString(),
      );
      if (status === null) refuse(new Error(`${file} ${args[0]} was ended by ${signal}\n${stderr}`));
      else done({ status, stdout, stderr });
    });
  });
}

/** JSON, or an error that shows what came instead: a usage text must never read as "no errors". */
function json({ status, stdout, stderr }, what) {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${what} gave no JSON (exit ${status}):\n${stdout}${stderr}`);
  }
}

const capabilities = () => (existsSync(join(ROOT, CAPABILITIES)) ? ['--capabilities', CAPABILITIES] : []);

async function formatting(opa) {
  const { status, stdout, stderr } = await run(opa, ['fmt', '--list', 'rego']);
  if (status !== 0) return outcome(0, lines(stderr));
  const unformatted = lines(stdout);
  return outcome(
    unformatted.length === 0 ? 1 : 0,
    unformatted.map((file) => `${file}: run \`opa fmt -w ${file}\``),
  );
}

async function compiling(opa) {
  const args = [
    'check',
    '--strict',
    '-f',
    'json',
    '-m',
    '0',
    ...capabilities(),
    ...SCHEMAS,
    ...DATA_FILES,
    'rego',
  ];
  const { status, stdout, stderr } = await run(opa, args);
  if (status === 0) return outcome(1, []);
  const { errors } = json({ status, stdout: stderr, stderr: stdout }, 'opa check');
  return outcome(
    0,
    errors.map(({ location, message }) => `${location?.file}:${location?.row}:${location?.col} ${message}`),
  );
}

async function testing(opa) {
  const args = ['test', '-f', 'json', '--fail-on-empty', ...capabilities(), ...DATA_FILES, 'rego'];
  const ran = await run(opa, args);
  if (ran.status === 1) return outcome(0, lines(ran.stderr)); // nothing was run: it does not load
  const tests = json(ran, 'opa test');
  const bad = tests.filter(({ fail, error, skip }) => fail || error || skip);
  return outcome(
    tests.length - bad.length,
    bad.map(
      (test) => `${test.location.file}:${test.location.row} ${test.name}${test.skip ? ' is skipped' : ''}`,
    ),
  );
}

/** A run of its own: coverage replaces the results of the tests. */
async function coverage(opa) {
  const ran = await run(opa, ['test', '--coverage', '-f', 'json', ...capabilities(), ...DATA_FILES, 'rego']);
  if (ran.status === 1) return outcome(0, ['not measured, because a test fails']);
  const { files } = json(ran, 'opa test --coverage');
  const bare = Object.entries(files).flatMap(([file, { not_covered: ranges = [] }]) => {
    const rows = [...new Set(ranges.map(({ start }) => start.row))];
    return rows.length === 0 ? [] : [`${file}: no test runs line ${rows.join(', ')}`];
  });
  return outcome(bare.length === 0 ? 1 : 0, bare);
}

async function annotations(opa, packs, modules) {
  const input = {
    modules,
    tests: regoFiles().filter(isTest),
    packs: packs.map(({ cases, ...pack }) => ({
      ...pack,
      cases: cases.map(({ judge, expect }) => ({
        judge,
        good: expect.allowed ?? expect.fast ?? expect.known ?? expect.outcome === 'PASS',
      })),
    })),
  };
  const problems = await evaluate(opa, 'data.assay.checks.problems', input);
  return outcome(
    problems.length === 0 ? modules.length + packs.length : 0,
    problems.map(({ at, problem }) => `${at}: ${problem}`),
  );
}

/** One evaluation for all cases: a rule without an answer gives an empty list. */
async function cases(opa, packs) {
  const asked = packs.flatMap((pack) =>
    pack.cases.map((tried) => ({ pack, tried, ...question(pack, tried) })),
  );
  const query = `[{"rule": rule, "decision": decision} |
    some each in input
    asked := each.input
    rule := [answer | answer := data.assay.rules[each.package].result with input as asked]
    decision := [answer | some folder in ["access", "process"]; answer := data.assay[folder][each.package].decision with input as asked]
  ]`;
  const answers = await evaluate(
    opa,
    query,
    asked.map(({ package: name, input }) => ({ package: name, input })),
  );
  const complaints = asked.flatMap(({ pack, tried }, index) =>
    differences(tried, answers[index]).map(
      (what) => `${pack.folder} / ${tried.judge} / ${tried.name}: ${what}`,
    ),
  );
  const wrong = new Set(complaints.map((line) => line.slice(0, line.lastIndexOf(': '))));
  return outcome(asked.length - wrong.size, complaints);
}

function differences({ expect }, { rule, decision }) {
  const found = 'outcome' in expect ? summary(rule[0]) : (decision[0] ?? {});
  const wanted = 'outcome' in expect ? { codes: [], ...expect } : expect;
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(found[key]) !== JSON.stringify(value))
    .map(([key, value]) => `${key} is ${JSON.stringify(found[key])} and should be ${JSON.stringify(value)}`);
}

/** The outcome of a rule before any waiver, as gate/decide computes it, and the codes it gave. */
function summary(answer) {
  if (answer === undefined) return { outcome: 'ERROR', codes: [] };
  const { applicable, violations, gaps } = answer;
  const codes = [...new Set([...violations, ...gaps].map(({ code }) => code))].sort();
  if (violations.length > 0) return { outcome: 'FAIL', codes };
  if (gaps.length > 0) return { outcome: 'INDETERMINATE', codes };
  return { outcome: applicable ? 'PASS' : 'NOT_APPLICABLE', codes };
}

async function evaluate(opa, query, input) {
  const args = ['eval', '-f', 'json', '-I', ...capabilities(), ...DATA_FILES, '-d', 'rego', query];
  const { result, errors } = json(await run(opa, args, JSON.stringify(input)), 'opa eval');
  if (errors || !result) throw new Error(`opa eval: ${JSON.stringify(errors ?? 'undefined')}`);
  return result[0].expressions[0].value;
}

async function regal() {
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'regal'));
  const program = found.find((path) => existsSync(path));
  if (!program) return outcome(0, [], 'not installed, so not run');
  const { status, stdout, stderr } = await run(program, ['lint', '--format', 'compact', 'rego']);
  return outcome(status === 0 ? 1 : 0, status === 0 ? [] : lines(stdout + stderr));
}

const regoFiles = () =>
  readdirSync(join(ROOT, 'rego'), { recursive: true })
    .map((file) => `rego/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.rego'))
    .sort();

const isTest = (file) => file.endsWith('_test.rego');

const lines = (text) => text.split('\n').filter((line) => line.trim() !== '');

/** The syntax tree of every module but the tests, with the locations of its expressions. */
async function syntaxTrees(opa) {
  const files = regoFiles().filter((file) => !isTest(file));
  const trees = [];
  for (const file of files) {
    const ran = await run(opa, ['parse', '-f', 'json', '--json-include', 'locations,-comments', file]);
    trees.push({ file, module: json(ran, `opa parse ${file}`) });
  }
  return trees;
}

async function main() {
  const { values } = parseArgs({ options: { opa: { type: 'string' } } });
  const opa = values.opa
    ? resolve(values.opa)
    : (await obtainOpa({ root: ROOT, dataDir: '.assay', log: console.log })).path;
  if (!opa) throw new Error('there is no OPA: name one with --opa or ASSAY_OPA');
  const packs = readPacks();
  const checks = {
    format: () => formatting(opa),
    'opa check --strict': () => compiling(opa),
    tests: () => testing(opa),
    'coverage 100 %': () => coverage(opa),
    annotations: async () => annotations(opa, packs, await syntaxTrees(opa)),
    'pack cases': () => cases(opa, packs),
    regal,
  };
  const total = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(checks)) {
    const { passed, complaints, note } = await check().catch((error) => outcome(0, lines(error.message)));
    total.passed += passed;
    total.failed += complaints.length;
    const verdict = complaints.length > 0 ? 'FAILED' : note ? 'skipped' : 'ok';
    console.log(`${verdict.padEnd(8)} ${name.padEnd(20)} ${note || `${passed} passed`}`);
    for (const line of complaints) console.log(`           ${line}`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
