import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../src/app/database/embedded-postgres.io.js';
import { workersIn } from '../../src/app/database/postmaster.io.js';
import { commandOf } from '../../src/app/platform/process-list.io.js';
import { PostgresWatch } from '../../src/app/start/postgres-watch.io.js';

/** The PostgreSQL of a data folder, killed as a whole by us and started again by what `npm start` uses. */
export class KeptPostgres {
  readonly outagesMs: number[] = [];
  /** Ends that we did not bring about, such as the PANIC of a full disk. */
  crashes = 0;
  /** Starts that failed: the disk is still full, or it was killed while it recovered. */
  failedStarts = 0;
  readonly #folder: string;
  #downSince: number | undefined;
  #killed = false;
  readonly #watch: PostgresWatch;

  constructor(dataDir: string, server: EmbeddedPostgres) {
    this.#folder = join(realpathSync(dataDir), 'postgres');
    this.#watch = new PostgresWatch(server, {
      dataDir,
      say: () => undefined,
      onFailure: () => {
        this.#wentDown();
        this.failedStarts += 1;
      },
      onReturn: () => {
        this.#wentDown();
        this.outagesMs.push(performance.now() - this.#downSince!);
        this.#downSince = undefined;
        this.#killed = false;
      },
    });
  }

  get isReady(): boolean {
    return this.#downSince === undefined && this.#watch.server.isAlive();
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
    const children = workersIn(this.#folder).filter((pid) => pid !== this.#watch.server.pid);
    const chosen = children[Math.floor(choice * children.length)];
    if (chosen === undefined || commandOf(chosen)?.startsWith('postgres:') !== true) return false;
    end(chosen);
    return true;
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  #wentDown(): void {
    if (this.#downSince !== undefined) return;
    if (!this.#killed) this.crashes += 1;
    this.#downSince = performance.now();
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was faster
  }
}
