import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countMatching, MAX_COUNTED } from '../../src/kernel/count-matching.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.admin.query(
    `CREATE TABLE public.thing AS SELECT i AS number, i % 2 = 0 AS even FROM generate_series(1, 25000) i`,
  );
});
afterAll(() => database.drop());

const smaller = (than: number): Promise<number> =>
  countMatching(database.admin, 'public.thing WHERE number <= $1', [than]);

describe('how many match', () => {
  it.each([0, 1, 9_999, MAX_COUNTED])('is exact for %i', async (count) => {
    expect(await smaller(count)).toBe(count);
  });

  it.each([MAX_COUNTED + 1, MAX_COUNTED + 2, 25_000])('says "more than the bound" of %i', async (count) => {
    expect(await smaller(count)).toBe(MAX_COUNTED + 1);
  });

  it('counts what matches, not what is looked at', async () => {
    expect(await countMatching(database.admin, 'public.thing WHERE even AND number <= $1', [20_000])).toBe(
      10_000,
    );
  });
});
