import type { EntityManager } from 'typeorm';
import type { Instant } from '../kernel/clock.js';
import { DECISION_COLUMNS, decisionFrom, REUSABLE, type DecisionRow } from './decision-row.read.pg.js';
import { DecisionEntity } from './decision.entity.js';
import type { DecisionStore, RunStart } from './decision.store.js';
import type { Decision } from './decision.js';

export class PgDecisionStore implements DecisionStore {
  constructor(private readonly manager: EntityManager) {}

  async startRun(run: RunStart): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.gate_run (run_id, org_id, gate_id, art_id, artefact_digest, attempt, state, requested_by,
                                   started_at, deadline_at, entry_key)
       SELECT $1, $2, $3, $4, $5, 1 + count(*), 'running', $6, $7, $8, $9
         FROM assay.gate_run WHERE org_id = $2 AND gate_id = $3 AND art_id = $4 AND artefact_digest = $5`,
      [
        run.runId,
        run.orgId,
        run.gateId,
        run.artId,
        run.artefactDigest,
        run.requestedBy,
        new Date(run.startedAt),
        new Date(run.deadlineAt),
        run.entryKey,
      ],
    );
  }

  async endRun(orgId: string, runId: string, at: Instant, decisionId: string | null): Promise<void> {
    await this.manager.query(
      `UPDATE assay.gate_run SET state = $4, decision_id = $5, finished_at = $3
        WHERE org_id = $1 AND run_id = $2 AND state IN ('queued', 'running', 'paused')`,
      [orgId, runId, new Date(at), decisionId === null ? 'failed' : 'decided', decisionId],
    );
  }

  async lockInputs(orgId: string, inputsDigest: string): Promise<void> {
    // A statement of its own: the next one sees what the transaction we waited for has committed.
    await this.manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `inputs ${orgId} ${inputsDigest}`,
    ]);
  }

  async findReusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined> {
    const [row] = await this.manager.query<DecisionRow[]>(REUSABLE, [orgId, inputsDigest, new Date(asOf)]);
    return row && decisionFrom(row);
  }

  async find(orgId: string, decisionId: string): Promise<Decision | undefined> {
    const [row] = await this.manager.query<DecisionRow[]>(
      `SELECT ${DECISION_COLUMNS} FROM assay.decision WHERE org_id = $1 AND decision_id = $2`,
      [orgId, decisionId],
    );
    return row && decisionFrom(row);
  }

  async add(decision: Decision): Promise<boolean> {
    const inserted = await this.manager
      .createQueryBuilder()
      .insert()
      .into(DecisionEntity)
      .values({
        ...decision,
        asOf: new Date(decision.asOf),
        validUntil: decision.validUntil === null ? null : new Date(decision.validUntil),
        decidedAt: new Date(decision.decidedAt),
      })
      .orIgnore()
      .returning('decision_id')
      .execute();
    return (inserted.raw as unknown[]).length === 1;
  }
}
