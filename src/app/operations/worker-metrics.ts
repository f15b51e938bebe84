import { Gauge, type Registry } from 'prom-client';
import { openRegistry } from './metrics.js';
import { tracingMetrics } from './tracing-metrics.js';
import { verificationMetrics } from './verification-metrics.js';
import type { Platform } from '../platform/platform.js';

/** What the worker shows beside its queues: how far those who read the ledger by cursor are behind it. */
export function workerMetrics({ database, tracing }: Pick<Platform, 'database' | 'tracing'>): Registry {
  const registry = openRegistry();
  new Gauge({
    name: 'ledger_reader_lag_entries',
    help: 'Entries that a reader of the ledger has yet to read; `dispatch` turns entries into jobs',
    labelNames: ['reader'] as const,
    registers: [registry],
    async collect() {
      const rows = await database.query<{ reader: string; lag: string }[]>(
        `SELECT reader, coalesce((SELECT max(seq) + 1 FROM ledger.entry), 0) - next AS lag FROM ledger.cursor
         UNION ALL SELECT 'dispatch', count(*) FROM ledger.dispatch WHERE dispatched_at IS NULL`,
      );
      this.reset();
      for (const { reader, lag } of rows) this.set({ reader }, Math.max(0, Number(lag)));
    },
  });
  verificationMetrics(registry, { database });
  if (tracing) tracingMetrics(registry, tracing);
  return registry;
}
