import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_LOGINS } from '../database/roles.js';
import { writeFileDurably } from './durable-file.io.js';
import { isAlive } from './process-list.io.js';

/**
 * `<dataDir>/run.json`: where the running service is, for the commands beside it (`npx assay`, `npm run demo`).
 * Without passwords: those are in files of mode 0600 next to it.
 */
export interface RunState {
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Undefined until the API listens. */
  readonly apiUrl?: string;
  /** Undefined with an external database. */
  readonly postgres?: { readonly pid: number; readonly port: number; readonly database: string };
  /** Process ids by door, as of the start: one that crashed since was started again under another. */
  readonly doors: Readonly<Record<string, number>>;
}

const stateFile = (dataDir: string): string => join(dataDir, 'run.json');

export function writeRunState(dataDir: string, state: RunState): void {
  writeFileDurably(stateFile(dataDir), `${JSON.stringify(state, null, 2)}\n`, 0o644);
}

export function removeRunState(dataDir: string): void {
  rmSync(stateFile(dataDir), { force: true });
}

/** Undefined when nothing runs, or what is written was left by a process that is gone. */
export function readRunState(dataDir: string): RunState | undefined {
  if (!existsSync(stateFile(dataDir))) return undefined;
  const state = JSON.parse(readFileSync(stateFile(dataDir), 'utf8')) as RunState;
  return isAlive(state.pid) ? state : undefined;
}

export type Login = 'admin' | keyof typeof DATABASE_LOGINS;

/** URL of a login at the running embedded PostgreSQL, password included; undefined when none runs. */
export function embeddedDatabaseUrl(dataDir: string, login: Login): string | undefined {
  const postgres = readRunState(dataDir)?.postgres;
  if (postgres === undefined) return undefined;
  return loginUrl(dataDir, login, postgres);
}

export function loginUrl(
  dataDir: string,
  login: Login,
  server: { readonly port: number; readonly database: string },
): string {
  const user = login === 'admin' ? 'postgres' : DATABASE_LOGINS[login];
  const password = readFileSync(passwordFile(dataDir, login), 'utf8').trim();
  return `postgres://${user}:${password}@127.0.0.1:${String(server.port)}/${server.database}`;
}

export const passwordFile = (dataDir: string, login: Login): string =>
  join(dataDir, login === 'admin' ? 'postgres.password' : `${DATABASE_LOGINS[login]}.password`);
