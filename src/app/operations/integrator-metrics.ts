import { Gauge, type Registry } from 'prom-client';
import type { WitnessService } from '../../ledger/witness.service.js';
import { logMetrics } from './log-metrics.js';
import { openRegistry } from './metrics.js';
import { tracingMetrics } from './tracing-metrics.js';
import type { Platform } from '../platform/platform.js';

/** What the integrator shows: the log, and how each witness stands to it. */
export function integratorMetrics(
  { database, tracing }: Pick<Platform, 'database' | 'tracing'>,
  witnesses: Pick<WitnessService, 'standing'> | undefined,
): Registry {
  const registry = openRegistry();
  logMetrics(registry, { database });
  if (tracing) tracingMetrics(registry, tracing);
  if (!witnesses) return registry;
  const of = { registers: [registry], labelNames: ['witness'] as const };
  new Gauge({
    ...{ ...of, name: 'ledger_witness_cosigned_entries' },
    help: 'Entries of the largest checkpoint that a witness cosigned since this integrator began',
    collect() {
      for (const { witness, size } of witnesses.standing()) this.set({ witness }, size);
    },
  });
  new Gauge({
    ...{ ...of, name: 'ledger_witness_refuses' },
    help: '1 while the last word of a witness was no cosignature; the log says why',
    collect() {
      for (const { witness, reason } of witnesses.standing())
        this.set({ witness }, reason === undefined ? 0 : 1);
    },
  });
  return registry;
}
