import { cpSync, mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlatform, type Platform } from '../../src/app/platform/platform.js';
import { ensureKeys } from '../../src/app/platform/keys.io.js';
import type { Config } from '../../src/app/platform/config.js';
import { seedDemo } from '../../src/app/seed/seed.io.js';
import { cloneDatabase, ensureTemplate, migratedTemplate, type TestDatabase } from './database.js';

/**
 * What is made once in this run of jest: a database template of this name and a folder of this name in the temporary one.
 * global-setup.mjs gives it, global-teardown.mjs removes both.
 */
function nameOfRun(): string {
  const name = process.env['ASSAY_TEST_SEEDED'];
  if (name === undefined) throw new Error('specs of the service run in the "system" project');
  return name;
}

export interface Installed {
  readonly database: TestDatabase;
  readonly dataDir: string;
}

/**
 * A copy of an installation with the demo in it, which the first of a run that asks seeds with the real OPA: to compile
 * the starter packs takes longer than most specs. Each copy has the same keys.
 */
export async function seededInstallation(
  configFor: (databaseUrl: string, dataDir: string) => Config,
  clock: Platform['clock'],
): Promise<Installed> {
  const name = nameOfRun();
  const made = join(tmpdir(), name);
  const make = async (url: string): Promise<void> => {
    const draft = mkdtempSync(`${made}-`);
    await seed(configFor(url, draft), clock);
    renameSync(draft, made);
  };
  const template = await ensureTemplate(name, make, await migratedTemplate());
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-api-'));
  cpSync(made, dataDir, { recursive: true });
  return { dataDir, database: await cloneDatabase(template) };
}

async function seed(config: Config, clock: Platform['clock']): Promise<void> {
  ensureKeys(config);
  const platform = await openPlatform({ ...config, logLevel: 'silent' }, 'api');
  try {
    await seedDemo({ ...platform, clock, config: { ...config, opaPath: process.env['ASSAY_TEST_OPA'] } });
  } finally {
    await platform.close();
  }
}
