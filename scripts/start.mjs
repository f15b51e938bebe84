// npm start: from a fresh clone to a running service. Installs, finds OPA and builds when needed, then hands over
// to dist/src/start.js in this same process. Only Node's own modules: nothing may be installed yet.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');

try {
  requireNode();
  await ensureInstalled(ROOT);
  const [opa] = await Promise.all([findOpa(), builtWithNotice()]);
  // Without OPA the service still judges with what is compiled; authoring says what is missing.
  if (opa.path) process.env.ASSAY_OPA = opa.path;
  await import('../dist/src/start.js');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Its cache belongs to the checkout, wherever the data are: one OPA per clone, not per installation. */
async function findOpa() {
  const { obtainOpa } = await import('./obtain-opa.mjs');
  return obtainOpa({ root: ROOT, dataDir: '.assay', log: console.log });
}

async function builtWithNotice() {
  const notice = setTimeout(() => console.log('Building …'), 200);
  try {
    await ensureBuilt(ROOT, { checked: false });
  } finally {
    clearTimeout(notice);
  }
}
