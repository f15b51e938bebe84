import type { EntityManager } from 'typeorm';
import { AccessGrantEntity } from './access-grant.entity.js';
import type { Grant, Organisation, Principal, Project } from './organisation.js';
import { OrganisationEntity } from './organisation.entity.js';
import type { OrganisationStore, Recorded } from './organisation.store.js';
import { PrincipalEntity } from './principal.entity.js';
import { ProjectEntity } from './project.entity.js';

export class PgOrganisationStore implements OrganisationStore {
  constructor(private readonly manager: EntityManager) {}

  async addOrganisation(organisation: Organisation, recorded: Recorded): Promise<void> {
    await this.insert(OrganisationEntity, {
      ...organisation,
      createdAt: new Date(recorded.at),
      entryKey: recorded.entryKey,
    });
  }

  async addProject(project: Project, recorded: Recorded): Promise<void> {
    await this.insert(ProjectEntity, {
      ...project,
      createdAt: new Date(recorded.at),
      entryKey: recorded.entryKey,
    });
  }

  async addPrincipal(principal: Principal, recorded: Recorded): Promise<void> {
    await this.insert(PrincipalEntity, {
      ...principal,
      createdAt: new Date(recorded.at),
      entryKey: recorded.entryKey,
    });
  }

  async addGrant(grant: Grant, grantedBy: string | null, recorded: Recorded): Promise<void> {
    const { role, unrecordedPolicies, ...rest } = grant;
    await this.insert(AccessGrantEntity, {
      ...rest,
      unrecordedPolicies: unrecordedPolicies ? [...unrecordedPolicies] : null,
      accessRole: role,
      grantedBy,
      grantedAt: new Date(recorded.at),
      entryKey: recorded.entryKey,
    });
  }

  private async insert(entity: new () => object, row: object): Promise<void> {
    await this.manager.createQueryBuilder().insert().into(entity).values(row).orIgnore().execute();
  }
}
