import type { Instant } from '../kernel/clock.js';
import type { WaiverRecord } from './waiver.js';

/** A time column as whole milliseconds; JSON carries it as a number. */
export const instant = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)`;

/** Rows `record` of waivers `w`, each a whole WaiverRecord as JSON. Append WHERE and what follows. */
export const SELECT_RECORDS = `
  SELECT json_build_object(
    'waiver', jsonb_build_object(
      'waiverId', w.waiver_id, 'orgId', w.org_id, 'selectors', w.selectors, 'severity', w.severity,
      'effectiveFrom', ${instant('w.effective_from')}, 'effectiveUntil', ${instant('w.effective_until')},
      'requiredApprovals', w.required_approvals, 'requesterId', w.requester_id,
      'requestedAt', ${instant('w.requested_at')}, 'compensatingControl', w.compensating_control,
      'reference', w.reference, 'caseId', w.case_id)
      || CASE WHEN w.renews IS NULL THEN '{}' ELSE jsonb_build_object('renews', w.renews) END
      || CASE WHEN w.attachments IS NULL THEN '{}' ELSE jsonb_build_object('attachments', w.attachments) END
      || CASE WHEN w.review_hours IS NULL THEN '{}' ELSE jsonb_build_object('review',
           jsonb_build_object('hours', w.review_hours, 'path', w.review_path)) END,
    'approvals', coalesce((
      SELECT json_agg(jsonb_build_object('ordinal', a.ordinal, 'approverId', a.approver_id, 'at', ${instant('a.at')},
                                         'authTime', a.auth_time, 'amr', a.amr)
                      || CASE WHEN num_nulls(a.delegation_id, a.delegated_from) = 2 THEN '{}' ELSE jsonb_build_object('delegatedFrom',
                           jsonb_build_object('delegationId', a.delegation_id, 'delegatorId', a.delegated_from)) END
                      ORDER BY a.ordinal)
        FROM assay.waiver_approval a WHERE a.waiver_id = w.waiver_id), '[]'),
    'refusal', (SELECT json_build_object('by', f.refused_by, 'at', ${instant('f.at')})
                  FROM assay.waiver_refusal f WHERE f.waiver_id = w.waiver_id),
    'revocation', (SELECT json_build_object('by', v.revoked_by, 'at', ${instant('v.at')})
                     FROM assay.waiver_revocation v WHERE v.waiver_id = w.waiver_id)) AS record
  FROM assay.waiver w`;

/** When the last required approval arrived, or NULL: `approvedFrom` of waiver.ts in SQL. */
export const APPROVED_AT = `
  (array(SELECT a.at FROM assay.waiver_approval a
          WHERE a.waiver_id = w.waiver_id
            AND w.requester_id NOT IN (a.approver_id, coalesce(a.delegated_from, a.approver_id))
            AND NOT EXISTS (
              SELECT FROM assay.waiver_approval b
               WHERE b.waiver_id = a.waiver_id AND b.ordinal < a.ordinal
                 AND ARRAY[b.approver_id, b.delegated_from]
                     && array_remove(ARRAY[a.approver_id, a.delegated_from], NULL))
          ORDER BY a.at))[w.required_approvals]`;

/** `stateOf` of waiver.ts in SQL, at the instant in parameter `at`; a test compares the two. */
export const stateAt = (at: string): string => `
  CASE WHEN EXISTS (SELECT FROM assay.waiver_revocation v WHERE v.waiver_id = w.waiver_id AND v.at <= ${at}) THEN 'revoked'
       WHEN EXISTS (SELECT FROM assay.waiver_refusal f WHERE f.waiver_id = w.waiver_id AND f.at <= ${at}) THEN
         CASE WHEN EXISTS (SELECT FROM assay.waiver_refusal f
                            WHERE f.waiver_id = w.waiver_id AND f.refused_by = w.requester_id)
              THEN 'withdrawn' ELSE 'refused' END
       WHEN ${at} > w.effective_until THEN 'expired'
       WHEN ${at} >= ${APPROVED_AT} THEN CASE WHEN ${at} < w.effective_from THEN 'approved-pending-start' ELSE 'active' END
       ELSE 'requested' END`;

export interface RecordRow {
  readonly record: WaiverRecord;
}

export const asDate = (at: Instant): Date => new Date(at);
