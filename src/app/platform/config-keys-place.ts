import { z } from 'zod';
import { type ConfigKey, integer, flag, key, MIB, secretUrl, text } from './config-key.js';

const postgres = secretUrl('postgres:', 'postgresql:');

/** Where the service lives: database, queues, data folder, address. */
export const PLACE_KEYS = {
  databaseUrl: key(
    'DATABASE_URL',
    [
      'PostgreSQL 15 or later. Its login prepares roles and migrates: database owner with CREATEROLE, or superuser. Without it an embedded PostgreSQL is started.',
      'URL',
      'embedded',
    ],
    postgres,
  ),
  serviceDatabaseUrl: key(
    'ASSAY_SERVICE_DATABASE_URL',
    ['Login of the API and the worker, a member of role assay_service.', 'URL', 'DATABASE_URL'],
    postgres,
  ),
  integratorDatabaseUrl: key(
    'ASSAY_INTEGRATOR_DATABASE_URL',
    ['Login of the integrator, a member of role assay_integrator.', 'URL', 'DATABASE_URL'],
    postgres,
  ),
  eraserDatabaseUrl: key(
    'ASSAY_ERASER_DATABASE_URL',
    [
      'Login with which the API erases persons and sets holds, a member of role assay_eraser.',
      'URL',
      'DATABASE_URL, else ASSAY_SERVICE_DATABASE_URL',
    ],
    postgres,
  ),
  databasePoolSize: key(
    'ASSAY_DATABASE_POOL_SIZE',
    ['Connections at most, of each door.', 'connections', '10'],
    integer(2, 500).default(10),
  ),
  redisUrl: key(
    'REDIS_URL',
    ['Redis for the queues. Without it they live in PostgreSQL (schema bullmq).', 'URL', 'PostgreSQL'],
    secretUrl('redis:', 'rediss:'),
  ),
  dataDir: key(
    'ASSAY_DATA_DIR',
    ['Blobs, keys, the embedded database and the state of the running service.', 'path', '<root>/.assay'],
    text,
  ),
  minFreeDiskBytes: key(
    'ASSAY_MIN_FREE_DISK_BYTES',
    [
      'Below this much free space on the file system of the data folder mutations and uploads are refused (STORAGE_LOW). 0: never.',
      'bytes',
      `${512 * MIB}`,
    ],
    integer(0, 2 ** 49).default(512 * MIB),
  ),
  host: key(
    'ASSAY_HOST',
    ['Address on which the API listens.', 'IP address or host', '127.0.0.1'],
    z.string().default('127.0.0.1'),
  ),
  port: key(
    'ASSAY_PORT',
    [
      'Port on which the API listens. With the embedded database the next free one unless it is set.',
      'TCP port',
      '8080',
    ],
    integer(0, 65_535).optional(),
  ),
  demo: key(
    'ASSAY_DEMO',
    [
      'Whether missing keys are made, a demo organisation is seeded and demo tokens are issued. Never with real users.',
      'true | false',
      'true with the embedded database, else false',
    ],
    flag,
  ),
  opaPath: key(
    'ASSAY_OPA',
    [
      'The opa 1.22.0 program, needed to compile policies, not to judge with them.',
      'path',
      'opa on PATH, else the cache',
    ],
    text,
  ),
} as const satisfies Record<string, ConfigKey>;
