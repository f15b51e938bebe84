import { z } from 'zod';
import { type ConfigKey, bytes, integer, flag, key, MIB } from './config-key.js';
import { Secret } from './secret.js';

/** How the running service behaves: limits, verification, logs. */
export const OPERATION_KEYS = {
  ratePerson: key(
    'ASSAY_RATE_PERSON',
    [
      'Requests a person may make in a minute, over all replicas; 0: as many as they like.',
      'requests',
      '100',
    ],
    integer(0, 60_000_000).default(100),
  ),
  rateService: key(
    'ASSAY_RATE_SERVICE',
    ['The same of a service whose grants do not say how many.', 'requests', '60000'],
    integer(0, 60_000_000).default(60_000),
  ),
  rateAgent: key(
    'ASSAY_RATE_AGENT',
    ['The same of an AI agent whose grants do not say how many.', 'requests', '600'],
    integer(0, 60_000_000).default(600),
  ),
  maxInProgress: key(
    'ASSAY_MAX_IN_PROGRESS',
    [
      'Requests that one API works on at once, a batch counted as what is in it; a quarter as many uploads besides.',
      'requests',
      '64',
    ],
    integer(1, 100_000).default(64),
  ),
  maxWaiting: key(
    'ASSAY_MAX_WAITING',
    [
      'Requests that wait until it is their turn; what comes beyond is refused (OVERLOADED).',
      'requests',
      '256',
    ],
    integer(0, 100_000).default(256),
  ),
  maxWaitMs: key(
    'ASSAY_MAX_WAIT_MS',
    ['Longest that a request waits for its turn; then it is refused (OVERLOADED).', 'milliseconds', '2000'],
    integer(10, 600_000).default(2_000),
  ),
  onlyPersisted: key(
    'ASSAY_ONLY_PERSISTED_OPERATIONS',
    [
      'Whether GraphQL answers nothing but the operations of graphql/operations, asked for by hash or as they stand.',
      'true | false',
      'false',
    ],
    flag,
  ),
  bodyLimitBytes: key(
    'ASSAY_BODY_LIMIT_BYTES',
    ['Largest GraphQL request.', 'bytes', `${2 * MIB}`],
    bytes(2 * MIB),
  ),
  verifySeconds: key(
    'ASSAY_VERIFY_SECONDS',
    ['How often the worker verifies what was added to the ledger.', 'seconds', '60'],
    integer(1, 86_400).default(60),
  ),
  verifyFullSeconds: key(
    'ASSAY_VERIFY_FULL_SECONDS',
    [
      'How often it verifies all of it, tables and blobs: an edit is found within this and one pass.',
      'seconds',
      '3600',
    ],
    integer(1, 2_592_000).default(3600),
  ),
  logLevel: key(
    'ASSAY_LOG_LEVEL',
    ['Least important line that is logged.', 'fatal | error | warn | info | debug | trace | silent', 'info'],
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ),
  workerMetricsPort: key(
    'ASSAY_WORKER_METRICS_PORT',
    [
      'Port on which the worker serves /metrics and /health; 0: any that is free.',
      'TCP port',
      'none: not served',
    ],
    integer(0, 65_535).optional(),
  ),
  integratorMetricsPort: key(
    'ASSAY_INTEGRATOR_METRICS_PORT',
    ['The same of the integrator.', 'TCP port', 'none: not served'],
    integer(0, 65_535).optional(),
  ),
  metricsHost: key(
    'ASSAY_METRICS_HOST',
    ['Address on which worker and integrator serve them.', 'IP address or host', '127.0.0.1'],
    z.string().default('127.0.0.1'),
  ),
  metricsToken: key(
    'ASSAY_METRICS_TOKEN',
    [
      'Bearer token for /metrics of every door. Without it only callers on the same machine are answered.',
      'text',
      'none',
    ],
    z
      .string()
      .min(16, { error: 'expected at least 16 characters' })
      .transform((value) => new Secret(value))
      .optional(),
  ),
} as const satisfies Record<string, ConfigKey>;
