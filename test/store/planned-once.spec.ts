import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { connectAs } from '../../src/app/database/connect.js';
import { ofAll, ofOne } from '../../src/app/database/on-behalf-of.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { plannedOnce } from '../../src/kernel/planned-once.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const [OURS, THEIRS] = [randomUUID(), randomUUID()];
const PROJECTS = plannedOnce('SELECT slug FROM assay.project WHERE slug = ANY ($1::text[]) ORDER BY slug');
const BOTH = ['ours', 'theirs'];
/** PostgreSQL plans for the given values this often before it considers one plan for all. */
const BEFORE_ONE_PLAN = 5;

let db: TestDatabase;
let pool: DataSource;
let runner: QueryRunner;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const [slug, orgId] of [
    ['ours', OURS],
    ['theirs', THEIRS],
  ])
    await db.admin.query(
      `WITH o AS (INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
                  VALUES ($1, $2, 'Some', 'UTC', 'en', now(), '') RETURNING org_id)
       INSERT INTO assay.project (project_id, org_id, slug, name, created_at, entry_key)
       SELECT gen_random_uuid(), org_id, $2, 'Some', now(), decode(md5($2), 'hex') FROM o`,
      [orgId, slug],
    );
});
afterAll(() => db.drop());

/** A connection of its own for each test. */
beforeEach(async () => {
  pool = await connectAs(db.url, DATABASE_ROLES.service, { poolSize: 1 });
  runner = pool.createQueryRunner();
});
afterEach(async () => {
  await runner.release();
  await pool.destroy();
});

const slugs = async (on: EntityManager): Promise<string[]> =>
  (await on.query<{ slug: string }[]>(PROJECTS, [BOTH])).map(({ slug }) => slug);

/** What this connection keeps, but for the telling. */
const kept = async (): Promise<{ plans: number; oneForAll: boolean }[]> =>
  runner.query(
    `SELECT (generic_plans + custom_plans)::int AS plans, generic_plans > 0 AS "oneForAll" FROM pg_prepared_statements
      WHERE statement LIKE '/* planned once */%' ORDER BY 1 DESC`,
  ) as Promise<{ plans: number; oneForAll: boolean }[]>;

describe('a statement that is planned once', () => {
  it('is kept by its connection, for each role, and has the organisation of each call', async () => {
    const asked = BEFORE_ONE_PLAN + 3;
    for (let time = 0; time < asked; time++) {
      expect(await slugs(ofOne(runner.manager, OURS))).toEqual(['ours']);
      expect(await slugs(ofOne(runner.manager, THEIRS))).toEqual(['theirs']);
      expect(await slugs(ofAll(runner.manager))).toEqual(BOTH);
      expect(await slugs(ofOne(runner.manager, randomUUID()))).toEqual([]);
    }
    const plans = await kept();
    expect(plans.map((each) => each.plans)).toEqual([3 * asked, asked]);
    expect(plans[0]?.oneForAll).toBe(true);
  });

  it('is not what has no mark', async () => {
    await ofOne(runner.manager, OURS).query('SELECT slug FROM assay.project WHERE slug = $1', ['ours']);
    expect(await kept()).toEqual([]);
  });

  it('answers again after it failed', async () => {
    const on = ofOne(runner.manager, OURS);
    const half = plannedOnce('SELECT 84 / $1::integer AS half');
    expect(await on.query(half, [2])).toEqual([{ half: 42 }]);
    await expect(on.query(half, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await on.query(half, [2])).toEqual([{ half: 42 }]);
    await expect(on.query(plannedOnce('SELECT nothing FROM nowhere'))).rejects.toMatchObject({
      code: '42P01',
    });
    expect(await slugs(on)).toEqual(['ours']);
  });

  it('answers after a transaction that had failed before it was told', async () => {
    const on = ofOne(runner.manager, OURS);
    await runner.startTransaction();
    await expect(runner.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(slugs(on)).rejects.toMatchObject({ code: '25P02' });
    await runner.rollbackTransaction();
    expect(await slugs(on)).toEqual(['ours']);
    expect(await slugs(on)).toEqual(['ours']);
  });

  it('is refused once, and not for ever, when a migration changes what it answers', async () => {
    await db.admin.query('CREATE TABLE assay.changing (n integer); GRANT SELECT ON assay.changing TO PUBLIC');
    const all = plannedOnce('SELECT * FROM assay.changing');
    const on = ofOne(runner.manager, OURS);
    expect(await on.query(all)).toEqual([]);
    await db.admin.query(
      'ALTER TABLE assay.changing ADD COLUMN more integer; INSERT INTO assay.changing VALUES (1, 2)',
    );
    await expect(on.query(all)).rejects.toMatchObject({ code: '0A000' });
    expect(await on.query(all)).toEqual([{ n: 1, more: 2 }]);
  });
});
