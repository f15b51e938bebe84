import type { EntityManager } from 'typeorm';
import { isUuid, type IdempotencyKey } from '../../kernel/id.js';
import { OneByOne, type LookUps } from '../../kernel/look-ups.js';
import {
  LATEST,
  SELECT_DRAFTS,
  SELECT_RETIREMENTS,
  SELECT_REVIEWS,
  SELECT_REVISIONS,
  type DraftRow,
  type RetirementRow,
  type ReviewRow,
  type RevisionRow,
} from './record.read.pg.js';
import type { DraftRead } from './draft.read.js';
import type { DraftRecord, Retirement, ReviewRecord, Revision } from './draft.js';
import type { PolicyVersion } from '../policy-version.js';

export class PgDraftRead implements DraftRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async find(orgId: string, policyId: string, revision?: number): Promise<DraftRecord | undefined> {
    const [row] = await this.manager.query<DraftRow[]>(
      `${SELECT_DRAFTS} AND r.policy_id = $2 AND r.revision = coalesce($3, ${LATEST})`,
      [orgId, policyId, revision ?? null],
    );
    return row?.record;
  }

  async all(orgId: string): Promise<readonly DraftRecord[]> {
    const rows = await this.manager.query<DraftRow[]>(
      `${SELECT_DRAFTS} AND r.revision = ${LATEST} ORDER BY r.policy_id`,
      [orgId],
    );
    return rows.map(({ record }) => record);
  }

  async revisions(orgId: string, policyId: string): Promise<readonly Revision[]> {
    const rows = await this.lookUps.rows<RevisionRow>({
      sql: `${SELECT_REVISIONS} WHERE r.org_id = $1 AND r.policy_id = $2 ORDER BY r.revision DESC`,
      types: ['text'],
      parameters: [orgId, policyId],
    });
    return rows.map(({ revision }) => revision);
  }

  async review(orgId: string, reviewId: string): Promise<ReviewRecord | undefined> {
    if (!isUuid(reviewId)) return undefined;
    const [row] = await this.manager.query<ReviewRow[]>(
      `${SELECT_REVIEWS} WHERE v.org_id = $1 AND v.review_id = $2`,
      [orgId, reviewId],
    );
    return row?.record;
  }

  async reviews(orgId: string, policyId: string): Promise<readonly ReviewRecord[]> {
    const rows = await this.lookUps.rows<ReviewRow>({
      sql: `${SELECT_REVIEWS} WHERE v.org_id = $1 AND v.policy_id = $2 ORDER BY v.ordinal DESC`,
      types: ['text'],
      parameters: [orgId, policyId],
    });
    return rows.map(({ record }) => record);
  }

  async reviewOf(orgId: string, { document }: PolicyVersion): Promise<ReviewRecord | undefined> {
    const [row] = await this.lookUps.rows<ReviewRow>({
      sql: `${SELECT_REVIEWS} WHERE v.org_id = $1 AND v.policy_id = $2 AND v.pack_version = $3 AND v.source_digest = $4
       ORDER BY v.ordinal DESC LIMIT 1`,
      types: ['text', 'text', 'text'],
      parameters: [orgId, document.policyId, document.version, document.source],
    });
    return row?.record;
  }

  async entryKeyOf(orgId: string, reviewId: string, ordinal?: number): Promise<IdempotencyKey | undefined> {
    const rows = await this.lookUps.rows<{ key: IdempotencyKey }>(
      ordinal === undefined
        ? {
            sql: `SELECT entry_key AS key FROM assay.policy_review WHERE org_id = $1 AND review_id = $2`,
            types: ['uuid'],
            parameters: [orgId, reviewId],
          }
        : {
            sql: `SELECT entry_key AS key FROM assay.policy_review_outcome
                   WHERE org_id = $1 AND review_id = $2 AND ordinal = $3`,
            types: ['uuid', 'integer'],
            parameters: [orgId, reviewId, ordinal],
          },
    );
    return rows[0]?.key;
  }

  async retirements(orgId: string): Promise<readonly Retirement[]> {
    const rows = await this.manager.query<RetirementRow[]>(
      `${SELECT_RETIREMENTS} WHERE t.org_id = $1 ORDER BY t.policy_id, t.version`,
      [orgId],
    );
    return rows.map(({ retirement }) => retirement);
  }

  async retirement(orgId: string, policyId: string, version: string): Promise<Retirement | undefined> {
    const [row] = await this.lookUps.rows<RetirementRow>({
      sql: `${SELECT_RETIREMENTS} WHERE t.org_id = $1 AND t.policy_id = $2 AND t.version = $3`,
      types: ['text', 'text'],
      parameters: [orgId, policyId, version],
    });
    return row?.retirement;
  }

  async byDigestPrefix(orgId: string, policyId: string, hex: string): Promise<readonly string[]> {
    const rows = await this.manager.query<{ version: string }[]>(
      `SELECT version FROM assay.policy_version
        WHERE org_id = $1 AND policy_id = $2 AND starts_with(digest, 'sha256:' || $3) ORDER BY version`,
      [orgId, policyId, hex],
    );
    return rows.map(({ version }) => version);
  }
}
