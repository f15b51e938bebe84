import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  ActivateChecklistInput,
  ActivateChecklistResult,
  ChecklistActivation as SdlActivation,
  ChecklistVersion as SdlChecklist,
  PublishChecklistInput,
  PublishChecklistResult,
  ViewerCan,
} from '../../api/generated.js';
import { as, badRequest, present } from '../../api/present.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import { isRollback } from './activation.js';
import { ActivationService } from './activation.service.js';
import { ChecklistDesk } from './desk.service.js';
import { CHECKLIST_MESSAGES } from './messages.js';
import { ChecklistPublisher } from './publisher.service.js';
import type { RecordedActivation } from './checklist.read.js';
import { showChecklist, type ShownChecklist } from '../policy.resolver.js';

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
}
type Which = Pick<SdlChecklist, 'chkId' | 'version'>;
/** The reason is looked up only when it is asked for. */
type ShownActivation = Omit<SdlActivation, 'reason'> & { readonly recorded: RecordedActivation };

/** Checklists: what can be put in force, what is, and who put it there. */
@Resolver('ChecklistVersion')
export class ChecklistResolver {
  constructor(
    private readonly publisher: ChecklistPublisher,
    private readonly activationService: ActivationService,
    private readonly desk: ChecklistDesk,
  ) {}

  @Query()
  @Requires('checklist.read')
  async checklists(
    @Args() args: PageArgs & { chkId?: string | null; active?: boolean | null },
    @Caller() actor: Actor,
  ): Promise<Connection<ShownChecklist>> {
    const filter = {
      ...(args.chkId == null ? {} : { chkId: args.chkId }),
      ...(args.active === true ? { active: true } : {}),
    };
    return connection(await this.desk.versions(actor, filter, pageOf(args)), showChecklist);
  }

  @Mutation()
  @Requires('checklist.publish')
  async publishChecklist(
    @Args('input') input: PublishChecklistInput,
    @Caller() actor: Actor,
  ): Promise<PublishChecklistResult | ShownChecklist> {
    const { chkId, title, policies, idempotencyKey } = input;
    const maps = [
      ['input.freshness', input.freshness] as const,
      ...policies.map(({ parameters }, at) => [`input.policies.${at}.parameters`, parameters] as const),
    ];
    const odd = maps.find(([, value]) => value != null && !isObject(value));
    if (odd) {
      const problem = { kind: 'InvalidInput', path: odd[0], expected: 'an object' } as const;
      return present(problem, CHECKLIST_MESSAGES);
    }
    const pins = policies.map(({ policyId, version, parameters }) => ({
      policyId,
      version,
      parameters: (parameters ?? {}) as Record<string, JsonValue>,
    }));
    const freshness = (input.freshness ?? {}) as Record<string, number>;
    const draft = { chkId, title, policies: pins, freshness };
    const context = contextOf(input.context);
    const published = await this.publisher.publish(
      { orgId: actor.orgId, draft, context, idempotencyKey },
      actor,
    );
    if (published.ok) return as('ChecklistVersion', showChecklist(published.value));
    return present(published.problem, CHECKLIST_MESSAGES) as PublishChecklistResult;
  }

  @Mutation()
  @Requires('checklist.activate')
  async activateChecklist(
    @Args('input') input: ActivateChecklistInput,
    @Caller() actor: Actor,
  ): Promise<ActivateChecklistResult | ShownChecklist> {
    const { context, ...command } = input;
    const activated = await this.activationService.activate(
      { ...command, orgId: actor.orgId, context: contextOf(context) },
      actor,
    );
    if (activated.ok) return as('ChecklistVersion', showChecklist(activated.value.checklist));
    return present(activated.problem, CHECKLIST_MESSAGES) as ActivateChecklistResult;
  }

  @ResolveField()
  async active(@Parent() { chkId, version }: Which, @Caller() actor: Actor): Promise<boolean> {
    return (await this.desk.standing(actor, chkId)).version === version;
  }

  @ResolveField()
  async activeVersion(@Parent() { chkId }: Which, @Caller() actor: Actor): Promise<number | null> {
    return (await this.desk.standing(actor, chkId)).version;
  }

  @ResolveField()
  async activation(@Parent() { chkId }: Which, @Caller() actor: Actor): Promise<number> {
    return (await this.desk.standing(actor, chkId)).activation;
  }

  @ResolveField()
  async activations(
    @Parent() { chkId }: Which,
    @Args() args: PageArgs,
    @Caller() actor: Actor,
  ): Promise<Connection<ShownActivation>> {
    return connection(await this.desk.activations(actor, chkId, pageOf(args)), showActivation);
  }

  @ResolveField()
  async viewerCan(@Parent() which: Which, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return [{ action: 'activate', ...(await this.desk.mayActivate(actor, which)) }];
  }
}

@Resolver('ChecklistActivation')
export class ActivationResolver {
  constructor(private readonly desk: ChecklistDesk) {}

  @ResolveField()
  reason(@Parent() { recorded }: ShownActivation, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.reasonOf(actor, recorded);
  }
}

function showActivation(recorded: RecordedActivation): ShownActivation {
  const { number, version, previousVersion, at, by } = recorded;
  const rollback = isRollback(recorded);
  return { recorded, number, version, previousVersion, rollback, activatedAt: at, activatedBy: by };
}

interface Connection<T> {
  readonly nodes: T[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

function connection<T, S>(page: Result<Page<T>, InvalidCursor>, show: (item: T) => S): Connection<S> {
  if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
  const { items, totalCount, endCursor, hasNextPage } = page.value;
  return { nodes: items.map(show), totalCount, pageInfo: { endCursor, hasNextPage } };
}

const pageOf = ({ first, after }: PageArgs): PageRequest => ({
  first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
  ...(after == null ? {} : { after }),
});

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
