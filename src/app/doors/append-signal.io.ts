import pg from 'pg';
import type { Logger } from 'pino';
import type { AppendSignal } from '../../ledger/append-signal.port.js';
import { DATABASE_ROLES } from '../database/roles.js';
import type { Secret } from '../platform/secret.js';

/** The append's notification, heard on a connection of its own. While that is away, waiting is polling. */
export class AppendNotifications implements AppendSignal {
  private listener: pg.Client | undefined;
  private opening: Promise<void> | undefined;
  private heard = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly databaseUrl: Secret,
    private readonly logger: Logger,
  ) {}

  async wait(limitMs: number, signal: AbortSignal): Promise<void> {
    this.opening ??= this.open();
    if (!this.heard && !signal.aborted) await this.next(limitMs, signal);
    this.heard = false;
  }

  async close(): Promise<void> {
    await this.opening;
    await this.listener?.end();
  }

  private next(limitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      signal.addEventListener('abort', done);
      this.wake = done;
    });
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl.reveal(),
      options: `-c role=${DATABASE_ROLES.integrator}`,
      application_name: 'assay integrator, listening',
    });
    client.on('notification', () => {
      this.heard = true;
      this.wake();
    });
    client.on('error', (error) => {
      this.logger.warn({ err: error }, 'the integrator no longer hears appends; it polls');
      this.listener = undefined;
      this.opening = undefined; // at the next wait
    });
    try {
      await client.connect();
      await client.query('LISTEN assay_ledger');
      this.listener = client;
    } catch {
      this.opening = undefined; // the database is away, which the integrator itself reports
    }
  }
}
