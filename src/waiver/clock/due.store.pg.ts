import type { EntityManager } from 'typeorm';
import type { Instant } from '../../kernel/clock.js';
import { asDate, instant } from '../waiver-record.read.pg.js';
import type { Due } from './due.js';
import type { DueStore } from './due.store.js';

export class PgDueStore implements DueStore {
  constructor(private readonly manager: EntityManager) {}

  async add({ waiverId, orgId, what, step, dueAt }: Due): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.waiver_due (waiver_id, org_id, what, step, due_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [waiverId, orgId, what, step, asDate(dueAt)],
    );
  }

  async next(at: Instant, after?: Due): Promise<Due | undefined> {
    const [row] = await this.manager.query<{ due: Due }[]>(
      `SELECT json_build_object('waiverId', waiver_id, 'orgId', org_id, 'what', what, 'step', step,
                                'dueAt', ${instant('due_at')}) AS due
         FROM assay.waiver_due
        WHERE due_at <= $1 AND handled_at IS NULL
          AND ($2::timestamptz IS NULL OR (due_at, waiver_id, what, step) > ($2, $3::uuid, $4::text, $5::integer))
        ORDER BY due_at, waiver_id, what, step LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [
        asDate(at),
        after ? asDate(after.dueAt) : null,
        after?.waiverId ?? null,
        after?.what ?? null,
        after?.step ?? null,
      ],
    );
    return row?.due;
  }

  async handled({ waiverId, what, step }: Due, at: Instant): Promise<void> {
    await this.manager.query(
      `UPDATE assay.waiver_due SET handled_at = $4 WHERE waiver_id = $1 AND what = $2 AND step = $3`,
      [waiverId, what, step, asDate(at)],
    );
  }
}
