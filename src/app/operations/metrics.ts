import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { logMetrics } from './log-metrics.js';
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

/** With what Node says of its process. */
export function openRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function openMetrics({ database }: Pick<Platform, 'database'>): Metrics {
  const registry = openRegistry();
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
  logMetrics(registry, { database });
  verificationMetrics(registry, { database });
  return {
    registry,
    observeRequest: ({ method, route, status }, seconds) => {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
  };
}
