import type { EntityManager } from 'typeorm';
import type { Instant } from '../kernel/clock.js';
import { DECISION_COLUMNS, decisionFrom, REUSABLE, type DecisionRow } from './decision-row.read.pg.js';
import { DecisionEntity } from './decision.entity.js';
import type { DecisionStore } from './decision.store.js';
import type { Decision } from './decision.js';

export class PgDecisionStore implements DecisionStore {
  constructor(private readonly manager: EntityManager) {}

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
