// What every command of a fresh clone needs first. Only Node's own modules: nothing is installed yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';

const OLDEST_NODE = [20, 19];

/** Throws, with the remedy, on a Node that cannot run Assay. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(
    `Assay needs Node ${OLDEST_NODE.join('.')} or later; this is ${version}. See https://nodejs.org`,
  );
}

/** Runs `npm ci` unless node_modules/ holds what package-lock.json names. Resolves to true when it installed. */
export async function ensureInstalled(root, { say = console.log } = {}) {
  if (isInstalled(root)) return false;
  say('Installing packages from package-lock.json (npm ci) …');
  // Through npm itself when it started us, so that a second npm on PATH does not matter.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await run(command, [...first, 'ci', '--include=dev', '--include=optional'], root);
  return true;
}

/** Compiles into dist/ unless it is of these sources. Resolves to true when it compiled. */
export const ensureBuilt = (root, options) => build(root, options);

/** npm leaves node_modules/.package-lock.json: what is really there. Other platforms' packages are absent. */
function isInstalled(root) {
  const there = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!there || !wanted) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || there[path]?.version === version || (optional && !there[path]),
  );
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined;
}

function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with status ${String(code)}`));
    });
  });
}
