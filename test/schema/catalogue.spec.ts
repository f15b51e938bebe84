import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { expectFile } from '../support/expect-file.js';
import { printCatalogue } from '../support/print-catalogue.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('the migrated database is the one of migrations/schema.sql (UPDATE_GOLDEN=1 after a new migration)', async () => {
  const text = await printCatalogue((sql) => database.admin.query(sql));
  expect(text).not.toMatch(/assay_test_|assay_template_/);
  expectFile(`${import.meta.dirname}/../../migrations/schema.sql`, text);
});
