import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Config } from '../platform/config.js';
import { bootstrapDatabase, createDatabase, type LoginPasswords } from '../database/bootstrap.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../database/embedded-postgres.io.js';
import { migrate } from '../database/migrate.js';
import { writeFileDurably } from '../platform/durable-file.io.js';
import { loginUrl, passwordFile } from '../platform/run-state.io.js';
import { readFileSync } from 'node:fs';

/** The database of our own in the embedded server; `postgres` stays for whoever looks after the server. */
export const EMBEDDED_DATABASE = 'assay';

export interface PreparedDatabase {
  /** Owner or superuser: prepares and migrates, and is handed to no door. */
  readonly adminUrl: string;
  readonly serviceUrl: string;
  readonly integratorUrl: string;
  /** For the API alone. */
  readonly eraserUrl: string;
  /** Undefined with an external database. */
  readonly server?: EmbeddedPostgres;
}

/** Our own server or the configured one, with roles, logins and the newest schema. */
export async function prepareDatabase(
  config: Config,
  say: (message: string) => void,
): Promise<PreparedDatabase> {
  const prepared = config.databaseUrl === undefined ? await embedded(config, say) : external(config);
  try {
    await bootstrapDatabase(
      prepared.adminUrl,
      prepared.server === undefined ? {} : loginPasswords(config.dataDir),
    );
    const { applied } = await migrate(prepared.adminUrl);
    if (applied.length > 0) say(`migrated: ${String(applied.length)} new`);
    return prepared;
  } catch (error) {
    await prepared.server?.stop();
    throw error;
  }
}

async function embedded(config: Config, say: (message: string) => void): Promise<PreparedDatabase> {
  const { dataDir } = config;
  const server = await startEmbeddedPostgres({ dataDir, log: say });
  loginPasswords(dataDir);
  await createDatabase(server.url, EMBEDDED_DATABASE);
  const at = { port: server.port, database: EMBEDDED_DATABASE };
  return {
    adminUrl: loginUrl(dataDir, 'admin', at),
    serviceUrl: loginUrl(dataDir, 'service', at),
    integratorUrl: loginUrl(dataDir, 'integrator', at),
    eraserUrl: loginUrl(dataDir, 'eraser', at),
    server,
  };
}

function external(config: Config): PreparedDatabase {
  const adminUrl = config.databaseUrl?.reveal() ?? '';
  return {
    adminUrl,
    serviceUrl: config.serviceDatabaseUrl?.reveal() ?? adminUrl,
    integratorUrl: config.integratorDatabaseUrl?.reveal() ?? adminUrl,
    eraserUrl: (config.eraserDatabaseUrl ?? config.serviceDatabaseUrl)?.reveal() ?? adminUrl,
  };
}

/** Made once; the files outlive the cluster's restarts. */
function loginPasswords(dataDir: string): Required<LoginPasswords> {
  const passwordOf = (login: keyof LoginPasswords): string => {
    const file = passwordFile(dataDir, login);
    if (!existsSync(file)) writeFileDurably(file, randomBytes(24).toString('hex'));
    return readFileSync(file, 'utf8').trim();
  };
  return {
    service: passwordOf('service'),
    integrator: passwordOf('integrator'),
    eraser: passwordOf('eraser'),
  };
}
