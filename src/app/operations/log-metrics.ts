import { Gauge, type Registry } from 'prom-client';
import type { Platform } from '../platform/platform.js';

/** How far the log is signed, and whether it is: for the API and for the integrator, whose roles may both read that. */
export function logMetrics(registry: Registry, { database }: Pick<Platform, 'database'>): void {
  new Gauge({
    name: 'ledger_unsigned_entries',
    help: 'Entries that no checkpoint covers yet',
    registers: [registry],
    async collect() {
      const [row] = await database.query<{ count: string }[]>(
        // Numbers have no gaps, and both ends of an index are a look-up; counting reads as much as a planner fears.
        `SELECT coalesce((SELECT max(seq) + 1 FROM ledger.entry), 0)
           - coalesce((SELECT max(size) FROM ledger.checkpoint), 0) AS count`,
      );
      this.set(Number(row?.count ?? 0));
    },
  });
  new Gauge({
    name: 'ledger_checkpoint_size',
    help: 'Entries that the latest checkpoint covers: signed by the log, and cosigned by a quorum of witnesses',
    labelNames: ['state'] as const,
    registers: [registry],
    async collect() {
      const [row] = await database.query<{ signed: string | null; cosigned: string | null }[]>(
        `SELECT (SELECT max(size) FROM ledger.checkpoint) AS signed,
           (SELECT max(size) FROM ledger.checkpoint WHERE cosigned IS NOT NULL) AS cosigned`,
      );
      this.set({ state: 'signed' }, Number(row?.signed ?? 0));
      this.set({ state: 'cosigned' }, Number(row?.cosigned ?? 0));
    },
  });
  new Gauge({
    name: 'ledger_signing_refused',
    help: '1 while the integrator refuses to sign; the label says why, docs/OPERATING.md what to do',
    labelNames: ['problem'] as const,
    registers: [registry],
    async collect() {
      const [row] = await database.query<{ problem: string | null }[]>('SELECT problem FROM ledger.signing');
      this.reset();
      this.set({ problem: row?.problem ?? 'none' }, row?.problem ? 1 : 0);
    },
  });
  new Gauge({
    name: 'ledger_entries',
    help: 'Entries of the ledger',
    registers: [registry],
    async collect() {
      const [row] = await database.query<{ entries: string }[]>(
        'SELECT coalesce(max(seq) + 1, 0) AS entries FROM ledger.entry',
      );
      this.set(Number(row?.entries ?? 0));
    },
  });
  new Gauge({
    name: 'ledger_checkpoint_age_seconds',
    help: 'Seconds since the latest checkpoint was signed; it grows, too, while nothing new is recorded. Absent before the first',
    registers: [registry],
    async collect() {
      const [row] = await database.query<{ age: number }[]>(
        `SELECT extract(epoch FROM clock_timestamp() - created)::float8 AS age
           FROM ledger.checkpoint ORDER BY size DESC LIMIT 1`,
      );
      if (row) this.set(row.age);
    },
  });
}
