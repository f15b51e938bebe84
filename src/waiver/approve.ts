import type { Instant } from '../kernel/clock.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { WaiverProblem } from './problem.js';
import { stateOf, type Approval, type Ending, type WaiverRecord } from './waiver.js';

/** Who wants to approve, and how they proved who they are. */
export interface Approver {
  readonly principalId: string;
  readonly authTime?: number;
  readonly amr?: readonly string[];
}

/**
 * Four eyes, whatever the access policy allows: the approver is neither the requester nor an author of the
 * artefact where known, nobody counts twice, and only an open request can be approved.
 */
export function approve(
  record: WaiverRecord,
  approver: Approver,
  authorIds: readonly string[],
  at: Instant,
): Result<Approval, WaiverProblem> {
  const { waiverId, requesterId } = record.waiver;
  const { principalId } = approver;
  if (principalId === requesterId) return failed({ kind: 'SelfApproval', waiverId });
  if (authorIds.includes(principalId)) return failed({ kind: 'ApproverIsAuthor', waiverId });
  if (record.approvals.some(({ approverId }) => approverId === principalId))
    return failed({ kind: 'AlreadyApproved', waiverId });
  const state = stateOf(record, at);
  if (state !== 'requested') return failed({ kind: 'NotOpen', waiverId, state });
  return ok({
    ordinal: record.approvals.length + 1,
    approverId: principalId,
    at,
    authTime: approver.authTime ?? null,
    amr: approver.amr ?? [],
  });
}

/** Only an open request can be refused. By its requester, that is a withdrawal. */
export function refuse(record: WaiverRecord, by: string, at: Instant): Result<Ending, WaiverProblem> {
  const state = stateOf(record, at);
  if (state === 'requested') return ok({ by, at });
  return failed({ kind: 'NotOpen', waiverId: record.waiver.waiverId, state });
}

/** Only what is approved and not yet over can be revoked: from now on it excuses nothing. */
export function revoke(record: WaiverRecord, by: string, at: Instant): Result<Ending, WaiverProblem> {
  const state = stateOf(record, at);
  if (state === 'active' || state === 'approved-pending-start') return ok({ by, at });
  return failed({ kind: 'NotOpen', waiverId: record.waiver.waiverId, state });
}
