import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseRole } from './roles.js';

export interface ConnectOptions {
  /** Explicit list: a glob that matches nothing maps nothing and says nothing. */
  readonly entities?: readonly (new () => object)[];
  readonly migrations?: readonly (new () => object)[];
  /** Connections at most; TypeORM opens them when needed. */
  readonly poolSize?: number;
  /** As seen in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** An idle connection broke (the server restarted). The pool replaces it by itself. */
  readonly onPoolError?: (error: Error) => void;
}

/**
 * An open pool whose every session acts as `role`, whoever logs in. Without a role it acts as the login.
 * Without `onPoolError` a broken idle connection is ignored: the next query reports what matters.
 */
export async function connectAs(
  url: string,
  role: DatabaseRole | undefined,
  options: ConnectOptions = {},
): Promise<DataSource> {
  const settings: DataSourceOptions = {
    type: 'postgres',
    url,
    schema: 'assay',
    synchronize: false,
    installExtensions: false,
    logging: false,
    entities: [...(options.entities ?? [])],
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'assay',
    poolErrorHandler: options.onPoolError ?? ignore,
    connectTimeoutMS: 10_000,
    // What is sent while an answer is awaited goes over at once, each statement with its own end (ADR 0031).
    extra: { options: `-c timezone=UTC${role === undefined ? '' : ` -c role=${role}`}`, pipeline: true },
  };
  return new DataSource(settings).initialize();
}

function ignore(): void {
  // the pool drops the connection and opens another
}
