/**
 * What row-level security costs a read, by how the organisation is told to the database. Measures only; nothing of the
 * service is switched (docs/adr/0022-row-level-security.md).
 *
 *     ASSAY_TEST_POSTGRES_URL=postgres://… node bench/access/rls.mjs [--rows 50000] [--reads 500]
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '50000' }, reads: { type: 'string', default: '500' } },
});
const [ROWS, READS] = [Number(values.rows), Number(values.reads)];
const serverUrl = process.env['ASSAY_TEST_POSTGRES_URL'];
if (!serverUrl) throw new Error('ASSAY_TEST_POSTGRES_URL: the URL of a superuser is needed');

const name = `assay_bench_${randomBytes(4).toString('hex')}`;
const server = new pg.Client({ connectionString: serverUrl });
await server.connect();
await server.query(`CREATE DATABASE ${name}`);
const url = new URL(serverUrl);
url.pathname = `/${name}`;
const admin = new pg.Client({ connectionString: url.href });
await admin.connect();
const role = `bench_${randomBytes(4).toString('hex')}`;
const org = randomUUID();

const TABLE = (table) => `
  CREATE TABLE ${table} (org_id uuid NOT NULL, id uuid PRIMARY KEY, digest text NOT NULL, at timestamptz NOT NULL);
  INSERT INTO ${table} SELECT CASE WHEN i % 10 = 0 THEN gen_random_uuid() ELSE '${org}' END, gen_random_uuid(),
    'sha256:' || encode(sha256(i::text::bytea), 'hex'), now() + i * interval '1 second' FROM generate_series(1, ${ROWS}) i;
  CREATE INDEX ON ${table} (org_id, at, id);
  GRANT SELECT ON ${table} TO ${role};
  ANALYZE ${table};`;

try {
  await admin.query(`CREATE ROLE ${role} NOLOGIN; ${TABLE('plain')} ${TABLE('guarded')}
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON guarded USING (org_id = nullif(current_setting('assay.org_id', true), '')::uuid);`);
  const idsOf = async (table) =>
    (await admin.query(`SELECT id FROM ${table} WHERE org_id = $1 LIMIT ${READS}`, [org])).rows.map(
      ({ id }) => id,
    );
  const ids = { plain: await idsOf('plain'), guarded: await idsOf('guarded') };
  const client = new pg.Client({ connectionString: url.href, options: `-c role=${role}` });
  await client.connect();
  const one = (table, id) => ({
    name: `one-${table}`,
    text: `SELECT * FROM ${table} WHERE org_id = $1 AND id = $2`,
    values: [org, id],
  });
  const page = (table) => ({
    name: `page-${table}`,
    text: `SELECT * FROM ${table} WHERE org_id = $1 ORDER BY at DESC, id DESC LIMIT 50`,
    values: [org],
  });
  const tell = { name: 'tell', text: `SELECT set_config('assay.org_id', $1, false)`, values: [org] };
  const tellLocal = {
    name: 'tell-local',
    text: `SELECT set_config('assay.org_id', $1, true)`,
    values: [org],
  };
  const ways = {
    'without row-level security': (table, read) => client.query(read('plain', table)),
    'told once per session (a pool per organisation)': (table, read) => client.query(read('guarded', table)),
    'told before each read, two round trips': async (table, read) => {
      await client.query(tell);
      await client.query(read('guarded', table));
    },
    'a transaction for each read': async (table, read) => {
      await client.query('BEGIN READ ONLY');
      await client.query(tellLocal);
      await client.query(read('guarded', table));
      await client.query('COMMIT');
    },
  };
  await client.query(tell);
  const figures = [];
  for (const [what, read] of [
    ['one row by its id', (table, i) => one(table, ids[table][i % ids[table].length])],
    ['a page of 50', (table) => page(table)],
  ])
    for (const [way, ask] of Object.entries(ways)) {
      for (let i = 0; i < 200; i++) await ask(i, read);
      const times = [];
      for (let i = 0; i < READS; i++) {
        const before = process.hrtime.bigint();
        await ask(i, read);
        times.push(Number(process.hrtime.bigint() - before) / 1e3);
      }
      times.sort((a, b) => a - b);
      figures.push({ what, way, p10us: times[Math.floor(READS * 0.1)], p50us: times[READS >> 1] });
    }
  for (const figure of figures) {
    const base = figures.find(({ what }) => what === figure.what);
    console.log(
      `${figure.what.padEnd(18)} ${figure.way.padEnd(50)} p10 ${figure.p10us.toFixed(0).padStart(5)} us  ` +
        `p50 ${figure.p50us.toFixed(0).padStart(6)} us  ${(figure.p10us / base.p10us).toFixed(2)} x`,
    );
  }
  const hidden = await client.query(`SELECT count(*)::int AS n FROM guarded WHERE org_id <> '${org}'`);
  console.log(`rows of others that can be seen: ${String(hidden.rows[0].n)}`);
  await client.end();
} finally {
  await admin.query(`DROP OWNED BY ${role}`).catch(() => undefined);
  await admin.end();
  await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await server.query(`DROP ROLE IF EXISTS ${role}`);
  await server.end();
}
