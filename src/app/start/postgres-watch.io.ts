import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../database/embedded-postgres.io.js';
import { HAS_PROC } from '../platform/process-list.io.js';

export interface PostgresWatchOptions {
  readonly dataDir: string;
  readonly say: (message: string) => void;
  /** A start failed: the disk is still full, or it was ended while it recovered. It is tried again. */
  readonly onFailure?: () => void;
  /** It serves again. */
  readonly onReturn?: (server: EmbeddedPostgres) => void;
}

/** Looking is a file read where there is /proc, and a program elsewhere. */
const LOOK_MS = HAS_PROC ? 100 : 1_000;
/** After an end the first start comes at once; between failed ones 0.25, 0.5, 1, … up to 10 s. */
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 10_000;
/** Whoever lived so long did not fail to start. */
const SETTLED_MS = 10_000;

/**
 * Starts a server of ours again whenever it has ended, and does not tire of it: a disk may stay full for hours, and
 * then everything has to come back without a person at the keyboard. Readiness says meanwhile that it is away.
 */
export class PostgresWatch {
  #server: EmbeddedPostgres;
  #failures = 0;
  #startedAt = performance.now();
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor(
    server: EmbeddedPostgres,
    private readonly options: PostgresWatchOptions,
  ) {
    this.#server = server;
    this.#watching = this.#watch();
  }

  get server(): EmbeddedPostgres {
    return this.#server;
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await this.#server.stop();
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#server.isAlive()) await this.#wait(LOOK_MS);
      else await this.#startAgain();
    }
  }

  async #startAgain(): Promise<void> {
    const { dataDir, say, onFailure, onReturn } = this.options;
    if (performance.now() - this.#startedAt > SETTLED_MS) this.#failures = 0;
    if (this.#failures > 0) await this.#wait(backOffMs(this.#failures));
    if (this.#stop.signal.aborted) return;
    if (this.#failures === 0) say('PostgreSQL ended; starting it again (why: postgres.log.1)');
    this.#failures += 1;
    try {
      this.#server = await startEmbeddedPostgres({ dataDir, port: this.#server.port, log: say });
    } catch (error) {
      onFailure?.();
      const [reason = ''] = (error as Error).message.split('\n');
      say(`${reason}; again in ${String(backOffMs(this.#failures) / 1000)} s (postgres.log)`);
      return;
    } finally {
      this.#startedAt = performance.now();
    }
    if (this.#server.isAlive()) onReturn?.(this.#server);
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined); // stopped
  }
}

const backOffMs = (failures: number): number =>
  Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS);
