import { join } from 'node:path';
import type { Config } from './config.js';

/** Where the integrator keeps its last signed checkpoint, outside the database. */
export const checkpointFile = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'checkpoint');
