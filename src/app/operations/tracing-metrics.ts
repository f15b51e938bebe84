import { Counter, type Registry } from 'prom-client';
import type { Tracing } from '../tracing/tracing.js';

/** Spans that reached the collector, and those that did not. */
export function tracingMetrics(registry: Registry, tracing: Pick<Tracing, 'counts'>): void {
  new Counter({
    name: 'tracing_spans_exported_total',
    help: 'Spans that the collector has taken',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(tracing.counts.exported);
    },
  });
  new Counter({
    name: 'tracing_spans_dropped_total',
    help: 'Spans that were lost: the queue was full, or the collector did not take them',
    labelNames: ['reason'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(tracing.counts.dropped)) this.inc({ reason }, count);
    },
  });
}
