#!/usr/bin/env node
// npx assay: the command line of a checkout. Builds first when the sources are newer than what was built.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
try {
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT, { checked: false });
} catch (error) {
  console.error(`assay: ${error.message}`);
  process.exit(2);
}
// Judging a pack needs none of the rest, and must not fail for it.
const [command, ...args] = process.argv.slice(2);
if (command === 'verify') {
  const { verifyCommand } = await import('../dist/src/verifier/command.io.js');
  process.exitCode = await verifyCommand(args);
} else {
  await import('../dist/src/cli.js');
}
