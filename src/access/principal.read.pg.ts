import type { EntityManager } from 'typeorm';
import type { AccessRole } from '../kernel/actor.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import { DISABLED, IN_FORCE } from './administered.read.pg.js';
import type { Bearer, Organisation, Principal, Project } from './organisation.js';
import type { PrincipalRead } from './principal.read.js';

const ORGANISATION = `o.org_id AS "orgId", o.slug, o.name, o.time_zone AS "timeZone", o.locale`;
const PROJECT = `project_id AS "projectId", org_id AS "orgId", slug, name`;

export class PgPrincipalRead implements PrincipalRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async byClaims(claims: {
    issuer: string;
    subject: string;
    org: string;
  }): Promise<(Bearer & { disabled: boolean }) | undefined> {
    const [row] = await this.lookUps.rows<Bearer & { disabled: boolean }>({
      sql: `SELECT p.org_id AS "orgId", p.principal_id AS "principalId", p.kind, ${DISABLED} AS disabled,
              array(SELECT DISTINCT g.access_role FROM assay.access_grant g
                    WHERE g.principal_id = p.principal_id AND g.project_id IS NULL AND ${IN_FORCE} ORDER BY 1) AS roles,
              coalesce((SELECT json_agg(json_build_object('projectId', project_id, 'roles', roles) ORDER BY project_id)
                 FROM (SELECT g.project_id, array_agg(DISTINCT g.access_role ORDER BY g.access_role) AS roles
                         FROM assay.access_grant g
                        WHERE g.principal_id = p.principal_id AND g.project_id IS NOT NULL AND ${IN_FORCE}
                        GROUP BY g.project_id) by_project), '[]') AS "projectRoles",
              (SELECT max(g.requests_per_minute) FROM assay.access_grant g
                WHERE g.principal_id = p.principal_id AND ${IN_FORCE}) AS "requestsPerMinute",
              array(SELECT DISTINCT unnest(g.unrecorded_policies) FROM assay.access_grant g
                    WHERE g.principal_id = p.principal_id AND ${IN_FORCE} ORDER BY 1) AS "unrecordedPolicies"
         FROM assay.principal p JOIN assay.organisation o USING (org_id)
        WHERE o.slug = $1 AND p.issuer = $2 AND p.subject = $3`,
      types: ['text', 'text'],
      parameters: [claims.org, claims.issuer, claims.subject],
    });
    return row;
  }

  async revokedRoles(orgId: string, principalId: string): Promise<readonly AccessRole[]> {
    const rows = await this.manager.query<{ role: AccessRole }[]>(
      `SELECT g.access_role AS role FROM assay.access_grant g
        WHERE g.org_id = $1 AND g.principal_id = $2 AND g.project_id IS NULL
        GROUP BY 1 HAVING bool_and(NOT ${IN_FORCE}) ORDER BY 1`,
      [orgId, principalId],
    );
    return rows.map(({ role }) => role);
  }

  async viewer(
    orgId: string,
    principalId: string,
  ): Promise<{ principal: Principal; organisation: Organisation } | undefined> {
    const [row] = await this.manager.query<{ principal: Principal; organisation: Organisation }[]>(
      `SELECT json_build_object('principalId', p.principal_id, 'orgId', p.org_id, 'kind', p.kind,
                'issuer', p.issuer, 'subject', p.subject, 'displayName', p.display_name) AS principal,
              json_build_object('orgId', o.org_id, 'slug', o.slug, 'name', o.name,
                'timeZone', o.time_zone, 'locale', o.locale) AS organisation
         FROM assay.principal p JOIN assay.organisation o USING (org_id)
        WHERE p.org_id = $1 AND p.principal_id = $2`,
      [orgId, principalId],
    );
    return row;
  }

  projects(orgId: string): Promise<readonly Project[]> {
    return this.manager.query(`SELECT ${PROJECT} FROM assay.project WHERE org_id = $1 ORDER BY slug`, [
      orgId,
    ]);
  }

  async nameOf(orgId: string, projectId: string): Promise<Pick<Project, 'slug' | 'name'>> {
    const [row] = await this.lookUps.rows<Pick<Project, 'slug' | 'name'>>({
      sql: `SELECT slug, name FROM assay.project WHERE org_id = $1 AND project_id = $2`,
      types: ['uuid'],
      parameters: [orgId, projectId],
    });
    if (!row) throw new Error(`project ${projectId} does not exist`);
    return row;
  }

  async projectBySlug(orgId: string, slug: string): Promise<Project | undefined> {
    const [row] = await this.manager.query<Project[]>(
      `SELECT ${PROJECT} FROM assay.project WHERE org_id = $1 AND slug = $2`,
      [orgId, slug],
    );
    return row;
  }

  async organisationBySlug(slug: string): Promise<Organisation | undefined> {
    const [row] = await this.manager.query<Organisation[]>(
      `SELECT ${ORGANISATION} FROM assay.organisation o WHERE o.slug = $1`,
      [slug],
    );
    return row;
  }
}
