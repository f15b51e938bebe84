import type { Instant } from '../kernel/clock.js';
import type { KpiDimension, KpiFilter, Kpis } from './kpi.js';

/** Answers the key figures; changes nothing. */
export interface InsightRead {
  /**
   * One row for each value of the dimension that has anything, by that value; without a dimension one row for all.
   * At most `MAX_KPI_ROWS`. `now` ends a period without an end.
   */
  kpis(orgId: string, filter: KpiFilter, now: Instant, by?: KpiDimension): Promise<readonly Kpis[]>;
  /** Organisations that have judged anything. */
  organisations(): Promise<readonly string[]>;
}
