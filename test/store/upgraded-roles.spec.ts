import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { narrowed } from '../../src/access/narrowing.service.js';
import { bootstrapDatabase } from '../../src/app/database/bootstrap.js';
import { connectAs } from '../../src/app/database/connect.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/app/database/embedded-postgres.io.js';
import { migrate } from '../../src/app/database/migrate.js';
import { ofAll, ofOne } from '../../src/app/database/on-behalf-of.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';

/** Roles belong to a whole server: an older release's can only be shown on one of our own. */
const dataDir = mkdtempSync(join(tmpdir(), 'assay-roles-'));
const { service, across, narrowed: narrow } = DATABASE_ROLES;
const ORG = '0b6f5a52-56a0-4a54-9b16-2f7b3d2b5c11';
let server: EmbeddedPostgres;
let admin: pg.Client;
const sources: DataSource[] = [];

async function asLogin(login: string): Promise<DataSource> {
  const url = new URL(server.url);
  url.username = login;
  url.password = 'secret';
  const source = await connectAs(url.href, service, { poolSize: 1 });
  sources.push(source);
  return source;
}
const organisations = (source: DataSource): Promise<{ n: number }[]> =>
  ofAll(source.manager).query('SELECT count(*)::int AS n FROM assay.organisation');

beforeAll(async () => {
  server = await startEmbeddedPostgres({ dataDir, durable: false });
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(
    `CREATE ROLE ${service} NOLOGIN; CREATE ROLE before LOGIN PASSWORD 'secret' IN ROLE ${service}`,
  );
  await bootstrapDatabase(server.url);
  await migrate(server.url);
  await admin.query(
    `INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
     VALUES ($1, 'one', 'One', 'UTC', 'en', now(), '\\x00112233445566778899aabbccddeeff')`,
    [ORG],
  );
}, 60_000);
afterAll(async () => {
  await Promise.all(sources.map((source) => source.destroy()));
  await admin.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the role that acts for all organisations', () => {
  it('is given to a login that was the service’s before there was it', async () => {
    const source = await asLogin('before');
    expect(await organisations(source)).toEqual([{ n: 1 }]);
    expect(await source.query('SELECT current_user AS role')).toEqual([{ role: service }]);
    expect(await source.query('SELECT count(*)::int AS n FROM assay.organisation')).toEqual([{ n: 0 }]);
  });

  it('is not given to one that comes later, nor again to one it was taken from', async () => {
    await admin.query(
      `CREATE ROLE later LOGIN PASSWORD 'secret' IN ROLE ${service}; REVOKE ${across} FROM before`,
    );
    await bootstrapDatabase(server.url);
    for (const login of ['later', 'before']) {
      const source = await asLogin(login);
      await expect(organisations(source)).rejects.toMatchObject({
        code: '42501',
        message: `permission denied to set role "${across}"`,
      });
      const own = await ofOne(source.manager, ORG).query('SELECT count(*)::int AS n FROM assay.organisation');
      expect(own).toEqual([{ n: 1 }]); // for one organisation it needs no other role
    }
  });
});

describe('the role that acts for some projects', () => {
  const inProject = (source: DataSource): Promise<{ n: number }[]> =>
    narrowed([ORG], () => ofOne(source.manager, ORG)).query(
      'SELECT count(*)::int AS n FROM assay.organisation',
    );

  it('is given to a login that was the service’s before there was it, and not to one that comes later', async () => {
    expect(await inProject(await asLogin('before'))).toEqual([{ n: 1 }]);
    await expect(inProject(await asLogin('later'))).rejects.toMatchObject({
      code: '42501',
      message: `permission denied to set role "${narrow}"`,
    });
  });
});
