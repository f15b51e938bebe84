import { detail, FACTS, idOfKey, same, type Link } from './link.js';

/** Who is there and what they may. */
export const ACCESS_LINKS: readonly Link[] = [
  {
    ...{
      table: 'assay.organisation',
      what: 'organisation',
      kinds: ['organisation.created'],
      at: 'created_at',
      owed: true,
    },
    name: `'organisation ' || r.org_id`,
    also: { slug: same('r.slug', detail('slug')), id: idOfKey('r.org_id') },
  },
  {
    ...{
      table: 'assay.project',
      what: 'organisation',
      kinds: ['project.created'],
      at: 'created_at',
      owed: true,
    },
    name: `'project ' || r.project_id`,
    also: { slug: same('r.slug', detail('slug')), id: idOfKey('r.project_id') },
  },
  {
    ...{ table: 'assay.principal', what: 'grant', kinds: ['principal.added'], at: 'created_at' },
    name: `'principal ' || r.principal_id`,
    also: { id: `r.principal_id::text = ${detail('principalId')}` },
  },
  {
    ...{
      table: 'assay.access_grant',
      what: 'grant',
      kinds: ['grant.given'],
      at: 'granted_at',
      by: 'granted_by',
    },
    name: `'grant ' || r.grant_id`,
    also: {
      id: `r.grant_id::text = ${detail('grantId')}`,
      project: same('r.project_id::text', detail('projectId')),
      rate: same('r.requests_per_minute::text', detail('requestsPerMinute')),
      unrecorded: same(
        'to_jsonb(r.unrecorded_policies)',
        `(f.statement::jsonb #> ARRAY['predicate', ${FACTS}, 'details', 'unrecordedPolicies'])`,
      ),
    },
  },
  {
    ...{ table: 'assay.access_grant_revocation', what: 'grant', kinds: ['grant.revoked'], owed: true },
    ...{ at: 'revoked_at', by: 'revoked_by' },
    name: `'revocation of grant ' || r.grant_id`,
    also: { id: `r.grant_id::text = ${detail('grantId')}` },
  },
  {
    ...{ table: 'assay.principal_standing', what: 'grant', owed: true, at: 'changed_at', by: 'changed_by' },
    kinds: ['principal.disabled', 'principal.enabled'],
    name: `'standing ' || r.ordinal || ' of principal ' || r.principal_id`,
    also: {
      id: `r.principal_id::text = ${detail('principalId')} AND r.ordinal::text = ${detail('ordinal')}`,
      standing: `r.disabled = (f.kind = 'principal.disabled')`,
    },
  },
];
