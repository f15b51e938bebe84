import { join } from 'node:path';
import { DEFAULT_PORT, type Config, type Environment } from '../platform/config.js';
import type { ReadyMessage } from '../doors/door.io.js';
import { ensureKeys } from '../platform/keys.io.js';
import { outliveFullOutput } from '../platform/log-output.io.js';
import { openPlatform, type Platform } from '../platform/platform.js';
import { readRunState, removeRunState, writeRunState } from '../platform/run-state.io.js';
import { Secret } from '../platform/secret.js';
import { doorEnvironment } from './door-environment.js';
import { freePortFrom } from './free-port.io.js';
import { PostgresWatch } from './postgres-watch.io.js';
import { EMBEDDED_DATABASE, prepareDatabase, type PreparedDatabase } from './prepare-database.io.js';
import { takeStartLock } from './start-lock.io.js';
import { listenForStop, type StopSignals } from './stop-signals.io.js';
import { Supervisor } from './supervisor.io.js';

/** What `npm start` does beyond starting processes; supplied by src/start.ts. */
export interface StartHooks {
  /** Before the doors open, with the rights of the service: what every installation must hold. */
  readonly seed?: (platform: Platform) => Promise<void>;
  /** When everything is ready: what the newcomer sees. */
  readonly firstScreen?: (running: RunningAssay) => Promise<void>;
}

export interface RunningAssay {
  readonly config: Config;
  readonly apiUrl: string;
  /** From the call of `startAssay` until every door was ready. */
  readonly startMs: number;
}

export interface StartOptions extends StartHooks {
  readonly config: Config;
  /** Handed on to the doors, less what is not theirs. */
  readonly environment: Environment;
  readonly say: (message: string) => void;
  /** Programs of the doors, by name. */
  readonly programs: Readonly<Record<'api' | 'worker' | 'integrator', string>>;
}

const PORT_ATTEMPTS = 5;
const READY_LIMIT_MS = 30_000;

/** Ctrl-C while starting: not a fault, everything begun is ended in order. */
class Interrupted extends Error {}

/**
 * Brings everything up, keeps it up until it is asked to stop, and takes it down: doors first, the database
 * last. Resolves to the exit code.
 */
export async function startAssay(options: StartOptions): Promise<number> {
  outliveFullOutput();
  const undo: (() => Promise<void> | void)[] = [];
  let supervisor: Supervisor | undefined;
  const signals = listenForStop(() => supervisor?.kill());
  let code = 0;
  try {
    let giveUp: (reason: Error) => void = () => undefined;
    const gaveUp = new Promise<Error>((resolve) => (giveUp = resolve));
    supervisor = new Supervisor({
      logFolder: join(options.config.dataDir, 'logs'),
      say: options.say,
      onGivingUp: giveUp,
    });
    await bringUp(options, { undo, signals, supervisor });
    const reason = await Promise.race([signals.asked, gaveUp]);
    if (reason instanceof Error) throw reason;
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      options.say(error instanceof Error ? error.message : String(error));
      code = 1;
    }
  }
  if (undo.length > 1) options.say('Stopping …');
  for (const step of undo.reverse()) await step();
  return code;
}

interface Course {
  /** What takes back what was done, in the order it was done. */
  readonly undo: (() => Promise<void> | void)[];
  readonly signals: StopSignals;
  readonly supervisor: Supervisor;
}

async function bringUp(options: StartOptions, course: Course): Promise<void> {
  const { say } = options;
  const began = performance.now();
  const lock = takeStartLock(options.config.dataDir);
  if ('heldBy' in lock) throw new Error(alreadyRunning(options.config, lock.heldBy));
  course.undo.push(() => {
    lock.release();
  });

  const { config } = options;
  say(config.embedded ? 'Starting PostgreSQL and migrating …' : 'Migrating the configured database …');
  const database = await prepareDatabase(config, say);
  if (database.server !== undefined) {
    const watch = new PostgresWatch(database.server, { dataDir: config.dataDir, say });
    course.undo.push(() => watch.stop());
  }
  ensureKeys(config);
  goOn(course);

  if (options.seed !== undefined) await seed(options.seed, config, database);
  goOn(course);

  say('Starting API, worker and integrator …');
  course.undo.push(() => course.supervisor.stop());
  const apiUrl = await openDoors(options, config, database, course.supervisor);
  await untilHealthy(apiUrl, course);

  course.undo.push(() => {
    removeRunState(config.dataDir);
  });
  writeRunState(config.dataDir, {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    apiUrl,
    ...(database.server === undefined
      ? {}
      : { postgres: { pid: database.server.pid, port: database.server.port, database: EMBEDDED_DATABASE } }),
    doors: course.supervisor.pids(),
  });
  await options.firstScreen?.({ config, apiUrl, startMs: performance.now() - began });
}

function goOn({ signals }: Course): void {
  if (signals.isAsked()) throw new Interrupted();
}

function alreadyRunning(config: Config, pid: number): string {
  const url = readRunState(config.dataDir)?.apiUrl;
  const where = url === undefined ? 'is starting' : `runs at ${url}`;
  return `Assay ${where} already (pid ${String(pid)}, data in ${config.dataDir}). Stop it there with Ctrl-C, or set ASSAY_DATA_DIR for a second one.`;
}

/**
 * What a decision is made of outlives the 16 MiB that V8 fills before it collects, and was copied for nothing: with 64 the API
 * decides 15 % more in the same time.
 */
const NODE_OPTIONS = { api: ['--max-semi-space-size=64'], worker: [], integrator: [] };

/** All three at once; resolves to the API's address when each has said that it is ready. */
async function openDoors(
  options: StartOptions,
  config: Config,
  database: PreparedDatabase,
  supervisor: Supervisor,
): Promise<string> {
  const open = (name: 'api' | 'worker' | 'integrator', port?: number): Promise<ReadyMessage> =>
    supervisor.start({
      name,
      program: options.programs[name],
      nodeOptions: NODE_OPTIONS[name],
      environment: doorEnvironment(name, { ...config, port }, database, options.environment),
    });
  const [api] = await Promise.all([
    openApi(config, (port) => open('api', port)),
    open('worker'),
    open('integrator'),
  ]);
  return api.url ?? '';
}

/** Between finding a free port and listening on it, another checkout that starts may have taken it. */
async function openApi(config: Config, open: (port: number) => Promise<ReadyMessage>): Promise<ReadyMessage> {
  if (config.port !== undefined || !config.embedded) return open(config.port ?? DEFAULT_PORT);
  for (let from = DEFAULT_PORT, attempt = 1; ; attempt += 1) {
    const port = await freePortFrom(from, config.host);
    try {
      return await open(port);
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !(error as Error).message.includes('EADDRINUSE')) throw error;
      from = port + 1;
    }
  }
}

async function seed(
  hook: (platform: Platform) => Promise<void>,
  config: Config,
  database: PreparedDatabase,
): Promise<void> {
  const platform = await openPlatform(
    { ...config, serviceDatabaseUrl: new Secret(database.serviceUrl) },
    'api',
  );
  try {
    await hook(platform);
  } finally {
    await platform.close();
  }
}

async function untilHealthy(apiUrl: string, course: Course): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    goOn(course);
    const answer = await fetch(`${apiUrl}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (performance.now() > deadline)
      throw new Error(`the API is not ready: ${(await answer?.text()) ?? 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
