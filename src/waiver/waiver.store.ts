import type { IdempotencyKey } from '../kernel/id.js';
import type { Escalation } from './clock/escalation.js';
import type { Approval, Ending, Waiver, WaiverRecord } from './waiver.js';

/** What a command left behind, found again by the key it was given under. */
export interface WaiverChange {
  readonly waiverId: string;
  readonly what: 'approval' | 'refusal' | 'revocation';
  readonly by: string;
}

/** Inserts only: nothing about a waiver is ever changed or removed. Lives on one transaction. */
export interface WaiverStore {
  /**
   * Puts its end, and the deadline of its first reviewer, on the list of what is due.
   * False, and nothing stored, when the id exists: then `find` sees it, also when it was inserted by a
   * transaction that ran at the same time.
   */
  add(waiver: Waiver, key: IdempotencyKey): Promise<boolean>;
  find(orgId: string, waiverId: string): Promise<WaiverRecord | undefined>;
  /** Those of these ids that there are, as they stand; nothing is locked. */
  records(orgId: string, waiverIds: readonly string[]): Promise<readonly WaiverRecord[]>;
  /** As `find`, and no other transaction can change this waiver until ours has ended. */
  findForChange(orgId: string, waiverId: string): Promise<WaiverRecord | undefined>;
  /**
   * As `find` for several, by id, and nobody can change them until our transaction has ended. Others may hold
   * them too: what a decision rests on must not be revoked while that decision is being recorded.
   */
  hold(orgId: string, waiverIds: readonly string[]): Promise<readonly WaiverRecord[]>;
  /** The approval, refusal or revocation that was stored under this key. */
  changeBy(orgId: string, key: IdempotencyKey): Promise<WaiverChange | undefined>;
  addApproval(waiver: Waiver, approval: Approval, key: IdempotencyKey): Promise<void>;
  addRefusal(waiver: Waiver, refusal: Ending, key: IdempotencyKey): Promise<void>;
  addEscalation(waiver: Waiver, escalation: Escalation, key: IdempotencyKey): Promise<void>;
  addRevocation(waiver: Waiver, revocation: Ending, key: IdempotencyKey): Promise<void>;
}
