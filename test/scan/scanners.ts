import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxModes } from './support.js';

const ROOT = join(import.meta.dirname, '../..');

/** Where `scripts/scanners.mjs` installed them, or where a developer did. */
export const SCANNERS_DIR = process.env['ASSAY_TEST_SCANNERS'] ?? join(ROOT, '.assay/cache/scanners');

/** Whether real scanners can run here: some are installed, and this host lets us make a sandbox. */
export const canScan =
  existsSync(SCANNERS_DIR) && readdirSync(SCANNERS_DIR).length > 0 && sandboxModes().length > 0;
