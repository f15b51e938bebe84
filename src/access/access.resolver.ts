import { Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { Project as SdlProject, Viewer } from '../api/generated.js';
import { Requires } from '../api/requires.js';
import { AdministrationDesk } from './administration-desk.service.js';
import { AuthenticationService } from './authentication.service.js';
import type { Bearer } from './organisation.js';
import { PERMISSIONS } from './permission.js';

@Resolver()
export class AccessResolver {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly desk: AdministrationDesk,
  ) {}

  @Query()
  @Requires('access.read', 'anywhere')
  async viewer(@Caller() actor: Bearer): Promise<Viewer> {
    const { principal, organisation } = await this.authentication.whoIs(actor);
    const answers = await Promise.all(
      PERMISSIONS.map(async (permission) => ({
        permission,
        ...(await this.authentication.may(actor, permission)),
      })),
    );
    const inProjects = await this.desk.inProjects(actor);
    return {
      principalId: principal.principalId,
      organisation,
      kind: KINDS[principal.kind],
      displayName: principal.displayName,
      roles: [...actor.roles],
      projectRoles: inProjects.map(({ project, roles, permissions }) => ({
        project,
        roles: [...roles],
        permissions,
      })),
      permissions: answers.filter((answer) => answer.allowed).map((answer) => answer.permission),
    };
  }

  @Query()
  @Requires('project.read', 'anywhere')
  async projects(@Caller() actor: Bearer): Promise<SdlProject[]> {
    return [...(await this.authentication.projects(actor))];
  }
}

const KINDS = { person: 'PERSON', service: 'SERVICE', agent: 'AGENT' } as const;
