import type { Instant } from '../kernel/clock.js';

/** By what the figures are split. Periods are of the calendar, in UTC; a week begins on Monday. */
export const KPI_DIMENSIONS = ['PROJECT', 'GATE', 'DAY', 'WEEK', 'MONTH'] as const;
export type KpiDimension = (typeof KPI_DIMENSIONS)[number];

/** All that is given must match. `from` is inclusive, `to` is not. */
export interface KpiFilter {
  readonly projectId?: string;
  readonly gateId?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A share of things counted. Null where there is nothing to count: not measured, which is not 0 %. */
export interface Share {
  readonly value: number | null;
  readonly of: number;
}

/** Milliseconds over things counted; null where there are none. */
export interface Durations {
  readonly median: number | null;
  readonly p90: number | null;
  readonly of: number;
}

/** The key figures of one row. docs/OPERATING.md, "Key figures", says what each counts and by which clock. */
export interface Kpis {
  /** A project's id, a gate's id, or the first instant of a period; null for all in one. */
  readonly key: string | null;
  readonly firstPass: Share;
  /** Judgements beyond the first of each unit. */
  readonly rework: { readonly count: number; readonly of: number };
  readonly fixTasks: number;
  readonly criteriaTested: Share;
  readonly cycleTimeMs: Durations;
  /** Of waivers in force at the end of the period. */
  readonly waiverAgeMs: Durations;
  /** Of waivers approved in the period, those that ever excused something. */
  readonly waiversUsed: Share;
}

/** How many rows there may be; a finer question asks for less at once. */
export const MAX_KPI_ROWS = 1_000;

export const share = (part: number, of: number): Share => ({ value: of === 0 ? null : part / of, of });
