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
  metricsToken: key(
    'ASSAY_METRICS_TOKEN',
    ['Bearer token for /metrics. Without it only callers on the same machine are answered.', 'text', 'none'],
    z
      .string()
      .min(16, { error: 'expected at least 16 characters' })
      .transform((value) => new Secret(value))
      .optional(),
  ),
} as const satisfies Record<string, ConfigKey>;
