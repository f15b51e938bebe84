import type { EntityManager } from 'typeorm';
import { READER } from './drift.store.pg.js';
import { STANDING_MEMBERS, standingTold } from './standing-row.read.pg.js';
import type { StandingDifferences, StandingRebuildStore } from './standing-rebuild.store.js';

const COLUMNS = [...STANDING_MEMBERS, 'stale_seq'];
const listed = (prefix: string): string => COLUMNS.map((column) => `${prefix}${column}`).join(', ');

/** $1: entries before it. Written is what differs, so that the answer says how much that was. */
const REBUILD = `
  WITH told AS (${standingTold('f.seq < $1')}),
  stale AS (
    SELECT org_id, gate_id, art_id, artefact_digest, decision_id, min(seq) AS seq FROM ledger.fact
     WHERE seq < $1 AND kind = 'decision.stale' GROUP BY 1, 2, 3, 4, 5),
  written AS (
    INSERT INTO assay.standing_decision AS known (${listed('')})
    SELECT told.*, stale.seq FROM told LEFT JOIN stale ON stale.org_id = told.org_id AND stale.gate_id = told.gate_id
       AND stale.art_id = told.art_id AND stale.artefact_digest = told.artefact_digest
       AND stale.decision_id = told.decision_id::text
    ON CONFLICT (org_id, gate_id, art_id, artefact_digest) DO UPDATE
       SET (${listed('')}) = ROW (${listed('excluded.')})
     WHERE (${listed('known.')}) IS DISTINCT FROM (${listed('excluded.')})
    RETURNING xmax = 0 AS added)
  SELECT count(*) FILTER (WHERE added) AS missing, count(*) FILTER (WHERE NOT added) AS changed,
         (SELECT count(*) FROM ledger.fact WHERE seq < $1 AND kind = 'decision.recorded') AS decisions
    FROM written`;

export class PgStandingRebuildStore implements StandingRebuildStore {
  constructor(private readonly manager: EntityManager) {}

  async rebuild(): Promise<StandingDifferences> {
    const [cursor] = await this.manager.query<{ next: string }[]>(
      `SELECT next FROM ledger.cursor WHERE reader = $1 FOR UPDATE`,
      [READER],
    );
    const [dropped] = await this.manager.query<{ count: string }[]>(
      `SELECT assay.drop_untold_standing() AS count`,
    );
    const [row] = await this.manager.query<Record<'missing' | 'changed' | 'decisions', string>[]>(REBUILD, [
      cursor?.next ?? 0,
    ]);
    return {
      missing: Number(row?.missing ?? 0),
      changed: Number(row?.changed ?? 0),
      invented: Number(dropped?.count ?? 0),
      decisions: Number(row?.decisions ?? 0),
    };
  }
}
