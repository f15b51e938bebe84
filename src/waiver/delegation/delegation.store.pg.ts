import type { EntityManager } from 'typeorm';
import { isUuid, type IdempotencyKey } from '../../kernel/id.js';
import { asDate } from '../waiver-record.read.pg.js';
import type { Ending } from '../waiver.js';
import { SELECT_DELEGATIONS, type DelegationRow } from './delegation-record.read.pg.js';
import { WaiverDelegationWithdrawalEntity } from './delegation-withdrawal.entity.js';
import type { DelegationStore } from './delegation.store.js';
import type { Delegation, DelegationRecord } from './delegation.js';

/** $1 is the delegation. Exclusive to withdraw it, shared to rest on it. */
const LOCK = `hashtextextended('waiver delegation ' || $1, 0)`;

export class PgDelegationStore implements DelegationStore {
  constructor(private readonly manager: EntityManager) {}

  async add(given: Delegation, key: IdempotencyKey): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.waiver_delegation
         (delegation_id, org_id, delegator_id, delegate_id, valid_from, valid_until, given_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (delegation_id) DO NOTHING RETURNING delegation_id`,
      [
        given.delegationId,
        given.orgId,
        given.delegatorId,
        given.delegateId,
        asDate(given.from),
        asDate(given.until),
        asDate(given.givenAt),
        key,
      ],
    );
    return rows.length === 1;
  }

  async find(orgId: string, delegationId: string): Promise<DelegationRecord | undefined> {
    if (!isUuid(delegationId)) return undefined;
    const [row] = await this.manager.query<DelegationRow[]>(
      `${SELECT_DELEGATIONS} WHERE d.org_id = $1 AND d.delegation_id = $2`,
      [orgId, delegationId],
    );
    return row?.record;
  }

  async findForChange(orgId: string, delegationId: string): Promise<DelegationRecord | undefined> {
    // A statement of its own, so that the next one sees what the transaction we waited for has committed.
    await this.manager.query(`SELECT pg_advisory_xact_lock(${LOCK})`, [delegationId]);
    return this.find(orgId, delegationId);
  }

  async hold(orgId: string, delegationId: string): Promise<DelegationRecord | undefined> {
    await this.manager.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`, [delegationId]);
    return this.find(orgId, delegationId);
  }

  async withdrawnBy(orgId: string, key: IdempotencyKey): Promise<string | undefined> {
    const [row] = await this.manager.query<{ id: string }[]>(
      `SELECT delegation_id AS id FROM assay.waiver_delegation_withdrawal WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row?.id;
  }

  async addWithdrawal(
    { delegationId, orgId }: Delegation,
    { by, at }: Ending,
    entryKey: IdempotencyKey,
  ): Promise<void> {
    await this.manager.insert(WaiverDelegationWithdrawalEntity, {
      ...{ delegationId, orgId, by, entryKey },
      at: asDate(at),
    });
  }
}
