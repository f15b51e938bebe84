import { Gauge, type Registry } from 'prom-client';
import type { Platform } from '../platform/platform.js';

interface Row {
  readonly entries: string;
  readonly findings: number;
  readonly anyAge: number;
  readonly fullAge: number;
}

/** What the worker's verify job found last. 0 until its first pass; alarm on findings, and on age. */
export function verificationMetrics(registry: Registry, { database }: Pick<Platform, 'database'>): void {
  const registers = [registry];
  const last = async (): Promise<Row | undefined> => {
    const [row] = await database.query<Row[]>(
      `SELECT entries, findings, extract(epoch FROM now() - at)::float8 AS "anyAge",
              extract(epoch FROM now() - full_at)::float8 AS "fullAge" FROM ledger.verification`,
    );
    return row;
  };
  // Each asks for itself: prom-client collects them one after the other, and one set by another would be a scrape late.
  new Gauge({
    name: 'ledger_verified_entries',
    help: 'Entries that the verify job has read',
    registers,
    async collect() {
      this.set(Number((await last())?.entries ?? 0));
    },
  });
  new Gauge({
    name: 'ledger_verify_findings',
    help: 'Things that are not as they were signed, in the last pass of the verify job',
    registers,
    async collect() {
      this.set((await last())?.findings ?? 0);
    },
  });
  new Gauge({
    name: 'ledger_verify_age_seconds',
    help: 'Seconds since the verify job ended a pass of any kind, and one over everything; absent before the first',
    labelNames: ['pass'] as const,
    registers,
    async collect() {
      const row = await last();
      if (!row) return;
      this.set({ pass: 'any' }, row.anyAge);
      this.set({ pass: 'full' }, row.fullAge);
    },
  });
}
