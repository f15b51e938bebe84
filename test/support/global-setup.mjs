import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * What every database spec needs, once per run: a PostgreSQL 18 (ASSAY_TEST_POSTGRES_URL, else an embedded one
 * without fsync in a temporary directory), the path of OPA in ASSAY_TEST_OPA, and in ASSAY_TEST_SEEDED the name
 * of what is seeded once (test/support/seeded.ts). The supervisor comes from
 * dist/, because jest loads this file without transforming it: so build first.
 */
export default async function globalSetup() {
  process.env.ASSAY_TEST_OPA ??= await findOpa();
  process.env.ASSAY_TEST_SEEDED = `assay_seeded_${randomBytes(6).toString('hex')}`;
  if (process.env.ASSAY_TEST_POSTGRES_URL) return;
  const { build } = await import('../../scripts/build.mjs');
  await build(root, { checked: false }); // types are a check of their own
  const { startEmbeddedPostgres } = await import('../../dist/src/app/database/embedded-postgres.io.js');
  const dataDir = await mkdtemp(join(tmpdir(), 'assay-test-'));
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  process.env.ASSAY_TEST_POSTGRES_URL = server.url;
  globalThis.assayTestServer = { server, dataDir };
}

async function findOpa() {
  const { obtainOpa } = await import('../../scripts/obtain-opa.mjs');
  return (await obtainOpa({ root, dataDir: '.assay', log: () => undefined })).path ?? '';
}
