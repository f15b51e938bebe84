import type { EntityManager } from 'typeorm';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import type { InsightRead } from './insight.read.js';
import { MAX_KPI_ROWS, share, type Durations, type KpiDimension, type KpiFilter, type Kpis } from './kpi.js';

/** What stands behind one figure: a table (`r`) with a moment, and aggregates over its rows. */
interface Source {
  readonly from: string;
  readonly at: string;
  /** SQL; of waivers in force at the end no moment is of the period. */
  readonly where?: string;
  readonly gate: string;
  readonly measures: Readonly<Record<string, string>>;
}

const quantile = (share: number, of: string): string =>
  `percentile_cont(${String(share)}) WITHIN GROUP (ORDER BY extract(epoch FROM ${of}) * 1000)`;
const CYCLE = 'r.passed_at - s.started_at';

/** Parameters: $1 organisation, $2 project, $3 gate, $4 from, $5 to (exclusive; now when open). Null: not asked for. */
const SOURCES = {
  judged: {
    from: 'assay.kpi_unit r',
    ...{ at: 'r.first_at', gate: 'r.gate_id' },
    measures: {
      units: 'count(*)',
      passed: 'count(*) FILTER (WHERE r.first_passed)',
      rework: 'sum(r.judged - 1)',
    },
  },
  // In the period in which it passed: what is not done yet has no duration.
  cycle: {
    from: 'assay.kpi_unit r JOIN assay.kpi_start s ON s.org_id = r.org_id AND s.unit = r.unit',
    ...{ at: 'r.passed_at', gate: 'r.gate_id', where: 'r.passed_at IS NOT NULL' },
    measures: { of: 'count(*)', median: quantile(0.5, CYCLE), p90: quantile(0.9, CYCLE) },
  },
  // A criterion belongs to a case; to a gate, when that has judged the case.
  criteria: {
    from: `(SELECT c.*, u.gate_id FROM assay.kpi_criterion c
             LEFT JOIN assay.kpi_unit u ON u.org_id = c.org_id AND u.unit = 'case ' || c.case_id
               AND ($3::text IS NOT NULL AND u.gate_id = $3)) r`,
    ...{ at: 'r.stated_at', gate: 'r.gate_id', where: 'NOT r.withdrawn' },
    measures: { of: 'count(*)', tested: 'count(*) FILTER (WHERE r.tests > 0)' },
  },
  fixes: {
    from: 'assay.kpi_fix r',
    ...{ at: 'r.opened_at', gate: 'r.gate_id' },
    measures: { count: 'count(*)' },
  },
  waivers: {
    from: 'assay.kpi_waiver r',
    ...{ at: 'r.approved_at', gate: 'r.gate_id', where: 'r.approved_at IS NOT NULL' },
    measures: {
      approved: 'count(*)',
      used: 'count(*) FILTER (WHERE r.uses > 0)',
      active: `count(*) FILTER (WHERE ${inForce()})`,
      median: `${quantile(0.5, '$5::timestamptz - r.approved_at')} FILTER (WHERE ${inForce()})`,
      p90: `${quantile(0.9, '$5::timestamptz - r.approved_at')} FILTER (WHERE ${inForce()})`,
    },
  },
} as const satisfies Readonly<Record<string, Source>>;

/** At the end of the period. */
function inForce(): string {
  return `r.effective_until >= $5::timestamptz AND (r.revoked_at IS NULL OR r.revoked_at > $5::timestamptz)`;
}

type Measured = Readonly<Record<string, string | number | null>>;
type BySource = Readonly<Record<keyof typeof SOURCES, Measured | undefined>>;

export class PgInsightRead implements InsightRead {
  constructor(private readonly manager: EntityManager) {}

  async kpis(orgId: string, filter: KpiFilter, now: Instant, by?: KpiDimension): Promise<readonly Kpis[]> {
    const { projectId = null, gateId = null, from, to = now + 1 } = filter;
    const parameters = [orgId, projectId, gateId, from === undefined ? null : new Date(from), new Date(to)];
    const found = new Map<string, Partial<Record<string, Measured>>>();
    for (const [name, source] of Object.entries(SOURCES)) {
      const rows = await this.manager.query<({ key: string | Date | null } & Measured)[]>(
        queryOf(source, by),
        parameters,
      );
      for (const { key, ...measured } of rows) {
        const text = key instanceof Date ? toRfc3339(key.getTime()) : (key ?? '');
        found.set(text, { ...found.get(text), [name]: measured });
      }
    }
    const keys = by === undefined ? [''] : [...found.keys()].sort().slice(0, MAX_KPI_ROWS);
    return keys.map((key) => kpisOf(key, (found.get(key) ?? {}) as BySource));
  }

  async organisations(): Promise<readonly string[]> {
    const rows = await this.manager.query<{ orgId: string }[]>(
      `SELECT DISTINCT org_id AS "orgId" FROM assay.kpi_unit ORDER BY 1`,
    );
    return rows.map(({ orgId }) => orgId);
  }
}

function queryOf({ from, at, where, gate, measures }: Source, by: KpiDimension | undefined): string {
  const columns = Object.entries(measures).map(([name, sql]) => `${sql} AS "${name}"`);
  return `SELECT ${keyOf(by, at, gate)} AS key, ${columns.join(', ')} FROM ${from}
     WHERE r.org_id = $1 AND ($2::uuid IS NULL OR r.project_id = $2) AND ($3::text IS NULL OR ${gate} = $3)
       AND ($4::timestamptz IS NULL OR ${at} >= $4) AND ${at} < $5::timestamptz
       ${where === undefined ? '' : `AND ${where}`}
     ${by === undefined ? '' : 'GROUP BY 1'}`;
}

function keyOf(by: KpiDimension | undefined, at: string, gate: string): string {
  switch (by) {
    case undefined:
      return 'NULL';
    case 'PROJECT':
      return 'r.project_id::text';
    case 'GATE':
      return gate;
    default:
      return `date_trunc('${by.toLowerCase()}', ${at}, 'UTC')`;
  }
}

/** PostgreSQL counts in text; null where nothing was aggregated. */
const number = (measured: Measured | undefined, name: string): number => Number(measured?.[name] ?? 0);
const durations = (measured: Measured | undefined, of: string): Durations => ({
  of: number(measured, of),
  median: number(measured, of) === 0 ? null : Math.round(number(measured, 'median')),
  p90: number(measured, of) === 0 ? null : Math.round(number(measured, 'p90')),
});

const kpisOf = (key: string, { judged, cycle, criteria, fixes, waivers }: BySource): Kpis => ({
  key: key === '' ? null : key,
  firstPass: share(number(judged, 'passed'), number(judged, 'units')),
  rework: { count: number(judged, 'rework'), of: number(judged, 'units') },
  fixTasks: number(fixes, 'count'),
  criteriaTested: share(number(criteria, 'tested'), number(criteria, 'of')),
  cycleTimeMs: durations(cycle, 'of'),
  waiverAgeMs: durations(waivers, 'active'),
  waiversUsed: share(number(waivers, 'used'), number(waivers, 'approved')),
});
