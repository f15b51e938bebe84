import type { EntityManager } from 'typeorm';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { Activation, Standing } from './activation.js';
import { ChecklistActivationEntity } from './activation.entity.js';
import {
  ACTIVATION_COLUMNS,
  activationFrom,
  checklistFrom,
  STANDING,
  standingFrom,
  VERSION_COLUMNS,
  type ActivationRow,
  type StandingRow,
  type VersionRow,
} from './row.read.pg.js';
import { ChecklistVersionEntity } from './version.entity.js';
import type { ChecklistVersion } from './checklist.js';
import type { ChecklistStore } from './checklist.store.js';
import type { Published } from '../policy.store.js';

/** A statement of its own, always: the next one sees what the transaction we waited for has committed. */
const LOCK = `hashtextextended('checklist ' || $1 || ' ' || $2, 0)`;

export class PgChecklistStore implements ChecklistStore {
  constructor(private readonly manager: EntityManager) {}

  async lock(orgId: string, chkId: string): Promise<void> {
    await this.manager.query(`SELECT pg_advisory_xact_lock(${LOCK})`, [orgId, chkId]);
  }

  async hold(orgId: string, chkId: string): Promise<number | null> {
    await this.manager.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`, [orgId, chkId]);
    return (await this.standing(orgId, chkId)).version;
  }

  retired(
    orgId: string,
    digests: readonly Digest[],
  ): Promise<readonly { policyId: string; policyVersion: string }[]> {
    return this.manager.query(
      `SELECT r.policy_id AS "policyId", r.version AS "policyVersion"
         FROM assay.policy_retirement r JOIN assay.policy_version v USING (org_id, policy_id, version)
        WHERE r.org_id = $1 AND v.digest = ANY($2) ORDER BY r.policy_id, r.version`,
      [orgId, digests],
    );
  }

  async standing(orgId: string, chkId: string): Promise<Standing> {
    const [row] = await this.manager.query<StandingRow[]>(STANDING, [orgId, chkId]);
    return standingFrom(row);
  }

  async versions(orgId: string, chkId: string): Promise<readonly ChecklistVersion[]> {
    const rows = await this.manager.query<VersionRow[]>(
      `SELECT ${VERSION_COLUMNS} FROM assay.checklist_version WHERE org_id = $1 AND chk_id = $2 ORDER BY version DESC`,
      [orgId, chkId],
    );
    return rows.map(checklistFrom);
  }

  async publishedUnder(orgId: string, key: IdempotencyKey): Promise<ChecklistVersion | undefined> {
    const [row] = await this.manager.query<VersionRow[]>(
      `SELECT ${VERSION_COLUMNS} FROM assay.checklist_version WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row && checklistFrom(row);
  }

  async activatedUnder(orgId: string, key: IdempotencyKey): Promise<Activation | undefined> {
    const [row] = await this.manager.query<ActivationRow[]>(
      `SELECT ${ACTIVATION_COLUMNS} FROM assay.checklist_activation WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row && activationFrom(row);
  }

  async publish(orgId: string, { digest, document }: ChecklistVersion, published: Published): Promise<void> {
    await this.manager.insert(ChecklistVersionEntity, {
      orgId,
      chkId: document.chkId,
      version: document.version,
      digest,
      document: canonicalJson(document as unknown as JsonObject),
      publishedAt: new Date(published.at),
      publishedBy: published.by,
      entryKey: published.entryKey,
    });
  }

  async activate(orgId: string, activation: Activation, entryKey: IdempotencyKey): Promise<void> {
    const { chkId, number, version, previousVersion, at, by } = activation;
    await this.manager.insert(ChecklistActivationEntity, {
      orgId,
      chkId,
      activation: number,
      version,
      previousVersion,
      activatedAt: new Date(at),
      activatedBy: by,
      entryKey,
    });
  }
}
