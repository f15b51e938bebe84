import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../platform/config.js';
import { EXIT_FOR_A_PERSON, type ReadyMessage } from '../doors/door.io.js';

export interface DoorProgram {
  readonly name: string;
  /** JavaScript file that calls `runDoor`. */
  readonly program: string;
  /** Options of Node for it. */
  readonly nodeOptions?: readonly string[];
  readonly environment: Environment;
}

export interface SupervisorOptions {
  /** Where `<door>.log` goes; the log of the run before is kept as `<door>.log.1`. */
  readonly logFolder: string;
  readonly say: (message: string) => void;
  /** A door crashed too often: everything has to end. */
  readonly onGivingUp: (reason: Error) => void;
  readonly readyLimitMs?: number;
  /** Wait after the first crash; doubles with each further one. */
  readonly firstBackOffMs?: number;
}

const READY_LIMIT_MS = 60_000;
const DRAIN_LIMIT_MS = 10_000;
/** Waits 0.25, 0.5, 1, 2, 4 s; a sixth crash within the window ends the supervision. */
const FIRST_BACK_OFF_MS = 250;
const CRASHES_ALLOWED = 5;
const CRASH_WINDOW_MS = 60_000;

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
  readonly ready: Promise<ReadyMessage>;
}

/**
 * Starts doors as child processes and keeps them running: a crashed one is started again after a growing wait,
 * a bounded number of times. Their output goes to files; the terminal belongs to whoever started us.
 */
export class Supervisor {
  private readonly running = new Map<string, Running>();
  private stopping = false;

  constructor(private readonly options: SupervisorOptions) {
    mkdirSync(options.logFolder, { recursive: true });
  }

  /** Resolves when the door says that it is ready; throws, with the end of its log, when it does not. */
  async start(door: DoorProgram): Promise<ReadyMessage> {
    keepLogOfRunBefore(this.logFile(door));
    const running = this.launch(door);
    const message = await running.ready;
    void this.keepRunning(door, running);
    return message;
  }

  pids(): Record<string, number> {
    return Object.fromEntries([...this.running].map(([name, { child }]) => [name, child.pid ?? 0]));
  }

  /** Lets every door finish what it does, at most 10 s; then ends it. Not started again. */
  async stop(): Promise<void> {
    this.stopping = true;
    const late = setTimeout(() => {
      this.kill();
    }, DRAIN_LIMIT_MS);
    for (const { child } of this.running.values()) child.kill('SIGTERM');
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
    clearTimeout(late);
  }

  /** At once, for a second Ctrl-C. */
  kill(): void {
    this.stopping = true;
    for (const { child } of this.running.values()) child.kill('SIGKILL');
  }

  private launch(door: DoorProgram): Running {
    const log = openSync(this.logFile(door), 'a', 0o600);
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', ...(door.nodeOptions ?? []), door.program],
      {
        env: { ...door.environment },
        stdio: ['ignore', log, log, 'ipc'],
      },
    );
    closeSync(log);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('exit', (code, signal) => {
        resolve(`ended with ${String(code ?? signal)}`);
      });
    });
    const running = { child, ended, ready: this.untilReady(door, child, ended) };
    this.running.set(door.name, running);
    return running;
  }

  private async untilReady(
    door: DoorProgram,
    child: ChildProcess,
    ended: Promise<string>,
  ): Promise<ReadyMessage> {
    const limitMs = this.options.readyLimitMs ?? READY_LIMIT_MS;
    let timer: NodeJS.Timeout | undefined;
    const message = new Promise<ReadyMessage>((resolve) => {
      child.once('message', (received) => {
        resolve(received as ReadyMessage);
      });
    });
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve(`not ready after ${String(limitMs / 1000)} s`);
      }, limitMs);
    });
    const first = await Promise.race([message, ended, late]);
    clearTimeout(timer);
    if (typeof first !== 'string') return first;
    child.kill('SIGKILL');
    throw new Error(`${door.name} did not start: ${first}\n${this.logTail(door)}`);
  }

  private async keepRunning(door: DoorProgram, first: Running): Promise<void> {
    const crashes: number[] = [];
    for (let current = first; ;) {
      const how = await current.ended;
      if (this.stopping) return;
      if (current.child.exitCode === EXIT_FOR_A_PERSON) {
        this.options.onGivingUp(new Error(`${door.name} refuses to go on:\n${this.logTail(door)}`));
        return;
      }
      const now = performance.now();
      crashes.push(now);
      const recent = crashes.filter((at) => now - at < CRASH_WINDOW_MS).length;
      if (recent > CRASHES_ALLOWED) {
        this.options.onGivingUp(
          new Error(`${door.name} crashed ${String(recent)} times\n${this.logTail(door)}`),
        );
        return;
      }
      const waitMs = (this.options.firstBackOffMs ?? FIRST_BACK_OFF_MS) * 2 ** (recent - 1);
      this.options.say(
        `${door.name} ${how}; starting it again in ${String(waitMs)} ms (log: ${this.logFile(door)})`,
      );
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.isStopping()) return;
      current = this.launch(door);
      current.ready.catch(() => undefined); // its end is what counts, and is awaited above
    }
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  private logFile(door: DoorProgram): string {
    return join(this.options.logFolder, `${door.name}.log`);
  }

  private logTail(door: DoorProgram): string {
    return readFileSync(this.logFile(door), 'utf8').slice(-4096);
  }
}

function keepLogOfRunBefore(path: string): void {
  rmSync(`${path}.1`, { force: true });
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
