import { z } from 'zod';
import { type ConfigKey, bytes, integer, flag, key, MIB, text, url } from './config-key.js';

/** What is taken in, scanned and kept, and where. */
export const INTAKE_KEYS = {
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
} as const satisfies Record<string, ConfigKey>;
