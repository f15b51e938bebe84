import type { EntityManager } from 'typeorm';
import type { InsightStore } from './insight.store.js';

/** Name of the reader; never renamed. */
const READER = 'insight';

const told = (...kinds: string[]): string => `
  (SELECT f.*, f.statement::jsonb #> '{predicate,urn:assay:facts:v1}' AS said FROM ledger.fact f
    WHERE f.seq >= $1 AND f.seq < $2 AND f.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) OFFSET 0) f`;

const CASE = `'case ' || f.case_id`;
const UNIT = `coalesce(${CASE}, 'artefact ' || f.art_id || ' ' || f.artefact_digest)`;
const PASSES = `f.result IN ('PASS', 'PASS_WITH_WAIVERS')`;

/** $1 from, $2 to (exclusive). In the order in which they build on each other. */
const STEPS: readonly string[] = [
  // Whatever happens first in a case begins it; an artefact version without a case begins with its registration.
  `INSERT INTO assay.kpi_start AS known (org_id, unit, started_at)
   SELECT f.org_id, ${CASE}, min(f.ts_start::timestamptz) FROM ledger.fact f
    WHERE f.seq >= $1 AND f.seq < $2 AND f.case_id IS NOT NULL GROUP BY 1, 2
   UNION ALL
   SELECT f.org_id, ${UNIT}, min(f.ts_start::timestamptz) FROM ledger.fact f
    WHERE f.seq >= $1 AND f.seq < $2 AND f.kind = 'artefact.registered' AND f.case_id IS NULL GROUP BY 1, 2
   ON CONFLICT (org_id, unit) DO UPDATE SET started_at = least(known.started_at, excluded.started_at)`,
  // Our own faults judge nobody's work, and what the service judges again of its own accord is no attempt.
  `INSERT INTO assay.kpi_unit AS known (org_id, gate_id, unit, project_id, case_id, first_at, first_passed, judged, passed_at)
   SELECT f.org_id, f.gate_id, ${UNIT}, (array_agg((f.said ->> 'projectId')::uuid ORDER BY f.seq))[1], min(f.case_id),
          (array_agg(f.ts_end::timestamptz ORDER BY f.seq))[1], (array_agg(${PASSES} ORDER BY f.seq))[1], count(*),
          (array_agg(f.ts_end::timestamptz ORDER BY f.seq) FILTER (WHERE ${PASSES}))[1]
     FROM ${told('decision.recorded')} WHERE f.result <> 'ERROR' AND f.said #> '{details,replaces}' IS NULL GROUP BY 1, 2, 3
   ON CONFLICT (org_id, gate_id, unit) DO UPDATE SET judged = known.judged + excluded.judged,
     passed_at = coalesce(known.passed_at, excluded.passed_at)`,
  `INSERT INTO assay.kpi_criterion AS known (org_id, case_id, criterion_id, project_id, stated_at, tests, withdrawn)
   SELECT DISTINCT ON (f.org_id, f.case_id, f.said #>> '{details,criterionId}')
          f.org_id, f.case_id, f.said #>> '{details,criterionId}', (f.said ->> 'projectId')::uuid,
          min(f.ts_end::timestamptz) OVER (PARTITION BY f.org_id, f.case_id, f.said #>> '{details,criterionId}'),
          jsonb_array_length(f.said #> '{details,testIds}'), (f.said #>> '{details,withdrawn}')::boolean
     FROM ${told('criterion.stated')} ORDER BY f.org_id, f.case_id, f.said #>> '{details,criterionId}', f.seq DESC
   ON CONFLICT (org_id, case_id, criterion_id) DO UPDATE SET tests = excluded.tests, withdrawn = excluded.withdrawn`,
  `INSERT INTO assay.kpi_waiver (org_id, waiver_id, project_id, gate_id, effective_until, uses)
   SELECT f.org_id, (f.waiver_ids ->> 0)::uuid, (f.said ->> 'projectId')::uuid, f.gate_id,
          (f.said #>> '{details,effectiveUntil}')::timestamptz, 0
     FROM ${told('waiver.requested')} ON CONFLICT (org_id, waiver_id) DO NOTHING`,
  `UPDATE assay.kpi_waiver w SET approved_at = coalesce(w.approved_at, f.ts_end::timestamptz)
     FROM ${told('waiver.approved')} WHERE w.org_id = f.org_id AND w.waiver_id = (f.waiver_ids ->> 0)::uuid
      AND f.said ->> 'stateAfter' IN ('active', 'approved-pending-start')`,
  `UPDATE assay.kpi_waiver w SET revoked_at = coalesce(w.revoked_at, f.ts_end::timestamptz)
     FROM ${told('waiver.revoked')} WHERE w.org_id = f.org_id AND w.waiver_id = (f.waiver_ids ->> 0)::uuid`,
  `UPDATE assay.kpi_waiver w SET uses = w.uses + used.count, last_used_at = greatest(w.last_used_at, used.last)
     FROM (SELECT f.org_id, id.value::uuid AS waiver_id, count(*) AS count, max(f.ts_end::timestamptz) AS last
             FROM ledger.fact f CROSS JOIN LATERAL jsonb_array_elements_text(f.waiver_ids) AS id(value)
            WHERE f.seq >= $1 AND f.seq < $2 AND f.kind = 'decision.recorded' GROUP BY 1, 2) used
    WHERE w.org_id = used.org_id AND w.waiver_id = used.waiver_id`,
  `INSERT INTO assay.kpi_fix (org_id, seq, project_id, gate_id, opened_at)
   SELECT f.org_id, f.seq, (f.said ->> 'projectId')::uuid, f.gate_id, f.ts_end::timestamptz
     FROM ${told('fix-task.opened')} ON CONFLICT (org_id, seq) DO NOTHING`,
];

export class PgInsightStore implements InsightStore {
  constructor(private readonly manager: EntityManager) {}

  async readOn(limit: number): Promise<number> {
    await this.manager.query(`INSERT INTO ledger.cursor VALUES ($1, 0) ON CONFLICT (reader) DO NOTHING`, [
      READER,
    ]);
    const [cursor] = await this.manager.query<{ next: string }[]>(
      `SELECT next FROM ledger.cursor WHERE reader = $1 FOR UPDATE SKIP LOCKED`,
      [READER],
    );
    if (!cursor) return 0;
    const from = Number(cursor.next);
    const [last] = await this.manager.query<{ to: string | null }[]>(
      `SELECT max(seq) + 1 AS to FROM (SELECT seq FROM ledger.fact WHERE seq >= $1 ORDER BY seq LIMIT $2) page`,
      [from, limit],
    );
    if (last?.to == null) return 0;
    const to = Number(last.to);
    for (const step of STEPS) await this.manager.query(step, [from, to]);
    await this.manager.query(`UPDATE ledger.cursor SET next = $2 WHERE reader = $1`, [READER, to]);
    return to - from;
  }

  async empty(): Promise<void> {
    await this.manager.query('SELECT assay.empty_insight()');
  }
}
