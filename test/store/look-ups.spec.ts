import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OneByOne, Together, type LookUp } from '../../src/kernel/look-ups.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const ORG = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.admin.query(`
    CREATE TABLE public.thing (org_id uuid, name text, number integer, bytes bytea, at timestamptz, body jsonb);
    INSERT INTO public.thing SELECT CASE WHEN i % 7 = 0 THEN '${OTHER}' ELSE '${ORG}' END::uuid, 'n' || i % 10, i,
      decode(lpad(to_hex(i % 3), 2, '0'), 'hex'), timestamptz '2026-01-01Z' + i % 4 * interval '1 day',
      jsonb_build_object('i', i) FROM generate_series(1, 500) i`);
});
afterAll(() => database.drop());

const SELECT = `SELECT number, body FROM public.thing WHERE org_id = $1`;
/** Shapes of statement that the read models have. */
const SHAPES: Readonly<Record<string, readonly LookUp[]>> = {
  'a page of each': Array.from({ length: 12 }, (_, i) => ({
    sql: `${SELECT} AND name = $2 AND ($3::integer IS NULL OR number < $3) ORDER BY number DESC LIMIT $4`,
    types: ['text', 'integer', 'same'],
    parameters: [ORG, `n${String(i)}`, i % 2 === 0 ? null : 300, 3],
  })),
  'bytes and instants': ['00', '01', '02', '03'].map((hex, i) => ({
    sql: `${SELECT} AND bytes = $2 AND at >= $3 ORDER BY number`,
    types: ['bytea', 'timestamptz'],
    parameters: [ORG, Buffer.from(hex, 'hex'), new Date(Date.UTC(2026, 0, 1 + i))],
  })),
  'a sum, which always answers': ['n1', 'n2', 'nowhere'].map((name) => ({
    sql: `SELECT count(*) FROM public.thing WHERE org_id = $1 AND name = $2`,
    types: ['text'],
    parameters: [ORG, name],
  })),
  'awkward names': [`n1'`, `"n1"`, '{n1,n2}', '\\', 'NULL', '', 'n1'].map((name) => ({
    sql: `SELECT $2::text AS asked, count(*) FROM public.thing WHERE org_id = $1 AND name = $2`,
    types: ['text'],
    parameters: [ORG, name],
  })),
  'a function': [1, 2, 3].map((number) => ({
    sql: `SELECT generate_series(1, $2) AS n, $1::text AS org`,
    types: ['integer'],
    parameters: [ORG, number],
  })),
};

describe('look-ups that go together', () => {
  it.each(Object.entries(SHAPES))('answer as each alone does: %s', async (_what, lookUps) => {
    const statements: string[] = [];
    const on = {
      query: <T>(sql: string, parameters?: unknown[]): Promise<T> => {
        statements.push(sql);
        return database.admin.query<T>(sql, parameters);
      },
    };
    const together = new Together(() => on);
    const answers = await Promise.all(lookUps.map((one) => together.rows(one)));
    expect(statements).toHaveLength(1);
    const alone = new OneByOne(database.admin);
    expect(answers).toEqual(await Promise.all(lookUps.map((one) => alone.rows(one))));
  });
});
