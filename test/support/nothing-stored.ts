import { expect } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApplication } from './application.js';

/** Does something, and fails the test if a row, an entry or a file of it is left – half-stored or whole. */
export async function nothingStoredBy<T>(app: TestApplication, act: () => Promise<T>): Promise<T> {
  const before = await everythingStored(app);
  const answer = await act();
  expect(await everythingStored(app)).toEqual(before);
  return answer;
}

async function everythingStored({ database, platform }: TestApplication): Promise<object> {
  const tables: { name: string }[] = await database.admin.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('assay', 'ledger', 'bullmq') ORDER BY 1`,
  );
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*) FROM ${name}`);
  const rows: unknown = await database.admin.query(counts.join(' UNION ALL '));
  const blobs = readdirSync(join(platform.config.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  const files = blobs.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return { rows, files: files.sort() };
}
