import type { IdempotencyKey } from '../../kernel/id.js';
import type { Ending } from '../waiver.js';
import type { Delegation, DelegationRecord } from './delegation.js';

/** Inserts only. Lives on one transaction. */
export interface DelegationStore {
  /** False, and nothing stored, when the id exists. */
  add(delegation: Delegation, key: IdempotencyKey): Promise<boolean>;
  find(orgId: string, delegationId: string): Promise<DelegationRecord | undefined>;
  /** As `find`, and no other transaction can withdraw it, or rest on it, until ours has ended. */
  findForChange(orgId: string, delegationId: string): Promise<DelegationRecord | undefined>;
  /** As `find`, and nobody can withdraw it until our transaction has ended: what rests on it may rest on it. */
  hold(orgId: string, delegationId: string): Promise<DelegationRecord | undefined>;
  /** Which delegation was withdrawn under this key. */
  withdrawnBy(orgId: string, key: IdempotencyKey): Promise<string | undefined>;
  addWithdrawal(delegation: Delegation, withdrawal: Ending, key: IdempotencyKey): Promise<void>;
}
