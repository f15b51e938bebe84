import type { EntityManager } from 'typeorm';
import type { AccessRole } from '../kernel/actor.js';
import { isUuid, type IdempotencyKey } from '../kernel/id.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import {
  HOLDERS,
  IN_FORCE,
  remainingWithout,
  SELECT_GRANTS,
  SELECT_PRINCIPALS,
  type GrantRow,
  type PrincipalRow,
} from './administered.read.pg.js';
import type {
  AdministeredGrant,
  AdministeredPrincipal,
  AdministrationStore,
  Remaining,
} from './administration.store.js';
import type { Grant, Principal } from './organisation.js';
import type { Recorded } from './organisation.store.js';

export class PgAdministrationStore implements AdministrationStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async lock(orgId: string): Promise<void> {
    await this.manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('access ' || $1, 0))`, [orgId]);
  }

  async principal(orgId: string, principalId: string): Promise<AdministeredPrincipal | undefined> {
    if (!isUuid(principalId)) return undefined;
    const [row] = await this.lookUps.rows<PrincipalRow>({
      sql: `${SELECT_PRINCIPALS} WHERE p.org_id = $1 AND p.principal_id = $2 AND p.erased_at IS NULL`,
      types: ['uuid'],
      parameters: [orgId, principalId],
    });
    return row?.item;
  }

  async principalByLogin(
    orgId: string,
    { issuer, subject }: Pick<Principal, 'issuer' | 'subject'>,
  ): Promise<AdministeredPrincipal | undefined> {
    const [row] = await this.manager.query<PrincipalRow[]>(
      `${SELECT_PRINCIPALS} WHERE p.org_id = $1 AND p.issuer = $2 AND p.subject = $3 AND p.erased_at IS NULL`,
      [orgId, issuer, subject],
    );
    return row?.item;
  }

  async grant(orgId: string, grantId: string): Promise<AdministeredGrant | undefined> {
    if (!isUuid(grantId)) return undefined;
    const [row] = await this.manager.query<GrantRow[]>(
      `${SELECT_GRANTS} WHERE g.org_id = $1 AND g.grant_id = $2`,
      [orgId, grantId],
    );
    return row?.item;
  }

  async sameGrant({
    orgId,
    principalId,
    role,
    projectId,
  }: Omit<Grant, 'grantId'>): Promise<AdministeredGrant | undefined> {
    const [row] = await this.manager.query<GrantRow[]>(
      `${SELECT_GRANTS} WHERE g.org_id = $1 AND g.principal_id = $2 AND g.access_role = $3
         AND g.project_id IS NOT DISTINCT FROM $4::uuid AND ${IN_FORCE} LIMIT 1`,
      [orgId, principalId, role, projectId ?? null],
    );
    return row?.item;
  }

  async projectId(orgId: string, slug: string): Promise<string | undefined> {
    const [row] = await this.manager.query<{ id: string }[]>(
      `SELECT project_id AS id FROM assay.project WHERE org_id = $1 AND slug = $2`,
      [orgId, slug],
    );
    return row?.id;
  }

  async remaining(
    orgId: string,
    { principalId, role }: { principalId: string; role?: AccessRole },
  ): Promise<Remaining> {
    const [row] = await this.lookUps.rows<{ remaining: Remaining }>({
      sql: `WITH ${HOLDERS} SELECT ${remainingWithout('$2', '$3')} AS remaining`,
      types: ['uuid', 'text'],
      parameters: [orgId, principalId, role ?? null],
    });
    return row?.remaining ?? {};
  }

  async revocationBy(orgId: string, key: IdempotencyKey): Promise<string | undefined> {
    const [row] = await this.manager.query<{ id: string }[]>(
      `SELECT grant_id AS id FROM assay.access_grant_revocation WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row?.id;
  }

  async standingBy(
    orgId: string,
    key: IdempotencyKey,
  ): Promise<{ principalId: string; disabled: boolean } | undefined> {
    const [row] = await this.manager.query<{ principalId: string; disabled: boolean }[]>(
      `SELECT principal_id AS "principalId", disabled FROM assay.principal_standing
        WHERE org_id = $1 AND entry_key = $2`,
      [orgId, key],
    );
    return row;
  }

  async addRevocation({ orgId, grantId }: Grant, revokedBy: string, recorded: Recorded): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.access_grant_revocation (grant_id, org_id, revoked_at, revoked_by, entry_key)
       VALUES ($1, $2, $3, $4, $5)`,
      [grantId, orgId, new Date(recorded.at), revokedBy, recorded.entryKey],
    );
  }

  async addStanding(
    { orgId, principalId }: Principal,
    { ordinal, disabled, by }: { ordinal: number; disabled: boolean; by: string },
    recorded: Recorded,
  ): Promise<void> {
    await this.manager.query(
      `INSERT INTO assay.principal_standing (principal_id, ordinal, org_id, disabled, changed_at, changed_by, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [principalId, ordinal, orgId, disabled, new Date(recorded.at), by, recorded.entryKey],
    );
  }
}
