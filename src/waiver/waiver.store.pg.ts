import { plannedOnce } from '../kernel/planned-once.js';
import type { EntityManager } from 'typeorm';
import { isUuid, type IdempotencyKey } from '../kernel/id.js';
import { PgDueStore } from './clock/due.store.pg.js';
import { dueOf } from './clock/due.js';
import { WaiverEscalationEntity } from './clock/escalation.entity.js';
import type { Escalation } from './clock/escalation.js';
import { selectorsDigest } from './selector.js';
import { WaiverApprovalEntity } from './waiver-approval.entity.js';
import { asDate, SELECT_RECORDS, type RecordRow } from './waiver-record.read.pg.js';
import { WaiverRefusalEntity } from './waiver-refusal.entity.js';
import { gateOf } from './waiver-request.js';
import { WaiverRevocationEntity } from './waiver-revocation.entity.js';
import type { WaiverChange, WaiverStore } from './waiver.store.js';
import type { Approval, Ending, Waiver, WaiverRecord } from './waiver.js';

/** $1 is the waiver. Exclusive to change it, shared to rest on it. */
const LOCK = `hashtextextended('waiver ' || $1, 0)`;

export class PgWaiverStore implements WaiverStore {
  constructor(private readonly manager: EntityManager) {}

  async add(waiver: Waiver, key: IdempotencyKey): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.waiver (waiver_id, org_id, gate_id, selectors, selectors_digest, severity, effective_from,
         effective_until, required_approvals, requester_id, requested_at, compensating_control, reference, case_id, entry_key,
         renews, attachments, review_hours, review_path)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
       ON CONFLICT (waiver_id) DO NOTHING RETURNING waiver_id`,
      [
        waiver.waiverId,
        waiver.orgId,
        gateOf(waiver.selectors),
        JSON.stringify(waiver.selectors),
        selectorsDigest(waiver.selectors),
        waiver.severity,
        asDate(waiver.effectiveFrom),
        asDate(waiver.effectiveUntil),
        waiver.requiredApprovals,
        waiver.requesterId,
        asDate(waiver.requestedAt),
        waiver.compensatingControl,
        waiver.reference,
        waiver.caseId,
        key,
        waiver.renews ?? null,
        waiver.attachments ?? null,
        waiver.review?.hours ?? null,
        waiver.review?.path ?? null,
      ],
    );
    if (rows.length !== 1) return false;
    const due = new PgDueStore(this.manager);
    for (const item of dueOf(waiver)) await due.add(item);
    return true;
  }

  async find(orgId: string, waiverId: string): Promise<WaiverRecord | undefined> {
    if (!isUuid(waiverId)) return undefined;
    const [row] = await this.manager.query<RecordRow[]>(
      plannedOnce(`${SELECT_RECORDS} WHERE w.org_id = $1 AND w.waiver_id = $2`),
      [orgId, waiverId],
    );
    return row?.record;
  }

  async records(orgId: string, waiverIds: readonly string[]): Promise<readonly WaiverRecord[]> {
    const rows = await this.manager.query<RecordRow[]>(
      plannedOnce(`${SELECT_RECORDS} WHERE w.org_id = $1 AND w.waiver_id = ANY ($2::uuid[])`),
      [orgId, waiverIds],
    );
    return rows.map(({ record }) => record);
  }

  async findForChange(orgId: string, waiverId: string): Promise<WaiverRecord | undefined> {
    // Not FOR UPDATE: that would take a privilege to update rows that nobody may update. A statement of its own,
    // so that the next one sees what the transaction we waited for has committed.
    await this.manager.query(`SELECT pg_advisory_xact_lock(${LOCK})`, [waiverId]);
    return this.find(orgId, waiverId);
  }

  async hold(orgId: string, waiverIds: readonly string[]): Promise<readonly WaiverRecord[]> {
    const held: WaiverRecord[] = [];
    for (const waiverId of [...waiverIds].sort()) {
      await this.manager.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`, [waiverId]);
      const record = await this.find(orgId, waiverId);
      if (record) held.push(record);
    }
    return held;
  }

  async changeBy(orgId: string, key: IdempotencyKey): Promise<WaiverChange | undefined> {
    const [row] = await this.manager.query<WaiverChange[]>(
      `SELECT waiver_id AS "waiverId", 'approval' AS what, approver_id AS by
         FROM assay.waiver_approval WHERE org_id = $1 AND entry_key = $2
       UNION ALL SELECT waiver_id, 'refusal', refused_by FROM assay.waiver_refusal WHERE org_id = $1 AND entry_key = $2
       UNION ALL SELECT waiver_id, 'revocation', revoked_by FROM assay.waiver_revocation WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row;
  }

  async addApproval(
    { waiverId, orgId }: Waiver,
    approval: Approval,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    const { delegatedFrom, ...by } = approval;
    await this.manager.insert(WaiverApprovalEntity, {
      ...by,
      delegationId: delegatedFrom?.delegationId ?? null,
      delegatedFrom: delegatedFrom?.delegatorId ?? null,
      waiverId,
      orgId,
      at: asDate(approval.at),
      authTime: approval.authTime === null ? null : String(approval.authTime),
      amr: [...approval.amr],
      entryKey,
    });
  }

  async addRefusal({ waiverId, orgId }: Waiver, { by, at }: Ending, entryKey: IdempotencyKey): Promise<void> {
    await this.manager.insert(WaiverRefusalEntity, { waiverId, orgId, by, at: asDate(at), entryKey });
  }

  async addEscalation(
    { waiverId, orgId }: Waiver,
    { step, role, at }: Escalation,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    const row = { waiverId, step, orgId, role, at: asDate(at), entryKey };
    await this.manager.insert(WaiverEscalationEntity, row);
  }

  async addRevocation(
    { waiverId, orgId }: Waiver,
    { by, at }: Ending,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    await this.manager.insert(WaiverRevocationEntity, { waiverId, orgId, by, at: asDate(at), entryKey });
  }
}
