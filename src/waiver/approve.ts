import type { Instant } from '../kernel/clock.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { isPossible, type WaiverStepName } from './life-cycle.js';
import type { WaiverProblem } from './problem.js';
import { approvedFrom, personsOf, stateOf, type Approval, type DelegatedFrom } from './waiver.js';
import type { Ending, WaiverRecord } from './waiver.js';

/** Who wants to approve, and how they proved who they are. */
export interface Approver {
  readonly principalId: string;
  readonly authTime?: number;
  readonly amr?: readonly string[];
  /** For whom they speak, where not for themselves. */
  readonly delegatedFrom?: DelegatedFrom;
}

/**
 * Four eyes, whatever the access policy allows: the approver is neither the requester nor an author of the
 * artefact where known, nor speaks for one of them; nobody counts twice, neither in person nor by somebody who
 * speaks for them; and only an open request can be approved.
 */
export function approve(
  record: WaiverRecord,
  approver: Approver,
  authorIds: readonly string[],
  at: Instant,
): Result<Approval, WaiverProblem> {
  const { waiverId, requesterId } = record.waiver;
  const approval: Approval = {
    ordinal: record.approvals.length + 1,
    approverId: approver.principalId,
    at,
    authTime: approver.authTime ?? null,
    amr: approver.amr ?? [],
    ...(approver.delegatedFrom && { delegatedFrom: approver.delegatedFrom }),
  };
  const persons = personsOf(approval);
  if (persons.includes(requesterId)) return failed({ kind: 'SelfApproval', waiverId });
  if (persons.some((id) => authorIds.includes(id))) return failed({ kind: 'ApproverIsAuthor', waiverId });
  const heard = record.approvals.flatMap(personsOf);
  if (persons.some((id) => heard.includes(id))) return failed({ kind: 'AlreadyApproved', waiverId });
  return possible(record, 'approve', at) ?? ok(approval);
}

/** Only an open request can be refused. */
export const refuse = (record: WaiverRecord, by: string, at: Instant): Result<Ending, WaiverProblem> =>
  possible(record, 'refuse', at) ?? ok({ by, at });

/** Takes an open request back, which only whoever made it can. Kept as a refusal by them. */
export function withdraw(record: WaiverRecord, by: string, at: Instant): Result<Ending, WaiverProblem> {
  const { waiverId, requesterId } = record.waiver;
  if (by !== requesterId) return failed({ kind: 'NotTheRequester', waiverId });
  return possible(record, 'withdraw', at) ?? ok({ by, at });
}

/** Only what is approved and not yet over can be revoked: from now on it excuses nothing. */
export const revoke = (record: WaiverRecord, by: string, at: Instant): Result<Ending, WaiverProblem> =>
  possible(record, 'revoke', at) ?? ok({ by, at });

/**
 * Whether a request may say that it continues this waiver: it was granted, and has run or runs. Its own dates and
 * history stay what they are.
 */
export function renewable(record: WaiverRecord, at: Instant): Result<WaiverRecord, WaiverProblem> {
  const { waiverId } = record.waiver;
  // An expired request that nobody granted has nothing to continue.
  if (approvedFrom(record) === undefined)
    return failed({ kind: 'NotRenewable', waiverId, state: stateOf(record, at) });
  const fault = possible(record, 'renew', at);
  return fault ? failed({ kind: 'NotRenewable', waiverId, state: stateOf(record, at) }) : ok(record);
}

function possible(
  record: WaiverRecord,
  step: WaiverStepName,
  at: Instant,
): Result<never, WaiverProblem> | undefined {
  const state = stateOf(record, at);
  if (isPossible(step, state)) return undefined;
  return failed({ kind: 'NotOpen', waiverId: record.waiver.waiverId, state });
}
