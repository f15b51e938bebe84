import type { DataSource, EntityManager } from 'typeorm';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import type { TestDatabase } from './database.js';

/** Columns that shall have a value of ours; those that a table does not have are passed over. */
export type Given = Readonly<Record<string, string>>;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
}

/**
 * Any row of a table, with no regard to constraints but NOT NULL: it need only be there. By the administrator without
 * foreign keys and checks; by anybody else (`on`) as they may.
 */
export async function fillTable(
  { admin }: Pick<TestDatabase, 'admin'>,
  table: string,
  given: Given,
  on: EntityManager = admin.manager,
): Promise<void> {
  const columns: Column[] = await admin.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS needed FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const filled = columns.filter(({ name, needed }) => needed || name in given);
  const names = filled.map(({ name }) => name).join(', ');
  const values = filled.map(({ name, type }) => (name in given ? `'${given[name] ?? ''}'` : anyOf(type)));
  const statement = `INSERT INTO ${table} (${names}) VALUES (${values.join(', ')})`;
  if (on !== admin.manager) {
    await on.query(statement);
    return;
  }
  await admin.transaction(async (alone) => {
    await alone.query('SET LOCAL session_replication_role = replica'); // without foreign keys
    for (const { conname } of await checksOf(alone, table))
      await alone.query(`ALTER TABLE ${table} DROP CONSTRAINT ${conname}`);
    await alone.query(statement);
  });
}

const checksOf = (on: EntityManager, table: string): Promise<{ conname: string }[]> =>
  on.query(
    `SELECT quote_ident(conname) AS conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`,
    [table],
  );

let serial = 0;
function anyOf(type: string): string {
  serial += 1;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type.startsWith('timestamp')) return 'now()';
  if (type === 'bytea') return `decode(lpad('${serial.toString(16)}', 32, '0'), 'hex')`;
  if (type === 'boolean') return 'false';
  if (type === 'jsonb') return `'{}'`;
  if (type.endsWith('[]')) return `'{}'`;
  return `'${String(serial)}'`;
}

/** A table with row-level security, or that should have it. */
export interface Guarded {
  readonly name: string;
  readonly secured: boolean;
  readonly policies: readonly string[];
}

/** Every table with the column, whether it is guarded, and how. */
export function tablesOf(manager: EntityManager): Promise<Guarded[]> {
  return manager.query(
    `SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS secured,
            array(SELECT concat_ws(' ', p.permissive, p.cmd, p.roles, p.qual, coalesce(p.with_check, ''))
                    FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname
                   ORDER BY p.policyname) AS policies
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('assay', 'ledger') AND c.relkind IN ('r', 'p') AND a.attname = 'org_id'
      ORDER BY 1`,
  );
}

/** What the service has a right to write of a table: rows, and the first column that it may change. */
export async function mayWrite(
  { admin }: Pick<TestDatabase, 'admin'>,
  table: string,
): Promise<{ inserts: boolean; updates: string | null }> {
  const [row] = await admin.query<{ inserts: boolean; updates: string | null }[]>(
    `SELECT has_table_privilege($2, $1, 'INSERT') AS inserts,
            (SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
                AND has_column_privilege($2, $1, attnum, 'UPDATE') ORDER BY attnum LIMIT 1) AS updates`,
    [table, DATABASE_ROLES.service],
  );
  return row ?? { inserts: false, updates: null };
}

/** What refuses it: the SQLSTATE, or the text of another error. The transaction is rolled back in any case. */
export async function refusal(
  service: DataSource,
  deed: (on: EntityManager) => Promise<unknown>,
): Promise<string> {
  const runner = service.createQueryRunner();
  try {
    await runner.startTransaction();
    await deed(runner.manager);
    return 'not refused';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code ?? message;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
