import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { BlobStore } from '../../kernel/blob.js';
import type { Clock } from '../../kernel/clock.js';
import { LocalBlobStore } from '../blob/local-blob.io.js';
import type { SourceArchives } from '../../scan/source-archives.port.js';
import { LocalSources } from '../../scan/local-sources.io.js';
import type { Config } from './config.js';
import { connectAs } from '../database/connect.js';
import { connectWhenUp } from '../database/connect-when-up.io.js';
import { ENTITIES } from '../database/entities.js';
import { DATABASE_ROLES } from '../database/roles.js';
import { openKeys, type Door, type Keys } from './keys.io.js';
import { logOutput } from './log-output.io.js';
import { embeddedDatabaseUrl } from './run-state.io.js';
import { Secret } from './secret.js';
import { errorType } from '../tracing/attributes.js';
import { openTracing } from '../tracing/open-tracing.io.js';
import type { Tracing } from '../tracing/tracing.js';

/** What every door stands on: everything that is not the domain, opened once and closed once. */
export interface Platform {
  readonly config: Config;
  readonly door: Door;
  readonly logger: Logger;
  /** Where it is configured. */
  readonly tracing?: Tracing | undefined;
  readonly clock: Clock;
  /** Acts as the door's role: assay_integrator for the integrator, assay_service for the others. */
  readonly database: DataSource;
  /** Acts as assay_eraser, and is opened when it is first asked for: the API alone, and seldom, needs it. */
  readonly eraser: () => Promise<DataSource>;
  /** Of the same login; the queues make connections of their own. */
  readonly databaseUrl: Secret;
  readonly blobs: BlobStore;
  /** Archives to be scanned, which API and workers share. */
  readonly sources: SourceArchives;
  readonly keys: Keys;
  close(): Promise<void>;
}

/** The one clock that is not a test's. */
export const systemClock: Clock = { now: () => Date.now() };

/** Opens the database and the rest for one door. */
export async function openPlatform(config: Config, door: Door): Promise<Platform> {
  const tracing = await openTracing(config, door, {
    lost: (error) => {
      logger.warn({ error: errorType(error) }, 'traces do not reach their collector; spans are dropped');
    },
    back: (dropped) => {
      logger.info({ dropped }, 'traces reach their collector again');
    },
  });
  const logger = openLogger(config, door, tracing);
  const databaseUrl = doorDatabaseUrl(config, door);
  const connect = (): Promise<DataSource> =>
    connectAs(
      databaseUrl.reveal(),
      door === 'integrator' ? DATABASE_ROLES.integrator : DATABASE_ROLES.service,
      {
        entities: ENTITIES,
        poolSize: config.databasePoolSize,
        applicationName: `assay ${door}`,
        onPoolError: (error) => {
          logger.warn({ err: error }, 'an idle database connection broke; the pool replaces it');
        },
      },
    );
  const database = await (door === 'cli'
    ? connect() // somebody waits at the terminal
    : connectWhenUp(connect, (error) => {
        logger.warn({ err: error }, 'the database does not answer yet; waiting for it');
      }));
  const { blobs, sources } = await openStorage(config, door);
  const eraser = openedOnce(() =>
    connectAs(eraserDatabaseUrl(config).reveal(), DATABASE_ROLES.eraser, {
      poolSize: 2,
      applicationName: `assay ${door} eraser`,
    }),
  );
  return {
    config,
    door,
    logger,
    tracing,
    clock: systemClock,
    database,
    eraser: eraser.get,
    databaseUrl,
    blobs,
    sources,
    keys: openKeys(config, door),
    close: async () => {
      await Promise.all([tracing?.shutdown(), eraser.close()]);
      await database.destroy();
    },
  };
}

/** In the bucket that is configured, else in the data folder. */
async function openStorage(config: Config, door: Door): Promise<Pick<Platform, 'blobs' | 'sources'>> {
  const { blobS3Bucket: bucket, blobS3Prefix: prefix, blobS3Endpoint: endpoint } = config;
  if (bucket !== undefined) {
    const { blobS3Region: region, blobS3PathStyle: pathStyle = false } = config;
    const settings = { bucket, prefix, endpoint, region, pathStyle };
    const { S3BlobStore } = await import('../blob/s3-blob.io.js'); // some 20 MB that few need
    const { S3Sources } = await import('../blob/s3-sources.io.js');
    return { blobs: new S3BlobStore(settings), sources: new S3Sources(settings) };
  }
  const blobs = new LocalBlobStore(join(config.dataDir, 'blobs'));
  if (door === 'api') await blobs.removeAbandoned(systemClock.now());
  return { blobs, sources: new LocalSources(join(config.dataDir, 'sources')) };
}

/** Opens when it is first asked for, and again when that failed. */
function openedOnce(open: () => Promise<DataSource>) {
  let opening: Promise<DataSource> | undefined;
  return {
    get: (): Promise<DataSource> => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close: async (): Promise<void> => {
      await (await opening)?.destroy();
    },
  };
}

/** One JSON line per event on standard output. Headers that carry credentials never reach it. */
function openLogger(config: Config, door: Door, tracing: Tracing | undefined): Logger {
  const output = logOutput();
  const logger = pino(
    {
      level: config.logLevel,
      base: { door },
      timestamp: pino.stdTimeFunctions.isoTime,
      ...(tracing && { mixin: () => tracing.logMembers() }),
      redact: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization'],
    },
    output.stream,
  );
  output.onResumed((dropped) => {
    logger.error({ dropped }, 'lines of this log were dropped: they could not be written');
  });
  return logger;
}

/** The login of erasures, else one that may act as assay_eraser too. */
function eraserDatabaseUrl(config: Config): Secret {
  const configured = config.eraserDatabaseUrl ?? config.databaseUrl ?? config.serviceDatabaseUrl;
  if (configured !== undefined) return configured;
  const running = embeddedDatabaseUrl(config.dataDir, 'eraser');
  if (running === undefined) throw new Error('no database: set DATABASE_URL or ASSAY_ERASER_DATABASE_URL');
  return new Secret(running);
}

/** The door's own login, else DATABASE_URL, else the embedded PostgreSQL that `npm start` has running. */
export function doorDatabaseUrl(config: Config, door: Door): Secret {
  const login = door === 'integrator' ? 'integrator' : 'service';
  const own = login === 'integrator' ? config.integratorDatabaseUrl : config.serviceDatabaseUrl;
  const configured = own ?? config.databaseUrl;
  if (configured !== undefined) return configured;
  const running = embeddedDatabaseUrl(config.dataDir, login);
  if (running === undefined)
    throw new Error(
      'no database: set DATABASE_URL, or run `npm start`, whose embedded PostgreSQL is then used',
    );
  return new Secret(running);
}
