import { instant } from '../waiver-record.read.pg.js';
import type { DelegationRecord } from './delegation.js';

/** Rows `record` of delegations `d`. Append WHERE and what follows. */
export const SELECT_DELEGATIONS = `
  SELECT json_build_object(
    'delegation', json_build_object(
      'delegationId', d.delegation_id, 'orgId', d.org_id, 'delegatorId', d.delegator_id,
      'delegateId', d.delegate_id, 'from', ${instant('d.valid_from')}, 'until', ${instant('d.valid_until')},
      'givenAt', ${instant('d.given_at')}),
    'withdrawal', (SELECT json_build_object('by', x.withdrawn_by, 'at', ${instant('x.at')})
                     FROM assay.waiver_delegation_withdrawal x WHERE x.delegation_id = d.delegation_id)) AS record
  FROM assay.waiver_delegation d`;

/** `delegationState` of delegation.ts in SQL, at the instant in parameter `at`. */
export const delegationStateAt = (at: string): string => `
  CASE WHEN EXISTS (SELECT FROM assay.waiver_delegation_withdrawal x
                     WHERE x.delegation_id = d.delegation_id AND x.at <= ${at}) THEN 'withdrawn'
       WHEN ${at} > d.valid_until THEN 'expired'
       WHEN ${at} < d.valid_from THEN 'pending' ELSE 'active' END`;

export interface DelegationRow {
  readonly record: DelegationRecord;
}
