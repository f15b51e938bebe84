import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  CaseCommandInput,
  CaseRoute,
  ProcessStep as SdlStep,
  Rework as SdlRework,
  RouteRecord as SdlRouteRecord,
  SaveWorkItemInput,
  ViewerCan,
  WorkItemKind as SdlKind,
  WorkItemStatus,
} from '../api/generated.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { ProcessDesk } from './process-desk.service.js';
import { RouteService } from './route.service.js';
import {
  answer,
  connection,
  ours,
  pageOf,
  showCriterion,
  shown,
  showItem,
  showRoute,
  showStep,
  type PageArguments,
  type ShownCriterion,
  type ShownItem,
} from './show-process.resolver.js';
import { WorkItemService } from './work-item.service.js';

interface ItemsArguments extends PageArguments {
  readonly project?: string | null;
  readonly kind?: SdlKind | null;
  readonly parentId?: string | null;
  readonly status?: WorkItemStatus | null;
}

@Resolver('WorkItem')
export class WorkItemResolver {
  constructor(
    private readonly items: WorkItemService,
    private readonly routes: RouteService,
    private readonly desk: ProcessDesk,
  ) {}

  @Query()
  @Requires('process.read', { case: 'caseId' })
  async workItem(@Args('caseId') caseId: string, @Caller() actor: Actor): Promise<ShownItem | null> {
    const item = await this.desk.item(actor, caseId);
    return item ? showItem(item) : null;
  }

  @Query()
  @Requires('process.read', { project: 'project' })
  async workItems(
    @Args() { project, kind, parentId, status, ...page }: ItemsArguments,
    @Caller() actor: Actor,
  ) {
    const filter = {
      ...(project == null ? {} : { project }),
      ...(kind == null ? {} : { kind: ours(kind) }),
      ...(parentId == null ? {} : { parentId }),
      ...(status == null ? {} : { status: ours(status) }),
    };
    return connection(await this.desk.items(actor, filter, pageOf(page)), showItem);
  }

  @Mutation()
  @Requires('process.plan', { project: 'input.project', caseIfSaved: 'input.caseId' })
  async saveWorkItem(@Args('input') input: SaveWorkItemInput, @Caller() actor: Actor): Promise<object> {
    const saved = await this.items.save(
      {
        caseId: input.caseId,
        expectedVersion: input.expectedVersion,
        project: input.project,
        kind: ours(input.kind),
        title: input.title,
        status: ours(input.status ?? 'PLANNED'),
        ...(input.parentId == null ? {} : { parentId: input.parentId }),
        ...(input.estimatedHours == null ? {} : { estimatedHours: input.estimatedHours }),
        ...(input.templateId == null ? {} : { templateId: input.templateId }),
        ...(input.templateVersion == null ? {} : { templateVersion: input.templateVersion }),
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return answer(saved, showItem);
  }

  @Mutation()
  @Requires('process.plan', { case: 'input.caseId' })
  async chooseRoute(
    @Args('input') { caseId, context, idempotencyKey }: CaseCommandInput,
    @Caller() actor: Actor,
  ): Promise<SdlRouteRecord> {
    const chosen = await this.routes.choose({ caseId, context: contextOf(context), idempotencyKey }, actor);
    return answer(chosen, showRoute);
  }

  @ResolveField()
  title(@Parent() { item }: ShownItem): Promise<string | null> {
    return this.desk.title(item);
  }

  @ResolveField()
  async parent(@Parent() { item }: ShownItem, @Caller() actor: Actor): Promise<ShownItem | null> {
    const parent = item.parentId === null ? undefined : await this.desk.item(actor, item.parentId);
    return parent ? showItem(parent) : null;
  }

  @ResolveField()
  async children(@Parent() { item }: ShownItem, @Caller() actor: Actor): Promise<ShownItem[]> {
    return (await this.desk.children(actor, item.caseId)).map(showItem);
  }

  @ResolveField()
  async route(@Parent() { item }: ShownItem): Promise<CaseRoute> {
    const { route, latest, fits } = await this.desk.route(item);
    return {
      route: shown(route),
      fits: fits === 'unknown' ? null : fits === 'fits',
      latest: latest && showRoute(latest),
    };
  }

  @ResolveField()
  async steps(@Parent() { item }: ShownItem, @Caller() actor: Actor): Promise<SdlStep[]> {
    return (await this.desk.steps(actor, item.caseId)).map(showStep);
  }

  @ResolveField()
  async criteria(@Parent() { item }: ShownItem, @Caller() actor: Actor): Promise<ShownCriterion[]> {
    return (await this.desk.criteria(actor, item.caseId)).map(showCriterion);
  }

  @ResolveField()
  async rework(@Parent() { item }: ShownItem, @Caller() actor: Actor): Promise<SdlRework[]> {
    return (await this.desk.rework(actor, item.caseId)).map(({ gateId, count }) => ({ gateId, count }));
  }

  @ResolveField()
  viewerCan(@Parent() { item }: ShownItem): ViewerCan[] {
    return this.desk.viewerCan(item);
  }
}
