import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Platform } from '../platform/platform.js';
import { verificationMetrics } from './verification-metrics.js';

/** Measured values of one process, as Prometheus reads them. Units are in the names; labels are bounded lists. */
export interface Metrics {
  readonly registry: Registry;
  /** `route` is the pattern, never the path: paths hold digests. */
  observeRequest(request: { method: string; route: string; status: number }, seconds: number): void;
}

/** Seconds. From a cached read to an upload. */
const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function openMetrics({ database }: Pick<Platform, 'database'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
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
  verificationMetrics(registry, { database });
  return {
    registry,
    observeRequest: ({ method, route, status }, seconds) => {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
  };
}
