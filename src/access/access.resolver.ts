import { Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { Project as SdlProject, Viewer } from '../api/generated.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { AuthenticationService } from './authentication.service.js';
import { PERMISSIONS } from './permission.js';

@Resolver()
export class AccessResolver {
  constructor(private readonly authentication: AuthenticationService) {}

  @Query()
  @Requires('access.read')
  async viewer(@Caller() actor: Actor): Promise<Viewer> {
    const { principal, organisation } = await this.authentication.whoIs(actor);
    const answers = await Promise.all(
      PERMISSIONS.map(async (permission) => ({
        permission,
        ...(await this.authentication.may(actor, permission)),
      })),
    );
    return {
      principalId: principal.principalId,
      organisation,
      kind: KINDS[principal.kind],
      displayName: principal.displayName,
      roles: [...actor.roles],
      permissions: answers.filter((answer) => answer.allowed).map((answer) => answer.permission),
    };
  }

  @Query()
  @Requires('project.read')
  async projects(@Caller() actor: Actor): Promise<SdlProject[]> {
    return [...(await this.authentication.projects(actor))];
  }
}

const KINDS = { person: 'PERSON', service: 'SERVICE', agent: 'AGENT' } as const;
