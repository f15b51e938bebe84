import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import type { NoteVerifier } from '../../src/ledger/signed-note.js';
import type { HistoryFile } from './history-file.js';

export interface WatcherOptions {
  /** The integrator's copy outside the database. */
  readonly copyFile: string;
  /** Superuser's URL: the watcher must not be locked out by what it watches. */
  readonly databaseUrl: string;
  readonly log: NoteVerifier;
  readonly history: HistoryFile;
}

const FILE_EVERY_MS = 40;
const DATABASE_EVERY_MS = 100;

/** An auditor who writes down every checkpoint that is published, and checks its signature. */
export class Watcher {
  /** Distinct heads by place. */
  seen = 0;
  /** Published under our name and not signed by our key, or not readable. */
  readonly unreadable: string[] = [];
  latestSize = 0;
  readonly #latest = new Map<string, string>();
  readonly #running: Promise<unknown>;
  #client: pg.Client | undefined;
  #stopping = false;

  constructor(private readonly options: WatcherOptions) {
    this.#running = Promise.all([
      this.#poll('copy', FILE_EVERY_MS, () => readFile(options.copyFile, 'utf8')),
      this.#poll('database', DATABASE_EVERY_MS, () => this.#published()),
    ]);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    await this.#client?.end().catch(() => undefined);
  }

  async #poll(place: string, everyMs: number, read: () => Promise<string | undefined>): Promise<void> {
    while (!this.#stopping) {
      const note = await read().catch(() => undefined); // down at the moment
      if (note !== undefined && note !== this.#latest.get(place)) this.#write(place, note);
      await pause(everyMs);
    }
  }

  #write(place: string, note: string): void {
    this.#latest.set(place, note);
    const opened = openCheckpoint(note, this.options.log);
    if (!opened.ok) {
      this.unreadable.push(`${place}: ${JSON.stringify(opened.problem)}`);
      return;
    }
    const { size, root } = opened.value;
    this.seen += 1;
    if (place === 'database') this.latestSize = size;
    this.options.history.seen({ size, root, place });
  }

  async #published(): Promise<string | undefined> {
    const client = (this.#client ??= await this.#connect());
    try {
      const sql = 'SELECT note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1';
      const { rows } = await client.query<{ note: string }>(sql);
      return rows[0]?.note;
    } catch (error) {
      this.#client = undefined;
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: 'chaos watcher',
    });
    client.on('error', () => undefined); // the query under way reports it
    await client.connect();
    return client;
  }
}
