import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/app/database/embedded-postgres.io.js';
import { workersIn } from '../../src/app/database/postmaster.io.js';
import { commandOf } from '../../src/app/platform/process-list.io.js';

const WATCH_MS = 20;

/** The PostgreSQL of a data folder, which can be killed as a whole and is started again when it is down. */
export class KeptPostgres {
  readonly outagesMs: number[] = [];
  /** Ends that we did not bring about, such as the PANIC of a full disk. */
  crashes = 0;
  /** Starts that failed: the disk is still full, or it was killed while it recovered. */
  failedStarts = 0;
  readonly #folder: string;
  #server: EmbeddedPostgres;
  #downSince: number | undefined;
  #killed = false;
  #stopping = false;
  readonly #watching: Promise<void>;

  constructor(
    private readonly dataDir: string,
    server: EmbeddedPostgres,
  ) {
    this.#folder = join(realpathSync(dataDir), 'postgres');
    this.#server = server;
    this.#watching = this.#watch();
  }

  get isReady(): boolean {
    return this.#downSince === undefined && this.#server.isAlive();
  }

  /** Postmaster and every process of it at once, as when the machine's out-of-memory killer goes mad. */
  kill(): boolean {
    const pids = workersIn(this.#folder);
    if (pids.length === 0) return false;
    this.#killed = true;
    this.#downSince ??= performance.now();
    for (const pid of pids) end(pid);
    return true;
  }

  /** One session or background process; the postmaster then throws out everybody and recovers by itself. */
  killOneOf(choice: number): boolean {
    const children = workersIn(this.#folder).filter((pid) => pid !== this.#server.pid);
    const chosen = children[Math.floor(choice * children.length)];
    if (chosen === undefined || commandOf(chosen)?.startsWith('postgres:') !== true) return false;
    end(chosen);
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#watching;
    await this.#server.stop();
  }

  async #watch(): Promise<void> {
    while (!this.#stopping) {
      if (!this.#server.isAlive()) await this.#startAgain();
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    }
  }

  async #startAgain(): Promise<void> {
    if (!this.#killed && this.#downSince === undefined) this.crashes += 1;
    this.#downSince ??= performance.now();
    try {
      this.#server = await startEmbeddedPostgres({ dataDir: this.dataDir, port: this.#server.port });
    } catch {
      this.failedStarts += 1;
      return; // and again
    }
    if (!this.#server.isAlive()) return;
    this.outagesMs.push(performance.now() - this.#downSince);
    this.#downSince = undefined;
    this.#killed = false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was faster
  }
}
