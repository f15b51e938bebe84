import type { EntityManager } from 'typeorm';
import type { IdempotencyKey } from '../../kernel/id.js';
import { PgDraftRead } from './draft.read.pg.js';
import type { DraftChange, DraftStore } from './draft.store.js';
import type { DraftRecord, Retirement, Review, ReviewOutcome, ReviewRecord, Revision } from './draft.js';
import { PolicyRetirementEntity } from './retirement.entity.js';
import { PolicyReviewOutcomeEntity } from './review-outcome.entity.js';
import { PolicyReviewEntity } from './review.entity.js';
import { PolicyRevisionEntity } from './revision.entity.js';

export class PgDraftStore implements DraftStore {
  private readonly read: PgDraftRead;

  constructor(private readonly manager: EntityManager) {
    this.read = new PgDraftRead(manager);
  }

  async findForChange(orgId: string, policyId: string): Promise<DraftRecord | undefined> {
    // Not FOR UPDATE: before the first revision there is no row to lock, and nobody may update the others. A
    // statement of its own, so that the next one sees what the transaction we waited for has committed.
    await this.manager.query(
      `SELECT pg_advisory_xact_lock(hashtextextended('policy ' || $1 || ' ' || $2, 0))`,
      [orgId, policyId],
    );
    return this.read.find(orgId, policyId);
  }

  find(orgId: string, policyId: string, revision: number): Promise<DraftRecord | undefined> {
    return this.read.find(orgId, policyId, revision);
  }

  async changeBy(orgId: string, key: IdempotencyKey): Promise<DraftChange | undefined> {
    const [row] = await this.manager.query<{ change: DraftChange }[]>(
      `SELECT json_build_object('what', 'revision', 'policyId', policy_id, 'revision', revision) AS change
         FROM assay.policy_revision WHERE org_id = $1 AND entry_key = $2
       UNION ALL SELECT json_build_object('what', 'review', 'reviewId', review_id, 'policyId', policy_id)
         FROM assay.policy_review WHERE org_id = $1 AND entry_key = $2
       UNION ALL SELECT json_build_object('what', 'outcome', 'reviewId', review_id)
         FROM assay.policy_review_outcome WHERE org_id = $1 AND entry_key = $2
       UNION ALL SELECT json_build_object('what', 'retirement', 'policyId', policy_id, 'version', version)
         FROM assay.policy_retirement WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row?.change;
  }

  async addRevision({ content, savedAt, ...revision }: Revision, entryKey: IdempotencyKey): Promise<void> {
    await this.manager.insert(PolicyRevisionEntity, {
      ...revision,
      contentDigest: content?.digest ?? null,
      listing: content?.text ?? null,
      savedAt: new Date(savedAt),
      entryKey,
    });
  }

  async addCheck(check: Parameters<DraftStore['addCheck']>[0]): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.policy_check (org_id, policy_id, content_digest, opa_version, checked_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [check.orgId, check.policyId, check.contentDigest, check.opaVersion, new Date(check.at)],
    );
  }

  async nextReview(orgId: string, policyId: string): Promise<number> {
    const [row] = await this.manager.query<{ next: number }[]>(
      `SELECT coalesce(max(ordinal), 0) + 1 AS next FROM assay.policy_review WHERE org_id = $1 AND policy_id = $2`,
      [orgId, policyId],
    );
    return row?.next ?? 1;
  }

  async addReview(
    { content, source, requestedAt, authorIds, ...review }: Review,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    await this.manager.insert(PolicyReviewEntity, {
      ...review,
      contentDigest: content.digest,
      listing: content.text,
      sourceDigest: source,
      authorIds: [...authorIds],
      requestedAt: new Date(requestedAt),
      entryKey,
    });
  }

  review(orgId: string, reviewId: string): Promise<ReviewRecord | undefined> {
    return this.read.review(orgId, reviewId);
  }

  async addOutcome(
    { reviewId, orgId }: Review,
    { verdict, at, authTime, amr, ...outcome }: ReviewOutcome,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    await this.manager.insert(PolicyReviewOutcomeEntity, {
      ...outcome,
      reviewId,
      orgId,
      outcome: verdict,
      at: new Date(at),
      authTime: authTime === null ? null : String(authTime),
      amr: [...amr],
      entryKey,
    });
  }

  retirement(orgId: string, policyId: string, version: string): Promise<Retirement | undefined> {
    return this.read.retirement(orgId, policyId, version);
  }

  async addRetirement(
    { orgId, policyId, version, retiredBy, at }: Retirement,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    await this.manager.insert(PolicyRetirementEntity, {
      ...{ orgId, policyId, version, retiredBy },
      at: new Date(at),
      entryKey,
    });
  }
}
