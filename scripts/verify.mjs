#!/usr/bin/env node
// assay verify PACK: judges an evidence pack. Loads dist/src/verifier/ and nothing else of the product: no
// configuration, database, key or package. An auditor's machine needs Node, this file and that folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

try {
  // In a checkout the sources may be newer than what was built.
  if (existsSync(join(ROOT, 'src', 'verifier'))) {
    const { ensureBuilt, ensureInstalled } = await import('./prepare.mjs');
    await ensureInstalled(ROOT);
    await ensureBuilt(ROOT, { checked: false });
  }
  const { verifyCommand } = await import('../dist/src/verifier/command.io.js');
  process.exitCode = await verifyCommand(process.argv.slice(2));
} catch (error) {
  console.error(`assay verify: ${error.message}`);
  process.exitCode = 2;
}
