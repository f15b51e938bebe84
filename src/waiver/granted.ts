import type { Instant } from '../kernel/clock.js';
import { approvedFrom, type WaiverRecord } from './waiver.js';

/**
 * The record as if everybody who is still needed had approved it at the instant, none of them the requester or an
 * author. What has ended stays ended: nobody can approve it any more, so it would change nothing.
 */
export function asGranted(record: WaiverRecord, at: Instant): WaiverRecord {
  let granted = record;
  while (approvedFrom(granted) === undefined) {
    const ordinal = granted.approvals.length + 1;
    const approval = { ordinal, approverId: `supposed ${String(ordinal)}`, at, authTime: null, amr: [] };
    granted = { ...granted, approvals: [...granted.approvals, approval] };
  }
  return granted;
}
