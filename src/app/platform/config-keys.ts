import { z } from 'zod';
import { Secret } from './secret.js';

/** One environment variable: what the table in docs/OPERATING.md says about it, and how it is read. */
export interface ConfigKey<Value = unknown> {
  readonly name: string;
  readonly description: string;
  /** Of the number or text: bytes, path, URL … */
  readonly unit: string;
  /** As documented; the value itself is in `schema`. */
  readonly default: string;
  readonly schema: z.ZodType<Value, string | undefined>;
}

const key = <Value>(
  name: string,
  [description, unit, byDefault]: readonly [string, string, string],
  schema: z.ZodType<Value, string | undefined>,
): ConfigKey<Value> => ({ name, description, unit, default: byDefault, schema });

const text = z.string().optional();
const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();
const url = (...protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const secretUrl = (...protocols: readonly string[]) =>
  url(...protocols)
    .transform((value) => new Secret(value))
    .optional();
const integer = (from: number, to: number) =>
  z
    .string()
    .refine((value) => /^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to, {
      error: `expected a whole number from ${from} to ${to}`,
    })
    .transform(Number);
const bytes = (byDefault: number) => integer(1024, 2 ** 34).default(byDefault);

const MIB = 2 ** 20;
const postgres = secretUrl('postgres:', 'postgresql:');

/** Every setting of the service. Nothing else is read from the environment. */
export const CONFIG_KEYS = {
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
  decisionKeyFile: key(
    'ASSAY_DECISION_KEY_FILE',
    ['P-256 private key that signs statements (API and worker).', 'PEM file', '<data>/keys/decision.pem'],
    text,
  ),
  logKeyFile: key(
    'ASSAY_LOG_KEY_FILE',
    [
      'Ed25519 private key that signs checkpoints. Readable by the integrator alone.',
      'PEM file',
      '<data>/keys/log.pem',
    ],
    text,
  ),
  exportKeyFile: key(
    'ASSAY_EXPORT_KEY_FILE',
    [
      'Ed25519 private key that signs the manifests of evidence packs. Readable by the worker alone.',
      'PEM file',
      '<data>/keys/export.pem',
    ],
    text,
  ),
  pseudonymKeyFile: key(
    'ASSAY_PSEUDONYM_KEY_FILE',
    [
      'Key under which people become pseudonyms in the ledger.',
      'file of 64 hex digits',
      '<data>/keys/pseudonym.key',
    ],
    text,
  ),
  keyEncryptionKeyFile: key(
    'ASSAY_KEY_ENCRYPTION_KEY_FILE',
    ['Key that encrypts the keys of personal fields.', 'file of 64 hex digits', '<data>/keys/kek.key'],
    text,
  ),
  logOrigin: key(
    'ASSAY_LOG_ORIGIN',
    ['Name of this log in its checkpoints, never reused for another log.', 'host name', 'made with the keys'],
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'expected a host name such as log.example.org' })
      .optional(),
  ),
  logPublic: key(
    'ASSAY_LOG_PUBLIC',
    [
      'Whether anyone may read the log at /log (checkpoint, tiles, leaves: no personal data), or only holders of ledger.read.',
      'true | false',
      'false',
    ],
    flag,
  ),
  witnessPolicyFile: key(
    'ASSAY_WITNESS_POLICY_FILE',
    [
      'Witnesses that cosign checkpoints, and how many must have before one is published (API and integrator).',
      'C2SP tlog-policy file',
      'no witnesses',
    ],
    text,
  ),
  trustedKeysFolder: key(
    'ASSAY_TRUSTED_KEYS_FOLDER',
    [
      'Keys whose signatures on statements (in-toto in DSSE or a Sigstore bundle) count as evidence: one `<name>.pem` each, Ed25519, ECDSA or RSA (API and worker).',
      'folder',
      'no key, so no signed statement counts',
    ],
    text,
  ),
  jwtJwksUrl: key(
    'ASSAY_JWT_JWKS_URL',
    ['Public keys of the token issuer. Either this or ASSAY_JWT_PUBLIC_KEY_FILE.', 'URL', 'the demo issuer'],
    url('https:', 'http:').optional(),
  ),
  jwtPublicKeyFile: key(
    'ASSAY_JWT_PUBLIC_KEY_FILE',
    ['Public key of the token issuer.', 'PEM file', 'the demo issuer'],
    text,
  ),
  jwtIssuer: key(
    'ASSAY_JWT_ISSUER',
    ['Required `iss` of every token.', 'text', 'urn:assay:demo'],
    z.string().default('urn:assay:demo'),
  ),
  jwtAudience: key(
    'ASSAY_JWT_AUDIENCE',
    ['Required `aud` of every token.', 'text', 'assay'],
    z.string().default('assay'),
  ),
  jwtAlgorithm: key(
    'ASSAY_JWT_ALGORITHM',
    ['The one algorithm accepted; the token never chooses.', 'RS256 | ES256', 'ES256'],
    z.enum(['RS256', 'ES256']).default('ES256'),
  ),
  blobS3Bucket: key(
    'ASSAY_BLOB_S3_BUCKET',
    [
      'Keeps evidence and other blobs in this bucket of an S3-compatible service, not in the data folder. Credentials are found the way AWS tools find them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of the machine.',
      'name',
      'the data folder',
    ],
    text,
  ),
  blobS3Endpoint: key(
    'ASSAY_BLOB_S3_ENDPOINT',
    ["Of a service that is not Amazon's.", 'URL', 'Amazon S3'],
    url('https:', 'http:').optional(),
  ),
  blobS3Region: key(
    'ASSAY_BLOB_S3_REGION',
    ['Region of the bucket.', 'name', 'us-east-1'],
    z.string().default('us-east-1'),
  ),
  blobS3Prefix: key(
    'ASSAY_BLOB_S3_PREFIX',
    ['What every key in the bucket begins with.', 'text that ends in /', 'nothing'],
    z
      .string()
      .regex(/^([A-Za-z0-9._-]+\/)*$/, { error: 'expected names that each end in a slash, e.g. assay/' })
      .default(''),
  ),
  blobS3PathStyle: key(
    'ASSAY_BLOB_S3_PATH_STYLE',
    [
      'Whether the bucket is part of the path and not of the host name; many services want that.',
      'true | false',
      'false',
    ],
    flag,
  ),
  uploadLimitBytes: key(
    'ASSAY_UPLOAD_LIMIT_BYTES',
    ['Largest evidence file, decompressed. Memory does not grow with it.', 'bytes', `${1024 * MIB}`],
    bytes(1024 * MIB),
  ),
  sourceLimitBytes: key(
    'ASSAY_SOURCE_LIMIT_BYTES',
    ['Largest source archive that is taken in to be scanned.', 'bytes', `${1024 * MIB}`],
    bytes(1024 * MIB),
  ),
  scannersDir: key(
    'ASSAY_SCANNERS_DIR',
    ['Where scanners are installed; the worker must be able to run them.', 'path', '<data>/cache/scanners'],
    text,
  ),
  scannerDataDir: key(
    'ASSAY_SCANNER_DATA_DIR',
    [
      'Databases that scanners judge with: `govulndb/`, `osv/`, `retire/`; each with a `snapshot.json` that says when it was taken.',
      'path',
      '<data>/scanner-data',
    ],
    text,
  ),
  checkoutsFolder: key(
    'ASSAY_CHECKOUTS_FOLDER',
    [
      'Git repositories, bare or not, that may be scanned at a commit, each in a folder by its name. Nothing is fetched into them.',
      'path',
      'none',
    ],
    text,
  ),
  scanSeconds: key(
    'ASSAY_SCAN_SECONDS',
    ['Longest run of one scanner; then it is ended, and that is evidence.', 'seconds', '900'],
    integer(1, 86_400).default(900),
  ),
  scanMemoryBytes: key(
    'ASSAY_SCAN_MEMORY_BYTES',
    ['Memory of one scanner and everything it starts.', 'bytes', `${3072 * MIB}`],
    bytes(3072 * MIB),
  ),
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
