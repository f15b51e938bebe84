import pg from 'pg';
import type { Logger } from 'pino';
import { Changes } from '../../api/watch.js';
import { statusTopic } from '../../gate/run/gate-status.js';
import { digestFrom } from '../../kernel/digest.js';
import { DATABASE_ROLES } from '../database/roles.js';
import { PROGRESS_CHANNEL } from '../../kernel/progress-channel.js';
import type { Secret } from '../platform/secret.js';

/** Where every append to the ledger is told. */
const LEDGER_CHANNEL = 'assay_ledger';
/** Topics that entries of the ledger are news of; `statusTopic` makes them. */
const OF_THE_LEDGER = 'gate:';
/** Entries that are looked through at once. Where there are more, every watcher looks for itself. */
const ENTRIES = 10_000;

/**
 * News of running work, heard from the database on one connection for all watchers of this process, opened for the
 * first of them. While it is away, watching is looking from time to time. What entries of the ledger are about is read
 * from a cursor, once for all watchers, and only while somebody watches a gate.
 */
export class ChangeListener extends Changes {
  private client: pg.Client | undefined;
  private opening: Promise<void> | undefined;
  private readonly waiting = new Map<string, Set<() => void>>();
  /** The newest entry that was looked at; undefined while nobody watches a gate. */
  private seen: string | undefined;
  private following: Promise<void> | undefined;
  private appended = false;

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
    for (const topic of [...this.waiting.keys()]) this.wake(topic);
    await this.opening;
    await this.following;
    await this.client?.end();
  }

  private wake(topic: string): void {
    for (const wake of [...(this.waiting.get(topic) ?? [])]) wake();
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl.reveal(),
      options: `-c role=${DATABASE_ROLES.across}`, // one cursor for the watchers of every organisation
      application_name: 'assay api, listening',
    });
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === PROGRESS_CHANNEL) {
        this.wake(payload);
        return;
      }
      this.appended = true;
      this.following ??= this.follow(client).finally(() => {
        this.following = undefined;
      });
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
      await client.query(`LISTEN ${LEDGER_CHANNEL}`);
      this.client = client;
    } catch (error) {
      this.logger.warn({ err: error }, 'the API cannot listen for progress; watchers look from time to time');
      this.opening = undefined;
      await client.end().catch(() => undefined);
    }
  }

  /** Wakes who watches what the entries since the last time are about. Appends that come meanwhile are seen in the next round. */
  private async follow(client: pg.Client): Promise<void> {
    try {
      while (this.appended) {
        this.appended = false;
        const watched = [...this.waiting.keys()].filter((topic) => topic.startsWith(OF_THE_LEDGER));
        if (watched.length === 0) this.seen = undefined;
        else for (const topic of (await this.news(client)) ?? watched) this.wake(topic);
      }
    } catch (error) {
      this.logger.warn(
        { err: error },
        'the API cannot read what was appended; watchers look from time to time',
      );
    }
  }

  /** Undefined where the cursor is too far behind, or there was none. */
  private async news(client: pg.Client): Promise<readonly string[] | undefined> {
    const from = this.seen;
    const { rows } = await client.query<{
      seq: string;
      org_id: string;
      gate_id: string | null;
      artefact_digest: string | null;
    }>(
      from === undefined
        ? `SELECT seq, org_id, gate_id, artefact_digest FROM ledger.fact ORDER BY seq DESC LIMIT 1`
        : {
            text: `SELECT seq, org_id, gate_id, artefact_digest FROM ledger.fact WHERE seq > $1 ORDER BY seq LIMIT $2`,
            values: [from, ENTRIES],
          },
    );
    this.seen = rows.length < ENTRIES ? (rows.at(-1)?.seq ?? from) : undefined;
    if (from === undefined || rows.length === ENTRIES) return undefined;
    return rows.flatMap(({ org_id, gate_id, artefact_digest }) =>
      gate_id === null || artefact_digest === null
        ? []
        : [statusTopic(org_id, { gateId: gate_id, artefactDigest: digestFrom(artefact_digest) })],
    );
  }
}
