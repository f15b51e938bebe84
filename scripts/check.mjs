// npm run check: every check that needs no running service, each reported even when another fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, requireNode } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
const bin = (path) => join('node_modules', path);

/** Longest first, because they run two at a time. */
const CHECKS = [
  {
    name: 'schema',
    what: 'snapshots, drift, migrations unchanged',
    args: [
      ...['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js')],
      ...['test/schema', '--selectProjects', 'system', '--silent'],
    ],
  },
  { name: 'lint', what: 'eslint with types', args: [bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'] },
  { name: 'types', what: 'tsc', args: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'rego',
    what: 'opa fmt, check and test, annotations, packs, regal',
    args: ['scripts/check-rego.mjs'],
  },
  {
    name: 'format',
    what: 'prettier',
    args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
  },
  {
    name: 'dependencies',
    what: 'dependency-cruiser',
    args: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', 'migrations', 'test', '--config'],
  },
  { name: 'dead code', what: 'knip', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'generated', what: 'types from graphql/', args: ['scripts/generate.mjs', '--check'] },
  { name: 'schemas', what: 'rego/schemas of the model', args: ['scripts/rego-schemas.mjs', '--check'] },
  { name: 'documented', what: 'settings in OPERATING.md', args: ['scripts/config-table.mjs', '--check'] },
  { name: 'formats', what: 'docs/evidence-formats.md', args: ['scripts/formats-table.mjs', '--check'] },
];

/** `npm test` runs some of these by themselves, counted one by one, and leaves them out here. */
export async function runChecks({ leaveOut = [], say = console.log } = {}) {
  const waiting = CHECKS.filter(({ name }) => !leaveOut.includes(name));
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runOne(check);
      results.push(result);
      say(
        `${result.passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(13)} ${seconds(result)}  ${check.what}`,
      );
      if (!result.passed) say(result.output.replace(/^(?=.)/gm, '        '));
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return results;
}

async function runOne({ name, args }) {
  const began = performance.now();
  const script = args.find((arg) => !arg.startsWith('-'));
  if (!existsSync(join(ROOT, script)))
    return { name, passed: false, ms: 0, output: `${script} is missing\n` };
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return {
    name,
    passed: status === 0,
    ms: performance.now() - began,
    output: Buffer.concat(chunks).toString(),
  };
}

const seconds = ({ ms }) => `${(ms / 1000).toFixed(1).padStart(5)} s`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireNode();
  await ensureInstalled(ROOT);
  const failed = (await runChecks()).filter(({ passed }) => !passed);
  console.log(
    failed.length === 0 ? 'all checks passed' : `failed: ${failed.map(({ name }) => name).join(', ')}`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
