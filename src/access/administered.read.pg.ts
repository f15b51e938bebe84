import type { AdministeredGrant, AdministeredPrincipal } from './administration.store.js';

/** SQL over `assay.access_grant g`. */
export const IN_FORCE = `NOT EXISTS (SELECT FROM assay.access_grant_revocation r WHERE r.grant_id = g.grant_id)`;

/** SQL over `assay.principal p`: whether the latest standing shuts them out. */
export const DISABLED = `coalesce((SELECT s.disabled FROM assay.principal_standing s
  WHERE s.principal_id = p.principal_id ORDER BY s.ordinal DESC LIMIT 1), false)`;

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;

export const SELECT_PRINCIPALS = `
  SELECT json_build_object('principalId', p.principal_id, 'orgId', p.org_id, 'kind', p.kind, 'issuer', p.issuer,
           'subject', p.subject, 'displayName', p.display_name, 'addedAt', ${MS('p.created_at')},
           'disabled', coalesce(s.disabled, false), 'version', coalesce(s.ordinal, 0),
           'changedAt', ${MS('s.changed_at')}, 'changedBy', s.changed_by,
           'roles', array(SELECT DISTINCT g.access_role FROM assay.access_grant g
                           WHERE g.principal_id = p.principal_id AND g.project_id IS NULL AND ${IN_FORCE} ORDER BY 1)) AS item
    FROM assay.principal p
    LEFT JOIN LATERAL (SELECT * FROM assay.principal_standing s WHERE s.principal_id = p.principal_id
                        ORDER BY s.ordinal DESC LIMIT 1) s ON true`;

export const SELECT_GRANTS = `
  SELECT json_strip_nulls(json_build_object('grantId', g.grant_id, 'orgId', g.org_id, 'principalId', g.principal_id,
           'role', g.access_role, 'projectId', g.project_id, 'requestsPerMinute', g.requests_per_minute,
           'unrecordedPolicies', g.unrecorded_policies)) ::jsonb
         || jsonb_build_object('project', j.slug, 'grantedAt', ${MS('g.granted_at')}, 'grantedBy', g.granted_by,
           'revokedAt', ${MS('x.revoked_at')}, 'revokedBy', x.revoked_by) AS item
    FROM assay.access_grant g LEFT JOIN assay.project j USING (project_id)
    LEFT JOIN assay.access_grant_revocation x USING (grant_id)`;

/** $1 is the organisation: who of its persons, let in, holds a role everywhere. */
export const HOLDERS = `
  holder AS (
    SELECT DISTINCT g.access_role AS role, g.principal_id FROM assay.access_grant g
      JOIN assay.principal p USING (principal_id)
     WHERE g.org_id = $1 AND g.project_id IS NULL AND p.kind = 'person' AND p.erased_at IS NULL
       AND ${IN_FORCE} AND NOT ${DISABLED}),
  total AS (SELECT role, count(*)::int AS persons FROM holder GROUP BY role)`;

/** By role how many hold it without `principal` (SQL); where `role` (SQL) is not null, without them in that role only. */
export const remainingWithout = (principal: string, role: string): string => `
  coalesce((SELECT jsonb_object_agg(t.role, t.persons
      - CASE WHEN (${role}::text IS NULL OR ${role} = t.role)
              AND EXISTS (SELECT FROM holder h WHERE h.role = t.role AND h.principal_id = ${principal})
             THEN 1 ELSE 0 END) FROM total t), '{}')`;

export interface PrincipalRow {
  readonly item: AdministeredPrincipal;
}
export interface GrantRow {
  readonly item: AdministeredGrant;
}
