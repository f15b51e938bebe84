import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  RequestWaiverInput,
  RequestWaiverResult,
  ReviewWaiverInput,
  ReviewWaiverResult,
  ViewerCan,
  WaiverEscalation,
  WaiverReview,
  WithdrawWaiverResult,
  WaiverConnection,
  WaiverState as SdlState,
} from '../api/generated.js';
import { badRequest } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { MAX_PAGE_SIZE } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import {
  selectorOf,
  showWaiver,
  showWaiverProblem,
  STATES,
  type ReviewAnswer,
  type ShownWaiver,
} from './show-waiver.resolver.js';
import type { WaiverProblem } from './problem.js';
import type { Severity } from './severity.js';
import { WaiverDesk } from './waiver-desk.service.js';
import { WaiverService, type ReviewWaiver } from './waiver.service.js';
import type { WaiverRecord } from './waiver.js';

type Shown = ShownWaiver;

@Resolver('Waiver')
export class WaiverResolver {
  constructor(
    private readonly waivers: WaiverService,
    private readonly desk: WaiverDesk,
  ) {}

  @Query()
  @Requires('waiver.read', { waiver: 'id' })
  async waiver(@Args('id') id: string, @Caller() actor: Actor): Promise<Shown | null> {
    const found = await this.desk.find(actor, id);
    return found ? this.show(found) : null;
  }

  @Query('waivers')
  @Requires('waiver.read', { gate: 'gateId' })
  async list(
    @Args() args: { state?: SdlState | null; gateId?: string | null; first: number; after?: string | null },
    @Caller() actor: Actor,
  ): Promise<Omit<WaiverConnection, 'nodes'> & { nodes: Shown[] }> {
    const filter = {
      ...(args.state ? { state: STATES[args.state] } : {}),
      ...(args.gateId ? { gateId: args.gateId } : {}),
    };
    const listed = await this.desk.list(actor, filter, {
      first: Math.min(Math.max(args.first, 0), MAX_PAGE_SIZE),
      ...(args.after == null ? {} : { after: args.after }),
    });
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    const page = listed.value;
    return {
      nodes: page.items.map((record) => this.show(record)),
      totalCount: page.totalCount,
      pageInfo: { endCursor: page.endCursor, hasNextPage: page.hasNextPage },
    };
  }

  @Mutation()
  @Requires('waiver.request', { gate: 'input.selectors.+.gate', waiver: 'input.renews?' })
  async requestWaiver(
    @Args('input') input: RequestWaiverInput,
    @Caller() actor: Actor,
  ): Promise<RequestWaiverResult | Shown> {
    const requested = await this.waivers.request(
      {
        request: {
          selectors: input.selectors.map(selectorOf),
          severity: input.severity.toLowerCase() as Severity,
          effectiveUntil: input.effectiveUntil,
          reason: input.reason,
          ...(input.effectiveFrom == null ? {} : { effectiveFrom: input.effectiveFrom }),
          ...(input.compensatingControl == null ? {} : { compensatingControl: input.compensatingControl }),
          ...(input.reference == null ? {} : { reference: input.reference }),
          ...(input.renews == null ? {} : { renews: input.renews }),
          ...(input.attachments == null ? {} : { attachments: input.attachments }),
        },
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return this.answer(requested) as RequestWaiverResult | Shown;
  }

  @Mutation()
  @Requires('waiver.approve', { waiver: 'input.waiverId' })
  async approveWaiver(
    @Args('input') input: ReviewWaiverInput,
    @Caller() actor: Actor,
  ): Promise<ReviewAnswer> {
    return this.answer(await this.waivers.approve(reviewOf(input), actor));
  }

  @Mutation()
  @Requires('waiver.approve', { waiver: 'input.waiverId' })
  async refuseWaiver(@Args('input') input: ReviewWaiverInput, @Caller() actor: Actor): Promise<ReviewAnswer> {
    return this.answer(await this.waivers.refuse(reviewOf(input), actor));
  }

  @Mutation()
  @Requires('waiver.request', { waiver: 'input.waiverId' })
  async withdrawWaiver(
    @Args('input') input: ReviewWaiverInput,
    @Caller() actor: Actor,
  ): Promise<WithdrawWaiverResult | Shown> {
    const withdrawn = await this.waivers.withdraw(reviewOf(input), actor);
    return this.answer(withdrawn) as WithdrawWaiverResult | Shown;
  }

  @Mutation()
  @Requires('waiver.revoke', { waiver: 'input.waiverId' })
  async revokeWaiver(@Args('input') input: ReviewWaiverInput, @Caller() actor: Actor): Promise<ReviewAnswer> {
    return this.answer(await this.waivers.revoke(reviewOf(input), actor));
  }

  @ResolveField()
  reason(@Parent() waiver: Shown, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.reason(actor, waiver.record);
  }

  @ResolveField()
  async renewedBy(@Parent() waiver: Shown, @Caller() actor: Actor): Promise<string[]> {
    return [...(await this.desk.renewedBy(actor, waiver.record))];
  }

  @ResolveField()
  async review(@Parent() waiver: Shown, @Caller() actor: Actor): Promise<WaiverReview | null> {
    return (await this.desk.turn(actor, waiver.record)) ?? null;
  }

  @ResolveField()
  async escalations(@Parent() waiver: Shown, @Caller() actor: Actor): Promise<WaiverEscalation[]> {
    return [...(await this.desk.escalations(actor, waiver.record))];
  }

  @ResolveField()
  viewerCan(@Parent() waiver: Shown, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.viewerCan(actor, waiver.record);
  }

  private answer(result: Result<WaiverRecord, WaiverProblem>): ReviewAnswer {
    return result.ok ? this.show(result.value) : (showWaiverProblem(result.problem) as ReviewWaiverResult);
  }

  private show(record: WaiverRecord): Shown {
    return showWaiver(record, this.desk);
  }
}

export const reviewOf = (input: ReviewWaiverInput): ReviewWaiver => ({
  waiverId: input.waiverId,
  note: input.note,
  context: contextOf(input.context),
  idempotencyKey: input.idempotencyKey,
});
