import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { checkpointFile } from '../../src/app/platform/checkpoint-file.js';
import { openKeys } from '../../src/app/platform/keys.io.js';
import { formatVkey, parseVkey } from '../../src/ledger/signed-note.js';
import { HistoryFile } from './history-file.js';
import { HttpLoad } from './http-load.js';
import type { Installation } from './installation.js';
import { Kept } from './kept.js';
import { Watcher } from './watcher.js';

export interface LoadOptions {
  readonly appenders: number;
  /** Requests under way at once in each appender. */
  readonly slots: number;
  /** Of each slot after its answer: a machine with nothing to spare recovers slowly. */
  readonly restMs: number;
  readonly clients: number;
  /** Where the histories go: not on a disk that is going to be full. */
  readonly folder: string;
}

const RETIRE_LIMIT_MS = 300_000;

/** Everything that asks and watches while the installation is being killed. */
export class Load {
  readonly appenders: readonly Kept[];
  readonly http: HttpLoad;
  readonly watcher: Watcher;
  readonly folder: string;
  /** Answers to the appenders, by process; a killed one starts again from zero. */
  readonly #answered = new Map<string, { before: number; now: number; recovered: number; latest: number }>();
  readonly #httpHistory: HistoryFile;
  readonly #watcherHistory: HistoryFile;

  constructor(installation: Installation, options: LoadOptions) {
    const { config, database, orgId, service, apiUrl } = installation;
    this.folder = options.folder;
    this.#httpHistory = new HistoryFile(join(this.folder, 'http.history'));
    this.#watcherHistory = new HistoryFile(join(this.folder, 'watcher.history'));
    this.appenders = Array.from({ length: options.appenders }, (_, index) =>
      this.#appender(`appender-${index}`, installation, options),
    );
    this.http = new HttpLoad({
      root: config.root,
      url: apiUrl,
      orgId,
      ...service,
      history: this.#httpHistory,
      clients: options.clients,
    });
    const keys = openKeys(config, 'cli');
    const log = parseVkey(
      formatVkey(keys.logOrigin(), createPublicKey(keys.logPublic().export({ type: 'spki', format: 'pem' }))),
    );
    if (!log.ok) throw new Error('the log key has no vkey');
    this.watcher = new Watcher({
      copyFile: checkpointFile(config),
      databaseUrl: database.adminUrl,
      log: log.value,
      history: this.#watcherHistory,
    });
  }

  /** Answers so far, of every kind. */
  get answered(): number {
    let sum = this.http.answered;
    for (const { before, now } of this.#answered.values()) sum += before + now;
    return sum;
  }

  /** Appenders' requests that were durable although their first answer was lost: a retry was told where. */
  get recovered(): number {
    return [...this.#answered.values()].reduce((sum, { recovered }) => sum + recovered, 0);
  }

  /** Everything that was sent is answered, and nothing new is asked. The names of those that could not. */
  async stop(): Promise<readonly string[]> {
    const stuck = await Promise.all(
      this.appenders.map(async (each) => ((await each.retire(RETIRE_LIMIT_MS)) ? [] : [each.name])),
    );
    await this.http.stop();
    this.#httpHistory.close();
    return stuck.flat();
  }

  /** When nothing more is published. */
  async stopWatching(): Promise<void> {
    await this.watcher.stop();
    this.#watcherHistory.close();
  }

  #appender(name: string, { config, database, orgId }: Installation, { slots, restMs }: LoadOptions): Kept {
    const count = { before: 0, now: 0, recovered: 0, latest: 0 };
    this.#answered.set(name, count);
    return new Kept({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(import.meta.dirname, 'appender.js')],
      environment: {
        PATH: process.env['PATH'],
        ASSAY_DATA_DIR: config.dataDir,
        CHAOS_URL: database.serviceUrl,
        CHAOS_ORG: orgId,
        CHAOS_WRITER: name,
        CHAOS_SLOTS: String(slots),
        CHAOS_REST_MS: String(restMs),
        CHAOS_FOLDER: this.folder,
      },
      logFile: join(this.folder, `${name}.log`),
      speaks: true,
      onMessage: (message) => {
        const { answered, recovered } = message as { answered: number; recovered: number };
        if (answered < count.now) {
          count.before += count.now;
          count.recovered += recovered;
        } else count.recovered += recovered - count.latest;
        [count.now, count.latest] = [answered, recovered];
      },
    });
  }
}
