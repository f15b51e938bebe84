import type { Instant } from '../../kernel/clock.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { WaiverProblem } from '../problem.js';
import type { DelegatedFrom } from '../waiver.js';
import { delegationState, type DelegationRecord } from './delegation.js';

/**
 * By what right somebody approves in another's place at an instant. A delegation to somebody else does not exist for
 * whoever asks: it is none of their business.
 */
export function speaksFor(
  record: DelegationRecord,
  delegateId: string,
  at: Instant,
): Result<DelegatedFrom, WaiverProblem> {
  const { delegationId, delegatorId } = record.delegation;
  if (record.delegation.delegateId !== delegateId)
    return failed({ kind: 'DelegationNotFound', delegationId });
  const state = delegationState(record, at);
  return state === 'active'
    ? ok({ delegationId, delegatorId })
    : failed({ kind: 'DelegationNotInForce', delegationId, state });
}
