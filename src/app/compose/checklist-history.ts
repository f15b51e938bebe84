import type { EntityManager } from 'typeorm';
import type { ChecklistHistory } from '../../gate/verdict-at.service.js';
import type { Instant } from '../../kernel/clock.js';

/** Which checklist version was in force when, from the activations on record. */
export class ActivationHistory implements ChecklistHistory {
  constructor(private readonly manager: EntityManager) {}

  async versionAt(orgId: string, chkId: string, at: Instant): Promise<number | null> {
    const [row] = await this.manager.query<{ version: number }[]>(
      `SELECT version FROM assay.checklist_activation
        WHERE org_id = $1 AND chk_id = $2 AND activated_at <= $3 ORDER BY activation DESC LIMIT 1`,
      [orgId, chkId, new Date(at)],
    );
    return row?.version ?? null;
  }
}
