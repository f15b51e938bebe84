import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type { InboxConnection, InboxCount as SdlCount } from '../../api/generated.js';
import { badRequest } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { InboxSection } from './inbox.js';
import { InboxService } from './inbox.service.js';

/** Waivers are not approved for longer. */
const MAX_DAYS = 3_650;

@Resolver()
export class InboxResolver {
  constructor(private readonly service: InboxService) {}

  @Query()
  @Requires('gate.read')
  async inbox(
    @Args()
    args: { section: InboxSection; withinDays: number; first: number; after?: string | null },
    @Caller() actor: Actor,
  ): Promise<InboxConnection> {
    const { section, withinDays, first, after } = args;
    const page = await this.service.page(actor, {
      ...{ section, first, withinDays: daysOf(withinDays) },
      ...(after == null ? {} : { after }),
    });
    if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = page.value;
    return {
      nodes: items.map((item) => ({ ...item, viewerCan: item.viewerCan.map((step) => ({ ...step })) })),
      ...{ totalCount, pageInfo: { endCursor, hasNextPage } },
    };
  }

  @Query()
  @Requires('gate.read')
  async inboxCounts(@Args('withinDays') withinDays: number, @Caller() actor: Actor): Promise<SdlCount[]> {
    return (await this.service.counts(actor, daysOf(withinDays))).map((one) => ({ ...one }));
  }
}

function daysOf(withinDays: number): number {
  if (withinDays >= 0 && withinDays <= MAX_DAYS) return withinDays;
  throw badRequest(`withinDays: 0 to ${String(MAX_DAYS)} are expected`);
}
