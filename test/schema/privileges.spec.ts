import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/**
 * Every privilege that every role has in our schemas, but for the owner's own. What is here and not in the
 * database fails, and so does what is there and not here.
 */
const SERVICE_APPENDS = [
  ...['access_grant', 'access_grant_revocation', 'principal_standing'],
  ...['artefact', 'artefact_version', 'checklist_activation'],
];

/** Functions that anybody but the owner may execute, and by whom. */
const EXECUTE: Readonly<Record<string, readonly string[]>> = {
  'ledger.append_batch': ['assay_service'],
  'assay.empty_insight': ['assay_service'],
  'assay.drop_untold_standing': ['assay_service'],
  'ledger.living_key': ['assay_eraser', 'assay_service'],
  'ledger.living_keys': ['assay_service'],
  'ledger.holds_on': ['assay_service'],
  'ledger.erase_person': ['assay_eraser'],
  'ledger.set_hold': ['assay_eraser'],
  'ledger.lift_hold': ['assay_eraser'],
  ...Object.fromEntries(
    ['gate', 'artefact', 'case', 'grant', 'run', 'evidence', 'scan', 'source', 'waiver', 'fact', 'entry'].map(
      (thing) => [`assay.narrowed_to_${thing}`, ['assay_narrowed']],
    ),
  ),
};

/** Tables of the ledger in which a role may do more than SELECT, with all that it may. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  assay_service: [
    'ledger.cursor INSERT',
    'ledger.cursor UPDATE',
    'ledger.dispatch UPDATE(dispatched_at)',
    'ledger.handled INSERT',
    'ledger.verification INSERT',
    'ledger.verification UPDATE',
  ],
  assay_integrator: [
    'ledger.checkpoint INSERT',
    'ledger.checkpoint UPDATE(cosigned)',
    'ledger.intcoord UPDATE',
    'ledger.signing UPDATE',
    'ledger.tile INSERT',
  ],
  assay_across: [],
  assay_narrowed: [],
  assay_eraser: [],
  assay_reader: [],
  assay_auditor: [],
};

/** All that these roles may read: they are for people, so nothing may come to it unnoticed. */
const READER = ['ledger.checkpoint', 'ledger.reader_decision', 'ledger.reader_entry', 'ledger.tile'];
const NOT_FOR_AUDITORS = [
  ...['assay.principal(display_name)', 'assay.principal(issuer)', 'assay.principal(subject)'],
  'ledger.subject_key(wrapped_key)',
];

/**
 * What a role does not read, or not all of: of every other table and view it reads every column. So a new table that
 * nobody thought of fails here for some role, whichever way it was granted.
 */
const DOES_NOT_READ: Readonly<Record<string, readonly string[]>> = {
  assay_service: ['ledger.reader', 'ledger.reader_decision', 'ledger.reader_entry'],
  assay_across: ['ledger.reader', 'ledger.reader_decision', 'ledger.reader_entry'],
  assay_narrowed: ['ledger.reader', 'ledger.reader_decision', 'ledger.reader_entry'],
  // The views show a reporting login its organisations; an auditor reads the tables.
  assay_auditor: ['assay.principal', 'ledger.reader_decision', 'ledger.reader_entry', 'ledger.subject_key'],
};
/** And these roles read what is here and nothing else. */
const READS: Readonly<Record<string, readonly string[]>> = {
  assay_eraser: [],
  assay_integrator: [
    ...['assay.migration', 'ledger.checkpoint', 'ledger.continuation', 'ledger.entry', 'ledger.intcoord'],
    ...['ledger.signing', 'ledger.tile'],
  ],
  assay_reader: READER,
};

interface Granted {
  readonly role: string;
  readonly privilege: string;
}

