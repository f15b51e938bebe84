import type { DraftRecord, Retirement, ReviewRecord, Revision } from './draft.js';

const MS = (column: string): string => `round(extract(epoch FROM ${column}) * 1000)`;
const content = (row: string): string =>
  `CASE WHEN ${row}.listing IS NULL THEN NULL
        ELSE json_build_object('digest', ${row}.content_digest, 'text', ${row}.listing) END`;

/** Of one row `r` of policy_revision. */
const REVISION = `json_build_object('orgId', r.org_id, 'policyId', r.policy_id, 'revision', r.revision,
  'content', ${content('r')}, 'savedBy', r.saved_by, 'savedAt', ${MS('r.saved_at')})`;

/** A review `v` was published: the version it names was made of exactly its sources. */
const PUBLISHED = `p.org_id = v.org_id AND p.policy_id = v.policy_id AND p.version = v.pack_version
  AND p.source_digest = v.source_digest`;

/** Of one row `v` of policy_review. */
const REVIEW = `json_build_object(
  'review', json_build_object('reviewId', v.review_id, 'orgId', v.org_id, 'policyId', v.policy_id,
    'ordinal', v.ordinal, 'revision', v.revision, 'packVersion', v.pack_version, 'content', ${content('v')},
    'source', v.source_digest, 'authorIds', v.author_ids, 'requestedBy', v.requested_by,
    'requestedAt', ${MS('v.requested_at')}),
  'outcomes', coalesce((SELECT json_agg(json_build_object('ordinal', o.ordinal, 'reviewerId', o.reviewer_id,
      'verdict', o.outcome, 'at', ${MS('o.at')}, 'authTime', o.auth_time, 'amr', o.amr) ORDER BY o.ordinal)
    FROM assay.policy_review_outcome o WHERE o.review_id = v.review_id), '[]'),
  'published', EXISTS (SELECT FROM assay.policy_version p WHERE ${PUBLISHED}),
  'superseded', EXISTS (SELECT FROM assay.policy_revision l WHERE l.org_id = v.org_id
                           AND l.policy_id = v.policy_id AND l.revision > v.revision))`;

export const SELECT_REVISIONS = `SELECT ${REVISION} AS revision FROM assay.policy_revision r`;
export const SELECT_REVIEWS = `SELECT ${REVIEW} AS record FROM assay.policy_review v`;

/** Of the policy of a row `r` of policy_revision. */
export const LATEST = `(SELECT max(l.revision) FROM assay.policy_revision l
                  WHERE l.org_id = r.org_id AND l.policy_id = r.policy_id)`;

/** $1 is the organisation: every revision there ever was. */
export const SELECT_DRAFTS = `SELECT json_build_object(
    'revision', ${REVISION},
    'latest', ${LATEST},
    'authorIds', coalesce((SELECT json_agg(DISTINCT a.saved_by ORDER BY a.saved_by) FROM assay.policy_revision a
       WHERE a.org_id = r.org_id AND a.policy_id = r.policy_id AND a.listing IS NOT NULL
         AND a.revision <= r.revision
         AND a.revision > coalesce((SELECT max(v.revision) FROM assay.policy_review v
               JOIN assay.policy_version p ON ${PUBLISHED}
              WHERE v.org_id = r.org_id AND v.policy_id = r.policy_id AND v.revision < r.revision), 0)), '[]'),
    'checked', EXISTS (SELECT FROM assay.policy_check c WHERE c.org_id = r.org_id AND c.policy_id = r.policy_id
                          AND c.content_digest = r.content_digest),
    'review', (SELECT ${REVIEW} FROM assay.policy_review v WHERE v.org_id = r.org_id AND v.policy_id = r.policy_id
                  AND v.revision = r.revision ORDER BY v.ordinal DESC LIMIT 1),
    'published', (SELECT json_build_object('version', p.version, 'digest', p.digest, 'retired',
                     EXISTS (SELECT FROM assay.policy_retirement t WHERE t.org_id = p.org_id
                                AND t.policy_id = p.policy_id AND t.version = p.version))
                    FROM assay.policy_review v JOIN assay.policy_version p ON ${PUBLISHED}
                   WHERE v.org_id = r.org_id AND v.policy_id = r.policy_id AND v.revision = r.revision
                   ORDER BY v.ordinal DESC LIMIT 1)) AS record
  FROM assay.policy_revision r
 WHERE r.org_id = $1`;

export const SELECT_RETIREMENTS = `SELECT json_build_object('orgId', t.org_id, 'policyId', t.policy_id,
    'version', t.version, 'digest', p.digest, 'retiredBy', t.retired_by, 'at', ${MS('t.at')}) AS retirement
  FROM assay.policy_retirement t JOIN assay.policy_version p USING (org_id, policy_id, version)`;

export interface DraftRow {
  readonly record: DraftRecord;
}
export interface ReviewRow {
  readonly record: ReviewRecord;
}
export interface RevisionRow {
  readonly revision: Revision;
}
export interface RetirementRow {
  readonly retirement: Retirement;
}
