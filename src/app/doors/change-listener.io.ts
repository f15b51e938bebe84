import pg from 'pg';
import type { Logger } from 'pino';
import { Changes } from '../../api/watch.js';
import { DATABASE_ROLES } from '../database/roles.js';
import { PROGRESS_CHANNEL } from '../../kernel/progress-channel.js';
import type { Secret } from '../platform/secret.js';

/**
 * News of running work, heard from the database on one connection for all watchers of this process, opened for the
 * first of them. While it is away, watching is looking from time to time.
 */
export class ChangeListener extends Changes {
  private client: pg.Client | undefined;
  private opening: Promise<void> | undefined;
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(
    private readonly databaseUrl: Secret,
    private readonly logger: Logger,
  ) {
    super();
  }

  async wait(topic: string, limitMs: number, signal: AbortSignal): Promise<void> {
    this.opening ??= this.open();
    await new Promise<void>((resolve) => {
      const wakers = this.waiting.get(topic) ?? new Set();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wakers.delete(done);
        if (wakers.size === 0 && this.waiting.get(topic) === wakers) this.waiting.delete(topic);
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      if (signal.aborted) {
        done();
        return;
      }
      signal.addEventListener('abort', done);
      this.waiting.set(topic, wakers.add(done));
    });
  }

  /** Nest's name for the end of the application. */
  async onModuleDestroy(): Promise<void> {
    for (const wakers of [...this.waiting.values()]) for (const wake of [...wakers]) wake();
    await this.opening;
    await this.client?.end();
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl.reveal(),
      options: `-c role=${DATABASE_ROLES.service}`,
      application_name: 'assay api, listening',
    });
    client.on('notification', ({ payload = '' }) => {
      for (const wake of [...(this.waiting.get(payload) ?? [])]) wake();
    });
    client.on('error', (error) => {
      this.logger.warn(
        { err: error },
        'the API no longer hears of progress; watchers look from time to time',
      );
      this.client = undefined;
      this.opening = undefined; // at the next wait
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${PROGRESS_CHANNEL}`);
      this.client = client;
    } catch (error) {
      this.logger.warn({ err: error }, 'the API cannot listen for progress; watchers look from time to time');
      this.opening = undefined;
      await client.end().catch(() => undefined);
    }
  }
}
