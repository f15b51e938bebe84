import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { bootstrapDatabase, BootstrapRefused } from '../../src/app/database/bootstrap.js';
import { connectAs } from '../../src/app/database/connect.js';
import { migrate, pendingMigrations } from '../../src/app/database/migrate.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { transactions } from '../../src/app/database/transaction.js';
import { failed, ok } from '../../src/kernel/result.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  testServerUrl,
  type TestDatabase,
} from '../support/database.js';

describe('a bootstrapped and migrated database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('gives the service a role that owns no table and cannot make one', async () => {
    const owned = await database.service.query(
      `SELECT relname FROM pg_class WHERE relowner = $1::regrole OR relowner = $2::regrole`,
      [DATABASE_ROLES.service, DATABASE_ROLES.integrator],
    );
    expect(owned).toEqual([]);
    await expect(database.service.query('CREATE TABLE assay.mine (x int)')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('has no pending migration', async () => {
    expect(await pendingMigrations((sql) => database.service.query(sql))).toEqual([]);
  });

  it('may be bootstrapped and migrated again, by several at once', async () => {
    // Many, for the race that is lost after the role was taken on is a rare one.
    await Promise.all(Array.from({ length: 24 }, () => bootstrapDatabase(database.url)));
    const reports = await Promise.all([1, 2].map(() => migrate(database.url)));
    expect(reports).toEqual([{ applied: [] }, { applied: [] }]);
  });

  it('commits an ok result, and rolls back a failed one like an exception', async () => {
    await database.admin.query(
      'CREATE TABLE public.note (text text); GRANT ALL ON public.note TO assay_service',
    );
    const inTransaction = transactions(database.service, (manager) => ({
      write: (text: string) => manager.query('INSERT INTO public.note VALUES ($1)', [text]),
    }));
    await inTransaction(async ({ write }) => ok(await write('kept')));
    const refused = await inTransaction(async ({ write }) => failed(await write('refused')));
    expect(refused.ok).toBe(false);
    const thrown = inTransaction(async ({ write }) => {
      await write('thrown');
      throw new Error('outage');
    });
    await expect(thrown).rejects.toThrow('outage');
    expect(await database.admin.query('SELECT text FROM public.note')).toEqual([{ text: 'kept' }]);
  });

  it('retries a deadlock until it is through, and gives up after five attempts', async () => {
    let attempts = 0;
    const inTransaction = transactions(database.service, (manager) => ({
      fail: () => manager.query(`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`),
    }));
    const through = await inTransaction(async ({ fail }) => {
      attempts += 1;
      if (attempts < 3) await fail();
      return ok(attempts);
    });
    expect(through).toEqual(ok(3));
    attempts = 0;
    const never = inTransaction(async ({ fail }) => {
      attempts += 1;
      await fail();
      return ok(attempts);
    });
    await expect(never).rejects.toThrow('deadlock');
    expect(attempts).toBe(5);
  });
});

describe('bootstrap by a login that is no superuser', () => {
  const name = `assay_admin_${String(process.pid)}`;
  let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
  const superuser = new pg.Client({ connectionString: testServerUrl() });
  const urlOf = (login: string): string => {
    const url = new URL(empty.url);
    url.username = login;
    url.password = 'secret';
    return url.href;
  };
  beforeAll(async () => {
    empty = await createEmptyDatabase();
    await superuser.connect();
    await superuser.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD 'secret'`);
    await superuser.query(`CREATE ROLE ${name}_weak LOGIN PASSWORD 'secret'`);
    await superuser.query(
      `GRANT CREATE ON DATABASE ${new URL(empty.url).pathname.slice(1)} TO ${name} WITH GRANT OPTION`,
    );
  });
  afterAll(async () => {
    await empty.drop();
    await superuser.query(`DROP ROLE ${name}_weak`);
    await superuser.query(`DROP OWNED BY ${name}`).catch(() => undefined);
    await superuser.query(`DROP ROLE IF EXISTS ${name}`);
    await superuser.end();
  });

  it('says what an administrator has to do when the login may not', async () => {
    const refused = bootstrapDatabase(urlOf(`${name}_weak`));
    await expect(refused).rejects.toThrow(BootstrapRefused);
    await expect(refused).rejects.toThrow(/CREATE ROLE assay_owner NOLOGIN/);
  });

  it('works when the roles were granted to it', async () => {
    const roles = Object.values(DATABASE_ROLES).join(', ');
    await superuser.query(`GRANT ${roles} TO ${name} WITH ADMIN OPTION`);
    await bootstrapDatabase(urlOf(name));
    expect((await migrate(urlOf(name))).applied.length).toBeGreaterThan(0);
    const service = await connectAs(urlOf(name), DATABASE_ROLES.service);
    expect(await service.query('SELECT current_user AS role')).toEqual([{ role: 'assay_service' }]);
    await service.destroy();
  });
});
