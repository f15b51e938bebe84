import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { release } from 'node:os';
import { join } from 'node:path';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.io.js';
import { makeParentsSearchable, makeReadable, serverUser, type ServerUser } from './postgres-user.io.js';
import { isAlive } from '../platform/process-list.io.js';
import { readPostmasterFile, serves, workersIn } from './postmaster.io.js';

export interface EmbeddedPostgresOptions {
  /** The cluster lives in `<dataDir>/postgres`, its password and log beside it. Made when absent. */
  readonly dataDir: string;
  /** A free one unless given. An adopted server keeps its own. */
  readonly port?: number;
  /** False gives up surviving a crash of the machine for speed: tests only. */
  readonly durable?: boolean;
  readonly log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Superuser's URL, password included: never print it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Found running (our predecessor was killed) and taken over. */
  readonly adopted: boolean;
  isAlive(): boolean;
  /** Fast shutdown: sessions are ended, data is written. Call when everyone has drained. */
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
const FAST_STOP_LIMIT_MS = 10_000;
const PORT_ATTEMPTS = 3; // between finding a free port and binding it another process may take it

interface Site {
  readonly dataFolder: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly durable: boolean;
  readonly log: (message: string) => void;
}

/**
 * A PostgreSQL of our own that is ready for queries. Whatever the last run left (a running server, a stale pid
 * file, half a cluster) is adopted or cleared. The server outlives this process when it is killed, on purpose:
 * it then finishes what it does, and the next start adopts it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const site = prepareSite(options);
  if (!existsSync(join(site.dataFolder, 'PG_VERSION'))) await initialise(site);
  const running = await settleLeftOver(site);
  if (running !== undefined) {
    site.log(`adopted the PostgreSQL that was still running (pid ${String(running)})`);
    return handle(site, running, true);
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return handle(site, await launch(site, options.port ?? (await freePort())), false);
    } catch (error) {
      const taken = error instanceof Error && /address already in use/i.test(error.message);
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function prepareSite(options: EmbeddedPostgresOptions): Site {
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir); // the command line must name the folder as /proc will
  const dataFolder = join(dataDir, 'postgres');
  const user = serverUser(dataFolder);
  const binaries = findPostgresBinaries();
  const log = options.log ?? ((): void => undefined);
  if (user.uid !== undefined) {
    const opened = [dataFolder, join(realpathSync(binaries.folder), 'bin')].flatMap(makeParentsSearchable);
    if (opened.length > 0) log(`made searchable (o+x) for the user PostgreSQL runs as: ${opened.join(', ')}`);
  }
  return {
    dataFolder,
    passwordFile: join(dataDir, 'postgres.password'),
    logFile: join(dataDir, 'postgres.log'),
    binaries,
    user,
    log,
    durable: options.durable ?? true,
  };
}

/** Made under another name and then renamed: an interrupted initdb leaves no half cluster behind. */
async function initialise(site: Site): Promise<void> {
  const { uid, gid } = site.user;
  const draft = `${site.dataFolder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(site.dataFolder, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(site.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  chmodSync(site.passwordFile, 0o600);
  if (uid !== undefined && gid !== undefined) {
    makeReadable(site.binaries.folder);
    for (const path of [draft, site.passwordFile]) chownSync(path, uid, gid);
  }
  const log = openSync(site.logFile, 'w', 0o600);
  const child = spawn(
    site.binaries.initdb,
    [
      `--pgdata=${draft}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${site.passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(site.durable ? [] : ['--no-sync']),
    ],
    { ...surroundings(site.user), stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(code === 0 ? undefined : `initdb ended with ${String(code ?? signal)}`);
    });
  });
  if (failure !== undefined) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`cannot create the embedded PostgreSQL: ${failure}\n${logTail(site)}`);
  }
  renameSync(draft, site.dataFolder);
}

/** The pid of a server of this folder that is ready; undefined when the folder is free, its stale pid file removed. */
async function settleLeftOver(site: Site): Promise<number | undefined> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const file = readPostmasterFile(site.dataFolder);
    const alive = file !== undefined && serves(file.pid, site.dataFolder);
    if (alive && file.status === 'ready') return file.pid;
    if (!alive && workersIn(site.dataFolder).length === 0) break;
    if (performance.now() > deadline) throw new Error(`another PostgreSQL keeps ${site.dataFolder} busy`);
    await pause(20);
  }
  rmSync(join(site.dataFolder, 'postmaster.pid'), { force: true });
  return undefined;
}

/**
 * Output goes to a file and not to a pipe, so that the server can outlive us. Detached, because Ctrl-C reaches
 * every process of a terminal's group, and this one has to stop last.
 */
async function launch(site: Site, port: number): Promise<number> {
  keepLogOfRunBefore(site.logFile);
  const log = openSync(site.logFile, 'w', 0o600);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...syncAfterCrash(),
    ...(site.durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ];
  const child = spawn(
    site.binaries.postgres,
    ['-D', site.dataFolder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...surroundings(site.user), detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${String(code ?? signal)}`));
  child.unref();
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const file = readPostmasterFile(site.dataFolder);
    if (file?.status === 'ready' && file.pid === child.pid) return file.pid;
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      ended ??= `not ready after ${String(READY_LIMIT_MS / 1000)} s`;
    }
    if (ended !== undefined)
      throw new Error(`cannot start the embedded PostgreSQL: ${ended}\n${logTail(site)}`);
    await pause(5);
  }
}

function handle(site: Site, pid: number, adopted: boolean): EmbeddedPostgres {
  const port = readPostmasterFile(site.dataFolder)?.port ?? 0;
  const password = readFileSync(site.passwordFile, 'utf8').trim();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    port,
    pid,
    adopted,
    isAlive: () => serves(pid, site.dataFolder),
    stop: () => stop(site, pid),
  };
}

/**
 * After a crash PostgreSQL first writes through every file of the cluster, one after the other: seconds in which
 * nobody is answered. Linux can do that with one call, which reports failed writes from 5.8 on.
 */
function syncAfterCrash(): string[] {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const reports = process.platform === 'linux' && (major > 5 || (major === 5 && minor >= 8));
  return reports ? ['recovery_init_sync_method=syncfs'] : [];
}

/** Why the server ended is in the log of the run before; `.1`, as that of a door. */
function keepLogOfRunBefore(path: string): void {
  if (existsSync(path)) renameSync(path, `${path}.1`);
}

async function stop(site: Site, pid: number): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', FAST_STOP_LIMIT_MS],
    ['SIGQUIT', FAST_STOP_LIMIT_MS],
    ['SIGKILL', 1_000],
  ] as const) {
    if (!serves(pid, site.dataFolder)) return;
    process.kill(pid, signal);
    const deadline = performance.now() + limitMs;
    while (isAlive(pid) && performance.now() < deadline) await pause(5);
  }
}

function surroundings(user: ServerUser): { cwd: string; env: NodeJS.ProcessEnv } & ServerUser {
  return { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }, ...user };
}

function logTail(site: Site): string {
  try {
    return readFileSync(site.logFile, 'utf8').slice(-4096);
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
