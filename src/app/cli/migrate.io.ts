import { CONFIG_KEYS } from '../platform/config-keys.js';
import type { Environment } from '../platform/config.js';
import { bootstrapDatabase } from '../database/bootstrap.js';
import { migrate } from '../database/migrate.js';
import { DONE, FAILED } from './exit-code.js';
import { messageOf } from './message-of.js';

const NO_DATABASE = `npm run migrate: no database. Set DATABASE_URL to the one to prepare and migrate, with a login that is
its owner with CREATEROLE, or superuser. The embedded database needs no migrating: npm start does it.`;

/**
 * `npm run migrate`: roles, schemas and every migration that the configured database lacks. May be repeated.
 * Asks for no setting but DATABASE_URL, so that what migrates need not know keys or issuers.
 */
export async function migrateConfigured(environment: Environment): Promise<number> {
  const { name, schema } = CONFIG_KEYS.databaseUrl;
  const parsed = schema.safeParse(environment[name] === '' ? undefined : environment[name]);
  if (!parsed.success) {
    console.error(
      `npm run migrate: ${name}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
    );
    return FAILED;
  }
  if (parsed.data === undefined) {
    console.error(NO_DATABASE);
    return FAILED;
  }
  try {
    const url = parsed.data.reveal();
    await bootstrapDatabase(url);
    const { applied } = await migrate(url);
    for (const migration of applied) console.log(`applied  ${migration}`);
    console.log(applied.length === 0 ? 'the database is up to date' : `${applied.length} applied`);
    return DONE;
  } catch (error) {
    console.error(`npm run migrate: ${messageOf(error)}`);
    return FAILED;
  }
}
