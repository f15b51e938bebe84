import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Removes what was made for this run, and stops the server that global-setup.mjs started; one that was given stays as it is. */
export default async function globalTeardown() {
  await dropSeeded(process.env.ASSAY_TEST_SEEDED);
  const started = globalThis.assayTestServer;
  if (!started) return;
  await started.server.stop();
  await rm(started.dataDir, { recursive: true, force: true });
}

/** The template of this run (test/support/seeded.ts), if it made one. */
async function dropSeeded(name) {
  await rm(join(tmpdir(), name), { recursive: true, force: true });
  const client = new pg.Client({ connectionString: process.env.ASSAY_TEST_POSTGRES_URL });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
