import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { guardChild } from './guarded.js';

export interface KeptProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Speaks over IPC, and says so when it is ready. */
  readonly speaks: boolean;
  readonly onMessage?: (message: unknown) => void;
}

/** A door's own code for "a person has to look": never an accident of the moment. */
const EXIT_FOR_A_PERSON = '70';
const AFTER_A_KILL_MS = 50;
const AFTER_A_CRASH_MS = 250;
const STOP_LIMIT_MS = 15_000;

/** A process that is started again whenever it ends, as a process manager would, until it is stopped. */
export class Kept {
  /** From each of our kills until the successor said that it is ready. */
  readonly outagesMs: number[] = [];
  /** Ends that we did not bring about, after it had been ready: it does not survive the death of another. */
  readonly crashes: string[] = [];
  /** Ends before it was ready, as when the database is down while it starts: a process manager tries again. */
  failedStarts = 0;
  #child: ChildProcess | undefined;
  #ready = false;
  #killed = false;
  #downSince: number | undefined;
  #stopping = false;

  constructor(private readonly program: KeptProgram) {
    this.#launch();
  }

  get name(): string {
    return this.program.name;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** SIGKILL, now. False when it was down already. */
  kill(): boolean {
    if (this.#child === undefined) return false;
    this.#killed = true;
    this.#downSince ??= performance.now();
    this.#child.kill('SIGKILL');
    return true;
  }

  /** Tells it to finish what is under way and to end by itself; it is not started again. False when it had to be ended. */
  async retire(limitMs: number): Promise<boolean> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined) return false;
    const ended = new Promise<boolean>((resolve) =>
      child.once('exit', (code) => {
        resolve(code === 0);
      }),
    );
    child.send({ retire: true });
    const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const inTime = await ended;
    clearTimeout(late);
    return inTime;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(late);
  }

  log(): string {
    return readFileSync(this.program.logFile, 'utf8');
  }

  logTail(): string {
    return this.log().slice(-4096);
  }

  #launch(): void {
    const { command, args, environment, logFile, speaks } = this.program;
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(command, args, {
      env: environment,
      stdio: speaks ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    });
    closeSync(log);
    guardChild(child.pid);
    this.#child = child;
    if (!speaks) this.#nowReady();
    child.on('message', (message) => {
      if (!this.#ready) this.#nowReady();
      this.program.onMessage?.(message);
    });
    child.once('error', (error) => this.crashes.push(error.message));
    child.once('exit', (code, signal) => {
      this.#ended(String(code ?? signal));
    });
  }

  #nowReady(): void {
    this.#ready = true;
    if (this.#downSince !== undefined) this.outagesMs.push(performance.now() - this.#downSince);
    this.#downSince = undefined;
  }

  #ended(how: string): void {
    const wasReady = this.#ready;
    this.#child = undefined;
    this.#ready = false;
    if (this.#stopping) return;
    if (!this.#killed) {
      if (wasReady || how === EXIT_FOR_A_PERSON) this.crashes.push(how);
      else this.failedStarts += 1;
    }
    this.#downSince ??= performance.now();
    const waitMs = this.#killed ? AFTER_A_KILL_MS : AFTER_A_CRASH_MS;
    this.#killed = false;
    setTimeout(() => {
      if (!this.#stopping) this.#launch();
    }, waitMs);
  }
}
