import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * What every database spec needs, once per run: a PostgreSQL 18 (ASSAY_TEST_POSTGRES_URL, else an embedded one
 * without fsync in a temporary directory) and the path of OPA in ASSAY_TEST_OPA. The supervisor comes from
 * dist/, because jest loads this file without transforming it: so build first.
 */
export default async function globalSetup() {
  process.env.ASSAY_TEST_OPA ??= await findOpa();
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
  if (process.env.ASSAY_OPA) return process.env.ASSAY_OPA;
  const script = join(root, 'scripts/obtain-opa.mjs');
  if (existsSync(script)) {
    const { obtainOpa } = await import(script);
    const found = await obtainOpa({ root });
    return typeof found === 'string' ? found : (found?.path ?? '');
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'opa'));
  return onPath.find((path) => existsSync(path)) ?? '';
}