describe('the privileges of the database roles', () => {
  let database: TestDatabase;
  let granted: Granted[];
  beforeAll(async () => {
    database = await createTestDatabase();
    granted = await database.admin.query(`
      WITH objects AS (
        SELECT n.nspname || '.' || c.relname AS name, c.relacl AS acl, c.relowner AS owner, NULL AS attname
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('assay', 'ledger') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT n.nspname || '.' || c.relname, a.attacl, c.relowner, a.attname
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('assay', 'ledger') AND a.attacl IS NOT NULL
      )
      SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS role,
             o.name || ' ' || x.privilege_type || coalesce('(' || o.attname || ')', '') AS privilege
        FROM objects o CROSS JOIN LATERAL aclexplode(o.acl) x WHERE x.grantee <> o.owner ORDER BY 1, 2`);
  });
  afterAll(() => database.drop());
  const of = (role: string): string[] =>
    granted.filter((each) => each.role === role).map(({ privilege }) => privilege);

  it('are of our roles alone, and none of them can log in or is more than it is named', async () => {
    const roles = Object.values(DATABASE_ROLES);
    expect(granted.filter(({ role }) => !roles.includes(role as (typeof roles)[number]))).toEqual([]);
    const attributes = await database.admin.query(
      `SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)
         AND (rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)`,
      [roles],
    );
    expect(attributes).toEqual([]);
    const nested = await database.admin.query(
      `SELECT r.rolname, m.rolname AS member FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid
         JOIN pg_roles m ON m.oid = member WHERE r.rolname = ANY ($1) AND m.rolname = ANY ($1) ORDER BY 2`,
      [roles],
    );
    // They may what the service may, and are bound by fewer policies or more; the other way round nothing would be bound.
    expect(nested).toEqual([
      { rolname: 'assay_service', member: 'assay_across' },
      { rolname: 'assay_service', member: 'assay_narrowed' },
    ]);
  });

  it.each(Object.keys(WRITES))('of %s over the ledger are SELECT, and exactly what is stated', (role) => {
    const writes = of(role).filter((line) => line.startsWith('ledger.') && !/ SELECT(\(|$)/.test(line));
    expect(writes).toEqual(WRITES[role]);
  });

  it('over every table and view of the catalogue are as stated, for every role', async () => {
    const relations: { name: string; readers: string[] }[] = await database.admin.query(
      `SELECT n.nspname || '.' || c.relname AS name,
              array(SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = ANY ($1)
                       AND has_table_privilege(r.oid, c.oid, 'SELECT') ORDER BY 1) AS readers
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('assay', 'ledger') AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1`,
      [[...Object.keys(DOES_NOT_READ), ...Object.keys(READS)]],
    );
    const mayRead = (role: string, table: string): boolean =>
      READS[role]?.includes(table) ?? DOES_NOT_READ[role]?.includes(table) === false;
    const roles = [...Object.keys(DOES_NOT_READ), ...Object.keys(READS)].sort();
    expect(roles).toEqual(
      Object.values(DATABASE_ROLES)
        .filter((role) => role !== 'assay_owner')
        .sort(),
    );
    expect(relations.map(({ name, readers }) => ({ name, readers }))).toEqual(
      relations.map(({ name }) => ({ name, readers: roles.filter((role) => mayRead(role, name)) })),
    );
    // What is named above is there: a table that was renamed must not be excused for ever.
    const names = relations.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([...Object.values(DOES_NOT_READ).flat(), ...Object.values(READS).flat()]),
    );
    expect(names.length).toBeGreaterThan(40);
  });

  it('of the service over the domain never include DELETE, TRUNCATE or TRIGGER', () => {
    const verbs = new Set(of('assay_service').map((line) => (line.split(' ')[1] ?? '').replace(/\(.*/, '')));
    expect([...verbs].sort()).toEqual(['INSERT', 'SELECT', 'UPDATE']);
    for (const table of SERVICE_APPENDS)
      expect(of('assay_service').filter((line) => line.startsWith(`assay.${table} `))).toEqual([
        `assay.${table} INSERT`,
        `assay.${table} SELECT`,
      ]);
  });

  it('of the eraser are no table’s: it has functions only', () => {
    expect(of('assay_eraser')).toEqual([]);
  });

  it('of the reader are two views of its organisations, and the public log', () => {
    expect(of('assay_reader')).toEqual(READER.map((table) => `${table} SELECT`));
  });

  it('of the auditor are SELECT, of nothing that names a person or opens what is encrypted', async () => {
    expect(of('assay_auditor').filter((line) => !/ SELECT(\(|$)/.test(line))).toEqual([]);
    for (const column of NOT_FOR_AUDITORS) {
      const [, table, name] = /^(.+)\((.+)\)$/.exec(column) ?? [];
      const [{ may }] = await database.admin.query(
        `SELECT has_column_privilege('assay_auditor', $1, $2, 'SELECT') AS may`,
        [table, name],
      );
      expect({ column, may }).toEqual({ column, may: false });
    }
  });

  it('show a reader its own organisation, whichever role it takes on', async () => {
    const [mine, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const [{ login }] = await database.admin.query('SELECT session_user AS login');
    for (const [seq, org] of [mine, other].entries()) {
      await database.admin.query(
        `INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest) VALUES ($1, 'x', sha256('x'), sha256('x'))`,
        [seq],
      );
      await database.admin.query(
        `INSERT INTO ledger.fact (seq, statement, org_id, kind, actor, ts_start, ts_end)
           VALUES ($1, '{}', $2, 'x', 'system', 'a', 'b')`,
        [seq, org],
      );
    }
    const seen = (): Promise<{ org_id: string }[]> =>
      database.admin.transaction(async (manager) => {
        await manager.query('SET LOCAL ROLE assay_reader');
        return manager.query('SELECT org_id FROM ledger.reader_entry ORDER BY seq');
      });
    expect(await seen()).toEqual([]);
    await database.admin.query('INSERT INTO ledger.reader VALUES ($1, $2)', [login, mine]);
    expect(await seen()).toEqual([{ org_id: mine }]);
  });

  it('of functions: nobody but the owner executes any that is not stated, and each fixes its search path', async () => {
    const functions: { name: string; grantees: string[]; fixed: boolean; definer: boolean }[] = await database
      .admin.query(`
        SELECT n.nspname || '.' || p.proname AS name, p.prosecdef AS definer,
               coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false) AS fixed,
               array(SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END
                       FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                      WHERE x.grantee <> p.proowner AND x.privilege_type = 'EXECUTE' ORDER BY 1) AS grantees
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('assay', 'ledger') ORDER BY 1`);
    const stated = functions.map(({ name }) => ({ name, grantees: EXECUTE[name] ?? [] }));
    expect(functions.map(({ name, grantees }) => ({ name, grantees }))).toEqual(stated);
    expect(functions.filter(({ fixed }) => !fixed)).toEqual([]);
    expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(EXECUTE)));
    const triggers = await guards();
    expect(triggers.filter(({ enabled }) => enabled !== 'A')).toEqual([]);
    console.log(
      `${String(granted.length)} of ${String(granted.length)} table privileges, ${String(functions.length)} of ` +
        `${String(functions.length)} functions and ${String(triggers.length)} of ${String(triggers.length)} triggers are as stated`,
    );
  });

  /** Every trigger that refuses, on partitions too. */
  const guards = (): Promise<{ table: string; trigger: string; enabled: string }[]> =>
    database.admin.query(`
      SELECT t.tgrelid::regclass::text AS table, t.tgname AS trigger, t.tgenabled AS enabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('assay', 'ledger') AND NOT t.tgisinternal ORDER BY 1, 2`);
});
