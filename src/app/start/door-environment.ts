import { join } from 'node:path';
import type { Config, Environment } from '../platform/config.js';
import type { PreparedDatabase } from './prepare-database.io.js';

/** Never inherited as they are: each door is given the ones it needs. */
const WITHHELD = [
  'DATABASE_URL',
  'ASSAY_SERVICE_DATABASE_URL',
  'ASSAY_INTEGRATOR_DATABASE_URL',
  'ASSAY_ERASER_DATABASE_URL',
  'ASSAY_DECISION_KEY_FILE',
  'ASSAY_LOG_KEY_FILE',
  'ASSAY_EXPORT_KEY_FILE',
  'ASSAY_PSEUDONYM_KEY_FILE',
  'ASSAY_KEY_ENCRYPTION_KEY_FILE',
  'ASSAY_PORT',
];

/**
 * What one door finds in its environment: its own database login, and only the keys it works with. The login
 * that prepares and migrates reaches none of them, the log key only the integrator, the export key only the worker.
 */
export function doorEnvironment(
  door: 'api' | 'worker' | 'integrator',
  config: Config,
  database: PreparedDatabase,
  inherited: Environment,
): Environment {
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => !WITHHELD.includes(name)));
  const common = {
    ...kept,
    ASSAY_DATA_DIR: config.dataDir,
    ASSAY_DEMO: String(config.demo),
    NODE_COMPILE_CACHE: kept['NODE_COMPILE_CACHE'] ?? join(config.dataDir, 'compiled'), // Node 22 and later: starts sooner
  };
  if (door === 'integrator')
    return {
      ...common,
      ASSAY_INTEGRATOR_DATABASE_URL: database.integratorUrl,
      ASSAY_LOG_KEY_FILE: config.logKeyFile,
    };
  return {
    ...common,
    ...(door === 'api'
      ? { ASSAY_PORT: String(config.port ?? ''), ASSAY_ERASER_DATABASE_URL: database.eraserUrl }
      : { ASSAY_EXPORT_KEY_FILE: config.exportKeyFile }),
    ASSAY_SERVICE_DATABASE_URL: database.serviceUrl,
    ASSAY_DECISION_KEY_FILE: config.decisionKeyFile,
    ASSAY_PSEUDONYM_KEY_FILE: config.pseudonymKeyFile,
    ASSAY_KEY_ENCRYPTION_KEY_FILE: config.keyEncryptionKeyFile,
  };
}
