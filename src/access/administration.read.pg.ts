import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
import { isUuid } from '../kernel/id.js';
import {
  EMPTY_PAGE,
  momentAfter,
  momentCursor,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../kernel/page.js';
import { failed, ok, type Result } from '../kernel/result.js';
import {
  HOLDERS,
  IN_FORCE,
  remainingWithout,
  SELECT_GRANTS,
  SELECT_PRINCIPALS,
} from './administered.read.pg.js';
import type {
  AdministrationRead,
  GrantFilter,
  ListedGrant,
  ListedPrincipal,
  PrincipalFilter,
} from './administration.read.js';

/** $1 the organisation, $2 the kind, $3 whether shut out, $4 the id. */
const PRINCIPALS = `p.org_id = $1 AND p.erased_at IS NULL AND ($2::text IS NULL OR p.kind = $2)
  AND ($3::boolean IS NULL OR coalesce(s.disabled, false) = $3) AND ($4::uuid IS NULL OR p.principal_id = $4)`;
/** $1 the organisation, $2 the principal, $3 the role, $4 the project's slug, $5 only those in force, $6 the id. */
const GRANTS = `g.org_id = $1 AND ($2::uuid IS NULL OR g.principal_id = $2) AND ($3::text IS NULL OR g.access_role = $3)
  AND ($4::text IS NULL OR j.slug = $4) AND (NOT $5::boolean OR ${IN_FORCE}) AND ($6::uuid IS NULL OR g.grant_id = $6)`;

interface Row<T> {
  readonly item: T;
}

export class PgAdministrationRead implements AdministrationRead {
  constructor(private readonly manager: EntityManager) {}

  async principals(
    orgId: string,
    { kind, disabled }: PrincipalFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedPrincipal>, InvalidCursor>> {
    if (page.after !== undefined && !isUuid(page.after))
      return failed({ kind: 'InvalidCursor', given: page.after });
    const first = pageSize(page);
    const matching = [orgId, kind ?? null, disabled ?? null, null];
    const rows = await this.listPrincipals(
      `${PRINCIPALS} AND ($5::uuid IS NULL OR p.principal_id > $5) ORDER BY p.principal_id LIMIT $6`,
      [...matching, page.after ?? null, first + 1],
    );
    const totalCount = await countMatching(
      this.manager,
      `(${SELECT_PRINCIPALS} WHERE ${PRINCIPALS}) principals`,
      matching,
    );
    return ok(pageOf(rows, { first, totalCount }, ({ principalId }) => principalId));
  }

  async principal(orgId: string, principalId: string): Promise<ListedPrincipal | undefined> {
    if (!isUuid(principalId)) return undefined;
    const [row] = await this.listPrincipals(PRINCIPALS, [orgId, null, null, principalId]);
    return row;
  }

  async grants(
    orgId: string,
    { principalId, role, project, inForce }: GrantFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedGrant>, InvalidCursor>> {
    const from = momentAfter(page);
    if (!from.ok) return from;
    const after = from.value;
    const first = pageSize(page);
    if (principalId !== undefined && !isUuid(principalId)) return ok(EMPTY_PAGE);
    const matching = [orgId, principalId ?? null, role ?? null, project ?? null, inForce, null];
    const rows = await this.listGrants(
      `${GRANTS} AND ($7::timestamptz IS NULL OR (g.granted_at, g.grant_id) < ($7, $8::uuid))
       ORDER BY g.granted_at DESC, g.grant_id DESC LIMIT $9`,
      [...matching, after ? new Date(after.at) : null, after?.id ?? null, first + 1],
    );
    const totalCount = await countMatching(
      this.manager,
      `(${SELECT_GRANTS} WHERE ${GRANTS}) grants`,
      matching,
    );
    return ok(
      pageOf(rows, { first, totalCount }, ({ grantedAt, grantId }) =>
        momentCursor({ at: grantedAt, id: grantId }),
      ),
    );
  }

  async grant(orgId: string, grantId: string): Promise<ListedGrant | undefined> {
    if (!isUuid(grantId)) return undefined;
    const [row] = await this.listGrants(GRANTS, [orgId, null, null, null, false, grantId]);
    return row;
  }

  private async listPrincipals(where: string, parameters: unknown[]): Promise<readonly ListedPrincipal[]> {
    const rows = await this.manager.query<Row<ListedPrincipal>[]>(
      `WITH ${HOLDERS}, listed AS (${SELECT_PRINCIPALS} WHERE ${where})
       SELECT item::jsonb || jsonb_build_object('remaining',
         ${remainingWithout(`(item ->> 'principalId')::uuid`, 'NULL')}) AS item FROM listed
        ORDER BY (item ->> 'principalId')::uuid`,
      parameters,
    );
    return rows.map(({ item }) => item);
  }

  private async listGrants(where: string, parameters: unknown[]): Promise<readonly ListedGrant[]> {
    const rows = await this.manager.query<Row<ListedGrant>[]>(
      `WITH ${HOLDERS}, listed AS (${SELECT_GRANTS} WHERE ${where})
       SELECT l.item || jsonb_build_object('remaining',
         ${remainingWithout(`(l.item ->> 'principalId')::uuid`, `(l.item ->> 'role')`)},
         'holder', h.item::jsonb) AS item
         FROM listed l LEFT JOIN LATERAL (${SELECT_PRINCIPALS}
           WHERE p.principal_id = (l.item ->> 'principalId')::uuid AND p.erased_at IS NULL) h ON true
        ORDER BY (l.item ->> 'grantedAt')::bigint DESC, (l.item ->> 'grantId')::uuid DESC`,
      parameters,
    );
    return rows.map(({ item }) => item);
  }
}
