import type { EntityManager } from 'typeorm';
import { DISABLED, IN_FORCE } from '../../access/administered.read.pg.js';
import type { EvidenceRead } from '../../evidence/evidence.read.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { Actor } from '../../kernel/actor.js';
import { ofOne } from '../database/on-behalf-of.js';
import type { Digest } from '../../kernel/digest.js';
import { isUuid } from '../../kernel/id.js';
import { OneByOne, type LookUps } from '../../kernel/look-ups.js';
import type { Approvers, StoredFiles, WaiverRight } from '../../waiver/waiver-policy.port.js';

type Standing = Pick<Actor, 'kind' | 'roles'>;

/** Which process roles somebody holds on a project now. */
export interface ProcessRoles {
  rolesOf(orgId: string, projectId: string, principalId: string): Promise<readonly string[]>;
}

/** Who approvers are, as access and gates have it. Whoever was shut out or erased has no standing. */
export class GrantedApprovers implements Approvers {
  constructor(
    private readonly manager: EntityManager,
    private readonly gates: Pick<GateRead, 'gate'>,
    private readonly process: ProcessRoles,
  ) {}

  async standing(orgId: string, principalId: string): Promise<Standing | undefined> {
    if (!isUuid(principalId)) return undefined;
    const [row] = await ofOne(this.manager, orgId).query<Standing[]>(
      `SELECT p.kind, ARRAY(SELECT DISTINCT g.access_role FROM assay.access_grant g
                             WHERE g.principal_id = p.principal_id AND g.project_id IS NULL AND ${IN_FORCE}
                             ORDER BY 1) AS roles
         FROM assay.principal p
        WHERE p.org_id = $1 AND p.principal_id = $2 AND p.erased_at IS NULL AND NOT ${DISABLED}`,
      [orgId, principalId],
    );
    return row;
  }

  async atGate(
    orgId: string,
    gateId: string,
    principalId: string,
  ): Promise<{ waiverRights: readonly WaiverRight[]; processRoles: readonly string[] }> {
    const gate = await this.gates.gate(orgId, gateId);
    if (!gate) return { waiverRights: [], processRoles: [] };
    const processRoles = await this.process.rolesOf(orgId, gate.projectId, principalId);
    return { waiverRights: gate.waiverRights, processRoles };
  }
}

/** Evidence as it was received: what a request can be supported with. */
export class StoredEvidence implements StoredFiles {
  constructor(private readonly evidence: Pick<EvidenceRead, 'byDigest'>) {}

  async isStored(orgId: string, digest: Digest): Promise<boolean> {
    return (await this.evidence.byDigest(orgId, digest)).length > 0;
  }
}

/** Process roles as they were assigned: of each role and holder the last change stands. */
export class AssignedProcessRoles implements ProcessRoles {
  constructor(
    manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async rolesOf(orgId: string, projectId: string, principalId: string): Promise<readonly string[]> {
    const rows = await this.lookUps.rows<{ role: string }>({
      sql: `SELECT role FROM (
         SELECT DISTINCT ON (role) role, assigned FROM assay.process_role
          WHERE org_id = $1 AND project_id = $2 AND holder_id = $3 ORDER BY role, version DESC) standing
        WHERE assigned ORDER BY role`,
      types: ['uuid', 'uuid'],
      parameters: [orgId, projectId, principalId],
    });
    return rows.map(({ role }) => role);
  }
}
