import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** A row of these may change once, in one way: the trigger lets that through and says which. */
const ONCE: Readonly<Record<string, string>> = {
  'ledger.body': 'erased',
  'ledger.subject_key': 'destroyed',
  'ledger.hold': 'lifted',
  'assay.principal': 'erased',
};

/**
 * The tables in which a row may change, and why. Every other table of ours is append-only: a new table that is
 * neither here nor guarded fails this spec.
 */
const MUTABLE: Readonly<Record<string, string>> = {
  'assay.export_run': 'how far the making of a pack is',
  'assay.scan_run': 'how often a scanner was begun, and when last',
  'assay.scan_source': 'whether the bytes of a source archive are still kept',
  'assay.gate': 'a definition is edited, under an expected version',
  'assay.gate_run': 'an attempt goes from queued to decided, failed or paused',
  'assay.migration': 'TypeORM records what it ran, and takes it back on a down',
  'assay.organisation': 'name, time zone and locale are settings',
  'assay.project': 'the name is a setting',
  'assay.waiver_due': 'a work list: what was handled is marked, with its entry',
  'ledger.dispatch': 'a work list: what was handed out is marked',
  'assay.kpi_start': 'a read model: made anew from the entries',
  'assay.kpi_unit': 'a read model: made anew from the entries',
  'assay.kpi_criterion': 'a read model: made anew from the entries',
  'assay.kpi_waiver': 'a read model: made anew from the entries',
  'assay.kpi_fix': 'a read model: made anew from the entries',
  'assay.standing_decision': 'a read model: made anew from the entries',
  'assay.drift_check': 'a work list: what was looked at is marked',
  'ledger.cursor': 'how far a reader has come',
  'ledger.handled': 'a reader that starts anew forgets what it handled',
  'ledger.intcoord': 'how far the tree is built',
  'ledger.signing': 'whether the integrator refuses',
  'ledger.seqcoord': 'the next sequence number',
  'assay.rate_window': 'how often somebody asked within a minute',
  'ledger.verification': 'what the verify job found last',
  'ledger.reader': 'the owner says which login may read which organisation',
};

interface Table {
  readonly name: string;
  readonly column: string;
}

describe('append-only tables', () => {
  let database: TestDatabase;
  let tables: Table[];
  beforeAll(async () => {
    database = await createTestDatabase();
    tables = (await tablesOf(database)).filter(({ name }) => !(name in MUTABLE));
  });
  afterAll(() => database.drop());

  it('exist', () => {
    expect(tables.length).toBeGreaterThan(0);
  });

  it.each(['UPDATE', 'DELETE', 'TRUNCATE'] as const)('refuse a superuser’s %s', async (verb) => {
    const outcomes: Record<string, string> = {};
    for (const table of tables)
      outcomes[table.name] = await attempt(database, async (manager) => {
        await insertAnything(manager, table.name);
        await manager.query(statement(verb, table));
      });
    expect(outcomes).toEqual(refusals(tables, verb));
  });

  it('refuse it also when ordinary triggers are switched off for the session', async () => {
    const outcomes: Record<string, string> = {};
    for (const table of tables)
      outcomes[table.name] = await attempt(database, async (manager) => {
        await insertAnything(manager, table.name);
        await manager.query(`SET LOCAL session_replication_role = replica`);
        await manager.query(statement('DELETE', table));
      });
    expect(outcomes).toEqual(refusals(tables, 'DELETE'));
  });

  it('give no role but the owner more than SELECT and INSERT', async () => {
    const excess = await database.admin.query(
      `SELECT r.rolname AS role, t.name, p.privilege
       FROM unnest($1::text[]) AS t(name), (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS p(privilege),
            unnest($2::text[]) AS r(rolname)
       WHERE has_table_privilege(r.rolname, t.name, p.privilege)`,
      [
        tables.map(({ name }) => name),
        Object.values(DATABASE_ROLES).filter((role) => role !== 'assay_owner'),
      ],
    );
    expect(excess).toEqual([]);
  });
});

describe('tables that change', () => {
  it('are none that somebody took away', async () => {
    const database = await createTestDatabase();
    const names = (await tablesOf(database)).map(({ name }) => name);
    await database.drop();
    expect(names).toEqual(expect.arrayContaining(Object.keys(MUTABLE)));
  });
});

function tablesOf(database: TestDatabase): Promise<Table[]> {
  return database.admin.query(`
    SELECT n.nspname || '.' || c.relname AS name, quote_ident(a.attname) AS column
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
        AND attgenerated = '' ORDER BY attnum LIMIT 1) a ON true
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('assay', 'ledger') ORDER BY 1`);
}

type Verb = 'UPDATE' | 'DELETE' | 'TRUNCATE';

function refusals(tables: readonly Table[], verb: Verb): Record<string, string> {
  const why = (name: string): string =>
    ONCE[name] !== undefined && verb !== 'TRUNCATE' ? `can only be ${ONCE[name]}` : 'is append-only';
  return Object.fromEntries(tables.map(({ name }) => [name, `42501 ${name} ${why(name)}: ${verb} refused`]));
}

function statement(verb: Verb, { name, column }: Table): string {
  if (verb === 'UPDATE') return `UPDATE ${name} SET ${column} = ${column}`;
  return verb === 'DELETE' ? `DELETE FROM ${name}` : `TRUNCATE ${name} CASCADE`;
}

/** A row trigger fires on rows only, so the table gets one: whatever stands in the way goes, in this transaction. */
async function insertAnything(manager: EntityManager, table: string): Promise<void> {
  await manager.query(`
    DO $$ DECLARE item record; BEGIN
      FOR item IN SELECT conrelid::regclass AS home, conname FROM pg_constraint
        WHERE (conrelid = '${table}'::regclass AND contype <> 'n')
           OR (confrelid = '${table}'::regclass AND contype = 'f')
      LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', item.home, item.conname); END LOOP;
      FOR item IN SELECT attname FROM pg_attribute
        WHERE attrelid = '${table}'::regclass AND attnum > 0 AND attnotnull AND attidentity = ''
      LOOP EXECUTE format('ALTER TABLE ${table} ALTER COLUMN %I DROP NOT NULL', item.attname); END LOOP;
      FOR item IN SELECT tgname FROM pg_trigger
        WHERE tgrelid = '${table}'::regclass AND NOT tgisinternal AND tgtype & 4 = 4 -- on INSERT
      LOOP EXECUTE format('ALTER TABLE ${table} DISABLE TRIGGER %I', item.tgname); END LOOP;
      INSERT INTO ${table} DEFAULT VALUES;
    END $$`);
}

/** What the database said, and nothing stays. */
async function attempt(
  database: TestDatabase,
  work: (manager: EntityManager) => Promise<void>,
): Promise<string> {
  const undo = new Error('undone');
  try {
    await database.admin.transaction(async (manager) => {
      await work(manager);
      throw undo;
    });
  } catch (error) {
    if (error === undo) return 'done';
    const { code, message } = error as { code?: string; message: string };
    return `${code ?? ''} ${message}`;
  }
  return 'done';
}
