import pg from 'pg';
import { DATABASE_LOGINS, DATABASE_ROLES, SCHEMAS, type DatabaseRole } from './roles.js';

/** Passwords of the logins to make or to renew. A login without a password here is left alone. */
export interface LoginPasswords {
  readonly service?: string;
  readonly integrator?: string;
  readonly eraser?: string;
}

const ROLE_NAMES: readonly DatabaseRole[] = Object.values(DATABASE_ROLES);
/** What the service may, otherwise bound by policies: it takes them on for single statements. */
const TAKEN_ON: readonly DatabaseRole[] = [DATABASE_ROLES.across, DATABASE_ROLES.narrowed];

/** What a database administrator must do by hand, because the given login may not. */
export class BootstrapRefused extends Error {
  constructor(reason: string, cause?: unknown) {
    super(
      `cannot prepare the database: ${reason}. Connect as a superuser or as the database's owner with CREATEROLE, ` +
        `or have an administrator run: ${ROLE_NAMES.map((role) => `CREATE ROLE ${role} NOLOGIN; `).join('')}` +
        `GRANT ${ROLE_NAMES.join(', ')} TO <your login>; ` +
        `GRANT ${DATABASE_ROLES.service} TO ${TAKEN_ON.join(', ')}; ` +
        `GRANT CREATE ON DATABASE <your database> TO <your login>, assay_owner;`,
      { cause },
    );
    this.name = 'BootstrapRefused';
  }
}

const RACES = new Set(['23505', '42710', '42P06', 'XX000']); // unique, duplicate object, duplicate schema, "tuple concurrently updated"
const ATTEMPTS = 16;

/**
 * Roles, logins, schemas and their grants: everything a migration takes for granted. Idempotent, and safe when
 * several processes or databases of one cluster do it at once: roles belong to the cluster, no lock spans it,
 * so whoever loses a race simply looks again.
 */
export async function bootstrapDatabase(adminUrl: string, passwords: LoginPasswords = {}): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'assay bootstrap' });
  client.on('error', () => undefined); // a lost connection also rejects the query under way
  await client.connect();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await prepare(client, passwords);
        return;
      } catch (error) {
        const code = (error as { code?: string }).code ?? '';
        if (code === '42501') throw new BootstrapRefused((error as Error).message, error);
        if (!RACES.has(code) || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
      }
    }
  } finally {
    await client.end();
  }
}

async function prepare(client: pg.Client, passwords: LoginPasswords): Promise<void> {
  const { owner, service, integrator } = DATABASE_ROLES;
  await client.query('RESET ROLE'); // a lost race may have left us in the owner's, who may grant nothing here
  for (const role of ROLE_NAMES) if (!TAKEN_ON.includes(role)) await ensureRole(client, role, 'NOLOGIN');
  await joinRoles(client, [service]);
  for (const role of TAKEN_ON) await ensureTakenOn(client, role);
  await joinRoles(client, ROLE_NAMES);
  for (const door of ['service', 'integrator', 'eraser'] as const) {
    const password = passwords[door];
    if (password !== undefined)
      await ensureLogin(client, DATABASE_LOGINS[door], DATABASE_ROLES[door], password);
    if (password !== undefined && door === 'service')
      await client.query(`GRANT ${TAKEN_ON.join(', ')} TO ${DATABASE_LOGINS.service}`);
  }
  await ensureMayCreate(client, owner);
  for (const schema of SCHEMAS) {
    if (!(await exists(client, 'SELECT FROM pg_namespace WHERE nspname = $1', schema)))
      await client.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${owner}`);
  }
  await client.query(`SET ROLE ${owner}`);
  await client.query(`GRANT USAGE ON SCHEMA ${SCHEMAS.join(', ')} TO ${service}`);
  await client.query(`GRANT USAGE ON SCHEMA assay, ledger TO ${integrator}`);
  await client.query('RESET ROLE');
}

async function ensureRole(client: pg.Client, role: string, attributes: string): Promise<void> {
  if (await exists(client, 'SELECT FROM pg_roles WHERE rolname = $1', role)) return;
  await client.query(`CREATE ROLE ${role} ${attributes}`);
}

/**
 * A role that may what the service may. Logins that were the service's before there was it get it with its making,
 * in one transaction: a service that is upgraded goes on. From then on it is an administrator's to take away.
 */
async function ensureTakenOn(client: pg.Client, role: DatabaseRole): Promise<void> {
  const { service } = DATABASE_ROLES;
  if (!(await exists(client, 'SELECT FROM pg_roles WHERE rolname = $1', role))) {
    const { rows } = await client.query<{ login: string }>(
      `SELECT DISTINCT quote_ident(m.rolname) AS login FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
        WHERE a.roleid = $1::regrole AND m.rolcanlogin AND NOT m.rolsuper AND m.rolname <> current_user`,
      [service],
    );
    await client.query(
      `CREATE ROLE ${role} NOLOGIN; GRANT ${service} TO ${role};` +
        rows.map(({ login }) => `GRANT ${role} TO ${login};`).join(''),
    );
  }
  if (!(await exists(client, `SELECT WHERE pg_has_role('${role}', $1, 'USAGE')`, service)))
    await client.query(`GRANT ${service} TO ${role}`);
}

/** From PostgreSQL 16 who creates a role administers it, but may not take it on before granting it to himself. */
const MAY_TAKE_ON = `SELECT WHERE pg_has_role(current_user, $1,
  CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)`;

/** The login that migrates, and the doors that share one DATABASE_URL, must be able to take on each role. */
async function joinRoles(client: pg.Client, roles: readonly string[]): Promise<void> {
  for (const role of roles) {
    if (await exists(client, MAY_TAKE_ON, role)) continue;
    await client.query(`GRANT ${role} TO CURRENT_USER`);
  }
}

async function ensureLogin(client: pg.Client, login: string, role: string, password: string): Promise<void> {
  await ensureRole(client, login, 'NOLOGIN');
  await client.query(`GRANT ${role} TO ${login}`);
  await client.query(`ALTER ROLE ${login} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

/** BullMQ's migration says CREATE SCHEMA IF NOT EXISTS, for which the right is asked even when it exists. */
async function ensureMayCreate(client: pg.Client, role: string): Promise<void> {
  if (await exists(client, "SELECT WHERE has_database_privilege($1, current_database(), 'CREATE')", role))
    return;
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  await client.query(`GRANT CREATE ON DATABASE ${rows[0]?.name ?? ''} TO ${role}`);
}

async function exists(client: pg.Client, question: string, value: string): Promise<boolean> {
  return (await client.query(question, [value])).rows.length > 0;
}

/** Makes the database when absent. Two that do so at once both succeed. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'assay bootstrap' });
  client.on('error', () => undefined); // a lost connection also rejects the query under way
  await client.connect();
  try {
    if (await exists(client, 'SELECT FROM pg_database WHERE datname = $1', name)) return;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!['23505', '42P04'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
