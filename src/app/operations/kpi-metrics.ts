import { Gauge, type Registry } from 'prom-client';
import type { InsightService } from '../../insight/insight.service.js';
import type { Kpis } from '../../insight/kpi.js';

/** The figures are of the last 30 days: a scraper keeps its own history. */
const LAST_MS = 30 * 24 * 60 * 60 * 1000;

interface Figure {
  readonly name: string;
  readonly help: string;
  /** Null: not measured, so there is no sample, which is not a zero. */
  readonly of: (row: Kpis) => number | null;
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

const FIGURES: readonly Figure[] = [
  {
    name: 'kpi_first_pass_ratio',
    help: 'Of units first judged in the last 30 days: those whose first judgement let them through',
    of: ({ firstPass }) => firstPass.value,
  },
  {
    name: 'kpi_rework_judgements',
    help: 'Judgements beyond the first, of units first judged in the last 30 days',
    of: ({ rework }) => (rework.of === 0 ? null : rework.count),
  },
  {
    name: 'kpi_fix_tasks_opened',
    help: 'Fix tasks opened in the last 30 days',
    of: ({ fixTasks }) => fixTasks,
  },
  {
    name: 'kpi_cycle_time_seconds_median',
    help: 'From the beginning of a unit to its first pass, of units that passed in the last 30 days',
    of: ({ cycleTimeMs }) => seconds(cycleTimeMs.median),
  },
  {
    name: 'kpi_waiver_age_seconds_median',
    help: 'Since approval, of waivers approved in the last 30 days that are in force',
    of: ({ waiverAgeMs }) => seconds(waiverAgeMs.median),
  },
  {
    name: 'kpi_waivers_used_ratio',
    help: 'Of waivers approved in the last 30 days: those that excused something',
    of: ({ waiversUsed }) => waiversUsed.value,
  },
];

/** Key figures by organisation and gate, as far as the worker has read the ledger. A figure not measured has no sample. */
export function kpiMetrics(registry: Registry, insight: Pick<InsightService, 'everywhere'>): void {
  for (const { name, help, of } of FIGURES)
    new Gauge({
      ...{ name, help, registers: [registry] },
      labelNames: ['org', 'gate'] as const,
      async collect() {
        this.reset();
        for (const { orgId, rows } of await insight.everywhere(LAST_MS))
          for (const row of rows) {
            const value = of(row);
            if (value !== null) this.set({ org: orgId, gate: row.key ?? '' }, value);
          }
      },
    });
}
