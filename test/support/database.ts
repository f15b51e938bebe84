import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { bootstrapDatabase } from '../../src/app/database/bootstrap.js';
import { connectAs } from '../../src/app/database/connect.js';
import { migrate } from '../../src/app/database/migrate.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';

/** A migrated database of one spec file. Each source acts as the role it is named after. */
export interface TestDatabase {
  /** Superuser: to look where the service may not, and to tamper. */
  readonly admin: DataSource;
  readonly service: DataSource;
  readonly integrator: DataSource;
  /** Superuser's URL of this database. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Clones the migrated template (about 75 ms). Pass the entities that the spec's stores need. */
export async function createTestDatabase(
  entities: readonly (new () => object)[] = [],
): Promise<TestDatabase> {
  return cloneDatabase(await migratedTemplate(), entities);
}

/** A clone of a template that `ensureTemplate` made. */
export async function cloneDatabase(
  template: string,
  entities: readonly (new () => object)[] = [],
): Promise<TestDatabase> {
  const serverUrl = testServerUrl();
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = withDatabase(serverUrl, name);
  const options = { entities, poolSize: 8 };
  const [admin, service, integrator] = await Promise.all([
    connectAs(url, undefined, options),
    connectAs(url, DATABASE_ROLES.service, options),
    connectAs(url, DATABASE_ROLES.integrator, options),
  ]);
  const drop = async (): Promise<void> => {
    await Promise.all([admin, service, integrator].map((source) => source.destroy()));
    await onServer(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  };
  return { admin, service, integrator, url, drop };
}

/** An empty, bootstrapped database without any migration: for the specs that migrate by themselves. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = testServerUrl();
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const drop = async (): Promise<void> => {
    await onServer(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  };
  return { url: withDatabase(serverUrl, name), drop };
}

/** Superuser's URL of the server that global-setup.mjs started or was given. */
export function testServerUrl(): string {
  const url = process.env['ASSAY_TEST_POSTGRES_URL'];
  if (url === undefined) throw new Error('no test server: database specs run in the "system" project');
  return url;
}

/**
 * The template is named after what made it, so that a changed migration means a new one and runs of different
 * checkouts on one server do not meet.
 */
export const migratedTemplate = (): Promise<string> =>
  ensureTemplate(`assay_template_${schemaFingerprint()}`, async (url) => {
    await bootstrapDatabase(url);
    await migrate(url);
  });

/** Makes a template where there is none of that name, from another or from nothing. One session at a time does; the others wait. */
export async function ensureTemplate(
  template: string,
  make: (url: string) => Promise<void>,
  from?: string,
): Promise<string> {
  const serverUrl = testServerUrl();
  await onServer(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (found.rows.length > 0) return;
    const draft = `assay_draft_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE DATABASE ${draft}${from === undefined ? '' : ` TEMPLATE ${from}`}`);
    try {
      await make(withDatabase(serverUrl, draft));
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    } catch (error) {
      await client.query(`DROP DATABASE ${draft} WITH (FORCE)`);
      throw error;
    }
  });
  return template;
}

function schemaFingerprint(): string {
  const root = `${import.meta.dirname}/../..`;
  const migrations = readdirSync(`${root}/migrations`).filter((file) => file.endsWith('.ts'));
  const makers = ['bootstrap', 'migrate', 'roles'].map((name) => `src/app/database/${name}.ts`);
  const hash = createHash('sha256');
  for (const file of [
    ...migrations.sort().map((name) => `migrations/${name}`),
    ...makers,
    'package-lock.json',
  ])
    hash.update(file).update(readFileSync(`${root}/${file}`));
  return hash.digest('hex').slice(0, 16);
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  client.on('error', () => undefined); // a lost connection also rejects the query under way
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
