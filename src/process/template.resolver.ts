import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  ChangeProcessRoleInput,
  ProcessRoleHolder,
  ProcessTemplate as SdlTemplate,
  PublishTemplateInput,
} from '../api/generated.js';
import { badRequest } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { ProcessDesk } from './process-desk.service.js';
import { ProcessRoleService } from './process-role.service.js';
import {
  activityOf,
  answer,
  connection,
  pageOf,
  showRole,
  showTemplate,
  type PageArguments,
} from './show-process.resolver.js';
import { TemplateService } from './template.service.js';

/** What a process is made of, and who acts in it. */
@Resolver('ProcessTemplate')
export class TemplateResolver {
  constructor(
    private readonly publishing: TemplateService,
    private readonly roles: ProcessRoleService,
    private readonly desk: ProcessDesk,
  ) {}

  @Query()
  @Requires('process.read')
  async template(
    @Args() { templateId, version }: { templateId: string; version?: number | null },
    @Caller() actor: Actor,
  ): Promise<SdlTemplate | null> {
    const template = await this.desk.template(actor, templateId, version ?? undefined);
    return template ? showTemplate(template) : null;
  }

  @Query()
  @Requires('process.read')
  async templates(@Args() page: PageArguments, @Caller() actor: Actor) {
    return connection(await this.desk.templates(actor, pageOf(page)), showTemplate);
  }

  @Query()
  @Requires('process.read', { project: 'project' })
  async processRoles(@Args('project') project: string, @Caller() actor: Actor): Promise<ProcessRoleHolder[]> {
    const roles = await this.desk.roles(actor, project);
    if (!roles) throw badRequest(`there is no project ${project}`);
    return roles.map(showRole);
  }

  @Mutation()
  @Requires('template.publish')
  async publishTemplate(
    @Args('input') input: PublishTemplateInput,
    @Caller() actor: Actor,
  ): Promise<SdlTemplate> {
    const published = await this.publishing.publish(
      {
        orgId: actor.orgId,
        templateId: input.templateId,
        expectedVersion: input.expectedVersion,
        title: { en: input.title.en, nl: input.title.nl },
        activities: input.activities.map(activityOf),
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return answer(published, showTemplate);
  }

  @Mutation()
  @Requires('process-role.assign', { project: 'input.project' })
  async changeProcessRole(
    @Args('input') input: ChangeProcessRoleInput,
    @Caller() actor: Actor,
  ): Promise<ProcessRoleHolder> {
    const changed = await this.roles.change(
      {
        orgId: actor.orgId,
        project: input.project,
        role: input.role,
        holderId: input.principalId,
        assigned: input.assigned,
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return answer(changed, showRole);
  }
}
