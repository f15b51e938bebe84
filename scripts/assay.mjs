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
await import('../dist/src/cli.js');
