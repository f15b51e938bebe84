import { runMigrations } from 'bullmq';
import pg from 'pg';
import { MIGRATIONS } from '../../../migrations/list.js';
import { connectAs } from './connect.js';
import { DATABASE_ROLES } from './roles.js';

export interface MigrationReport {
  /** Names of the migrations that ran now, oldest first. */
  readonly applied: readonly string[];
}

/** Any constant does: whoever migrates this database holds it, so that two starts do not run one migration twice. */
const MIGRATION_LOCK = 0x61737361; // 'assa'

/**
 * Brings the schema to the newest migration, as `assay_owner`, then BullMQ's own schema. Needs a bootstrapped
 * database. Concurrent calls wait for each other; the later ones find nothing to do.
 */
export async function migrate(adminUrl: string): Promise<MigrationReport> {
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: 'assay migrate',
    options: `-c role=${DATABASE_ROLES.owner}`,
  });
  client.on('error', () => undefined); // a lost connection also rejects the query under way
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await migrateDomain(adminUrl);
    await migrateQueues(client);
    return { applied };
  } finally {
    await client.end(); // ends the lock too
  }
}

/** Migrations that the code knows and the database has not run. Asked by /health/ready; needs no special role. */
export async function pendingMigrations(
  query: (sql: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const rows = (await query('SELECT name FROM assay.migration')) as { name: string }[];
  const done = new Set(rows.map((row) => row.name));
  return MIGRATIONS.map((migration) => migration.name).filter((name) => !done.has(name));
}

async function migrateDomain(adminUrl: string): Promise<readonly string[]> {
  const dataSource = await connectAs(adminUrl, DATABASE_ROLES.owner, {
    migrations: MIGRATIONS,
    poolSize: 2,
    applicationName: 'assay migrate',
  });
  try {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    await dataSource.query(
      `GRANT SELECT ON assay.migration TO ${DATABASE_ROLES.service}, ${DATABASE_ROLES.integrator}`,
    );
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * The queues are the service's to use, not to own: it may change rows, never the tables. BullMQ 6.7 numbers jobs
 * from a sequence that it makes for each queue when the first job is added; the owner's right is lent to the two
 * functions that do so. `pg_temp` stands last in their path, or a temporary table of the service's, with a
 * trigger, would run as the owner.
 */
async function migrateQueues(client: pg.Client): Promise<void> {
  await runMigrations(client, 'bullmq');
  const { service } = DATABASE_ROLES;
  await client.query(`
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bullmq TO ${service};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA bullmq TO ${service};
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq FROM PUBLIC;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO ${service};
  `);
  for (const lent of ['next_job_id(text)', 'add_jobs_bulk_unlocked(text, jsonb)'])
    await client.query(`ALTER FUNCTION bullmq.${lent} SECURITY DEFINER SET search_path = bullmq, pg_temp`);
}
