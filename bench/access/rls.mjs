/**
 * What row-level security costs (docs/adr/0022-row-level-security.md): the product's own reads and writes, once as the
 * owner, whom no policy binds and nobody tells anything, and once as the service does them. Beside it the ways of
 * telling that were not chosen. All take turns in one run; every call is about another organisation than the one before.
 * `narrowed` is the same for somebody whose roles are of one project: by its column, and by the gate that runs hang on.
 *
 *     ASSAY_TEST_POSTGRES_URL=postgres://… node bench/access/rls.mjs [--organisations 1000] [--calls 2000]
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { narrowed } from '../../dist/src/access/narrowing.service.js';
import { PgOrganisationStore } from '../../dist/src/access/organisation.store.pg.js';
import { PgPrincipalRead } from '../../dist/src/access/principal.read.pg.js';
import { bootstrapDatabase } from '../../dist/src/app/database/bootstrap.js';
import { connectAs } from '../../dist/src/app/database/connect.js';
import { ENTITIES } from '../../dist/src/app/database/entities.js';
import { migrate } from '../../dist/src/app/database/migrate.js';
import { ofOrganisations } from '../../dist/src/app/database/on-behalf-of.js';
import { DATABASE_ROLES } from '../../dist/src/app/database/roles.js';
import { transactions } from '../../dist/src/app/database/transaction.js';
import { PgGateRunRead } from '../../dist/src/gate/run/run.read.pg.js';
import { quantile } from '../support/measure.mjs';

const { values } = parseArgs({
  options: {
    organisations: { type: 'string', default: '1000' },
    calls: { type: 'string', default: '2000' },
  },
});
const [ORGANISATIONS, CALLS] = [Number(values.organisations), Number(values.calls)];
const WARM_UP = 200;
const PROJECTS = 50;
const RUNS = 50;
const AT_ONCE = 10;
const ACROSS = ['byClaims', 'organisationBySlug'];
const RUNS_ACROSS = ['due', 'dead', 'late'];
const serverUrl = process.env['ASSAY_TEST_POSTGRES_URL'];
if (!serverUrl) throw new Error('ASSAY_TEST_POSTGRES_URL: the URL of a superuser is needed');

const server = new pg.Client({ connectionString: serverUrl });
await server.connect();
const name = `assay_bench_${randomBytes(4).toString('hex')}`;
await server.query(`CREATE DATABASE ${name}`);
const url = new URL(serverUrl);
url.pathname = `/${name}`;

const open = [];
async function as(role) {
  const source = await connectAs(url.href, role, { entities: ENTITIES, poolSize: AT_ONCE });
  open.push(source);
  return source;
}

try {
  await bootstrapDatabase(url.href);
  await migrate(url.href);
  const [owner, service] = [await as(DATABASE_ROLES.owner), await as(DATABASE_ROLES.service)];
  await owner.query(`
    INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
      SELECT gen_random_uuid(), 'org-' || i, 'Organisation', 'UTC', 'en', now(), uuid_send(gen_random_uuid())
        FROM generate_series(1, ${ORGANISATIONS}) i;
    INSERT INTO assay.project (project_id, org_id, slug, name, created_at, entry_key)
      SELECT gen_random_uuid(), org_id, 'project-' || i, 'Project', now(), uuid_send(gen_random_uuid())
        FROM assay.organisation, generate_series(1, ${PROJECTS}) i;
    INSERT INTO assay.gate (org_id, gate_id, project_id, title, locus, chk_id, checklist_version, owner_role, max_run_ms,
           fallback, version, entry_key)
      SELECT org_id, 'GATE_' || upper(slug), project_id, 'Gate', 'PR', 'CHK_A', 1, 'QA', 60000, 'closed', 1, entry_key
        FROM assay.project;
    INSERT INTO assay.gate_run (run_id, org_id, gate_id, art_id, artefact_digest, attempt, state, requested_by, started_at,
           deadline_at, entry_key)
      SELECT gen_random_uuid(), org_id, gate_id, 'ART_A', 'sha256:' || repeat('0', 64), 1, 'failed', org_id,
             now() - i * interval '1 minute', now(), entry_key
        FROM assay.gate, generate_series(1, ${RUNS}) i WHERE gate_id = 'GATE_PROJECT-1';
    ANALYZE assay.organisation, assay.project, assay.gate, assay.gate_run;`);
  const known = await owner.query(
    `SELECT DISTINCT ON (org_id) org_id AS "orgId", project_id AS "projectId", run_id AS "runId"
       FROM assay.project JOIN assay.gate USING (org_id, project_id) JOIN assay.gate_run USING (org_id, gate_id)`,
  );
  let turn = 0;
  const next = () => known[turn++ % known.length];

  const free = new PgPrincipalRead(owner.manager);
  const bound = ofOrganisations(service.manager, PgPrincipalRead, ...ACROSS);
  const one = (read, { orgId, projectId }) => read.nameOf(orgId, projectId);
  const page = (read, { orgId }) => read.projects(orgId);
  const freeRuns = new PgGateRunRead(owner.manager);
  const boundRuns = ofOrganisations(service.manager, PgGateRunRead, ...RUNS_ACROSS);
  const run = (read, { orgId, runId }) => read.run(orgId, runId);
  const runs = (read, { orgId }) => read.runs(orgId, { gateId: 'GATE_PROJECT-1' }, { first: RUNS });
  const within = (call, read) => {
    const whose = next();
    return narrowed([whose.projectId], () => call(read, whose));
  };
  const widths = (call, open, guarded) => ({
    'not guarded': () => call(open, next()),
    'told with the statement (as built)': () => call(guarded, next()),
    'narrowed to one project': () => within(call, guarded),
  });
  const ways = (read) => ({
    'not guarded': () => read(free, next()),
    'told with the statement (as built)': () => read(bound, next()),
    'narrowed to one project': () => within(read, bound),
    'told before it, two round trips': () => toldBefore(service, read, next()),
    'a transaction for each read': () => inTransaction(service, read, next()),
  });
  const added = (tx) => async () => {
    const { orgId } = next();
    const project = { projectId: randomUUID(), orgId, slug: `new-${randomUUID()}`, name: 'Project' };
    const done = await tx(async ({ organisations }) => {
      await organisations.addProject(project, { at: Date.now(), entryKey: randomBytes(16) });
      return { ok: true, value: undefined };
    });
    if (!done.ok) throw new Error('not added');
  };
  const measured = {
    'one row by its id': ways(one),
    [`a list of ${PROJECTS}`]: ways(page),
    'a gate run by its id': widths(run, freeRuns, boundRuns),
    [`a list of ${RUNS} gate runs`]: widths(runs, freeRuns, boundRuns),
    'a row added in a transaction': {
      'not guarded': added(transactions(owner, (on) => ({ organisations: new PgOrganisationStore(on) }))),
      'told with the statement (as built)': added(
        transactions(service, (on) => ({ organisations: ofOrganisations(on, PgOrganisationStore) })),
      ),
    },
    [`one row by its id, ${AT_ONCE} at once`]: {
      'not guarded': () => Promise.all(Array.from({ length: AT_ONCE }, () => one(free, next()))),
      'told with the statement (as built)': () =>
        Promise.all(Array.from({ length: AT_ONCE }, () => one(bound, next()))),
      'narrowed to one project': () => Promise.all(Array.from({ length: AT_ONCE }, () => within(one, bound))),
    },
  };

  console.log(
    `${known.length} organisations of ${PROJECTS} projects; load ${loadavg()[0].toFixed(1)} at the start`,
  );
  for (const [what, contestants] of Object.entries(measured)) {
    const times = await race(contestants);
    const base = quantile(times['not guarded'], 0.1);
    for (const [way, taken] of Object.entries(times)) {
      const p10 = quantile(taken, 0.1);
      console.log(
        `${what.padEnd(30)} ${way.padEnd(36)} p10 ${p10.toFixed(0).padStart(5)} us ${(p10 / base).toFixed(2)} x  ` +
          `p50 ${quantile(taken, 0.5).toFixed(0).padStart(5)} us`,
      );
    }
  }
  const [{ n }] = await service.query('SELECT count(*)::int AS n FROM assay.project');
  console.log(`load ${loadavg()[0].toFixed(1)} at the end; projects that the service sees untold: ${n}`);
  if (n !== 0) process.exitCode = 1;
} finally {
  for (const source of open) await source.destroy();
  await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await server.end();
}

/**
 * Microseconds of every call of each contestant. They take turns call by call, and the tenth percentile is compared:
 * what else runs on the machine makes calls slower and never faster.
 */
async function race(contestants) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((way) => [way, []]));
  for (let call = 0; call < CALLS + WARM_UP; call++)
    for (let offset = 0; offset < names.length; offset++) {
      const way = names[(call + offset) % names.length];
      const before = performance.now();
      await contestants[way]();
      if (call >= WARM_UP) times[way].push((performance.now() - before) * 1000);
    }
  return times;
}

async function toldBefore(source, read, whose) {
  const runner = source.createQueryRunner();
  try {
    await runner.query(`SELECT set_config('assay.org_id', $1, false)`, [whose.orgId]);
    return await read(new PgPrincipalRead(runner.manager), whose);
  } finally {
    await runner.query('RESET assay.org_id');
    await runner.release();
  }
}

function inTransaction(source, read, whose) {
  return source.transaction(async (manager) => {
    await manager.query(`SELECT set_config('assay.org_id', $1, true)`, [whose.orgId]);
    return read(new PgPrincipalRead(manager), whose);
  });
}
