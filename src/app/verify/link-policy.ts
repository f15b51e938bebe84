import { detail, subject, type Link } from './link.js';

/** What is judged with. */
export const POLICY_LINKS: readonly Link[] = [
  {
    ...{ table: 'assay.policy_version', what: 'policy', kinds: ['policy.published'] },
    ...{ at: 'published_at', by: 'published_by' },
    name: `'policy ' || r.org_id || ' ' || r.policy_id || '@' || r.version`,
    also: { id: subject(`r.policy_id || '@' || r.version`) },
  },
  {
    ...{ table: 'assay.checklist_version', what: 'policy', kinds: ['checklist.published'] },
    ...{ at: 'published_at', by: 'published_by' },
    name: `'checklist ' || r.org_id || ' ' || r.chk_id || '@' || r.version`,
    also: { id: subject(`r.chk_id || '@' || r.version`) },
  },
  {
    ...{ table: 'assay.checklist_activation', what: 'activation', kinds: ['checklist.activated'] },
    name: `'activation ' || r.activation || ' of ' || r.chk_id || ': organisation ' || r.org_id`,
    also: { id: `r.chk_id = ${detail('chkId')} AND r.activation::text = ${detail('activation')}` },
  },
  {
    ...{ table: 'assay.policy_revision', what: 'policy', by: 'saved_by' },
    kinds: ['policy.draft-saved', 'policy.draft-discarded'],
    name: `'policy-revision/' || r.policy_id || '@' || r.revision || ' ' || r.org_id`,
    also: { id: subject(`'policy-revision/' || r.policy_id || '/' || r.revision`) },
  },
  {
    ...{
      table: 'assay.policy_review',
      what: 'policy',
      kinds: ['policy.review-requested'],
      by: 'requested_by',
    },
    name: `'policy-review/' || r.review_id`,
    also: { id: subject(`'policy-review/' || r.review_id`) },
  },
  {
    ...{
      table: 'assay.policy_review_outcome',
      what: 'policy',
      kinds: ['policy.reviewed'],
      by: 'reviewer_id',
    },
    name: `'policy-review-outcome/' || r.review_id || '/' || r.ordinal`,
    also: { id: subject(`'policy-review-outcome/' || r.review_id || '/' || r.ordinal`) },
  },
  {
    ...{ table: 'assay.policy_retirement', what: 'policy', kinds: ['policy.retired'], by: 'retired_by' },
    name: `'policy-retirement/' || r.policy_id || '@' || r.version || ' ' || r.org_id`,
    also: { id: subject(`'policy-retirement/' || r.policy_id || '@' || r.version`) },
  },
];
