import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type { Rejudging } from '../../api/generated.js';
import { Requires } from '../../api/requires.js';
import { Changes, watch } from '../../api/watch.js';
import type { Actor } from '../../kernel/actor.js';
import { DriftDesk } from './drift-desk.service.js';

@Resolver()
export class RejudgingResolver {
  constructor(
    private readonly desk: DriftDesk,
    private readonly changes: Changes,
  ) {}

  /** Nobody tells of it: it is looked at again and again, which costs two short queries. */
  @Subscription('rejudgingProgress')
  @Requires('decision.read')
  progress(
    @Args('causeSeq') causeSeq: number,
    @Caller() actor: Actor,
  ): AsyncIterableIterator<{ rejudgingProgress: Rejudging }> {
    let isOver = false;
    return watch(this.changes, {
      topic: `rejudging:${actor.orgId}`,
      look: async () => {
        const seen = await this.desk.rejudgingOf(actor, causeSeq);
        ({ isOver } = seen);
        const { done, total, unchecked, etaMs } = seen;
        return { rejudgingProgress: { done, total, unchecked, etaMs } };
      },
      isLast: () => isOver,
      // Not by the estimate, which is another one at each look; but the last one is told, also when nothing was stale.
      keyOf: ({ rejudgingProgress: { done, total, unchecked } }) =>
        JSON.stringify([done, total, unchecked, isOver]),
    });
  }
}
