import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../src/app/database/entities.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/**
 * Written by TypeORM itself, which maps it to no entity. The ledger's tables have none either: its functions write
 * them, and migrations/schema.sql pins their shape.
 */
const WITHOUT_ENTITY = ['assay.migration'];

describe('entities and migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(ENTITIES);
  });
  afterAll(() => database.drop());

  it('describe the same tables: TypeORM would change nothing', async () => {
    const drift = await database.admin.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('leave no table without an entity', async () => {
    const tables: { name: string }[] = await database.admin.query(`
      SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'assay' ORDER BY 1`);
    const mapped = database.admin.entityMetadatas.map((entity) => entity.tablePath);
    expect(tables.map(({ name }) => name)).toEqual([...mapped, ...WITHOUT_ENTITY].sort());
  });
});
