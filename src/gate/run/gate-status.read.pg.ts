import type { EntityManager } from 'typeorm';
import { latestOf } from '../decision-row.read.pg.js';
import type { Verdict } from '../verdict.js';
import type { GateStatus, GateStatusRead, StatusKey } from './gate-status.js';
import { RUN_COLUMNS, runFrom, type RunRow } from './run-row.read.pg.js';

interface Row {
  readonly seq: string | null;
  readonly decision_id: string | null;
  readonly verdict: Verdict;
  readonly verdict_without_waivers: Verdict;
  readonly as_of: Date;
  readonly valid_until: Date | null;
  readonly stale: boolean;
}

/** $1 organisation, $2 gate, $3 ART_*, $4 digest. */
const STATUS = `
  SELECT d.decision_id, d.verdict, d.verdict_without_waivers, d.as_of, d.valid_until,
         EXISTS (SELECT FROM assay.decision_stale s WHERE s.decision_id = d.decision_id) AS stale,
         (SELECT max(f.seq) FROM ledger.fact f
           WHERE f.artefact_digest = $4 AND f.org_id = $1 AND f.gate_id = $2 AND f.art_id = $3) AS seq
    FROM assay.gate g JOIN assay.artefact_version v ON v.org_id = g.org_id AND v.art_id = $3 AND v.digest = $4
    LEFT JOIN LATERAL (${latestOf(
      'latest.*',
      'org_id = $1 AND gate_id = $2 AND art_id = $3 AND artefact_digest = $4',
    )}) d ON true
   WHERE g.org_id = $1 AND g.gate_id = $2`;
const NEWEST_RUN = `
  SELECT ${RUN_COLUMNS} FROM assay.gate_run
   WHERE org_id = $1 AND gate_id = $2 AND art_id = $3 AND artefact_digest = $4
   ORDER BY started_at DESC, run_id DESC LIMIT 1`;

export class PgGateStatusRead implements GateStatusRead {
  constructor(private readonly manager: EntityManager) {}

  async status(orgId: string, { gateId, artId, artefactDigest }: StatusKey): Promise<GateStatus | undefined> {
    const key = [orgId, gateId, artId, artefactDigest];
    const [row] = await this.manager.query<Row[]>(STATUS, key);
    if (!row) return undefined;
    const [run] = await this.manager.query<RunRow[]>(NEWEST_RUN, key);
    return {
      seq: row.seq === null ? null : Number(row.seq),
      decision: row.decision_id === null ? null : decisionOf(row, row.decision_id),
      run: run ? runFrom(run) : null,
    };
  }
}

const decisionOf = (row: Row, decisionId: string): GateStatus['decision'] => ({
  ...{ decisionId, verdict: row.verdict, verdictWithoutWaivers: row.verdict_without_waivers },
  ...{ asOf: row.as_of.getTime(), validUntil: row.valid_until?.getTime() ?? null, stale: row.stale },
});
