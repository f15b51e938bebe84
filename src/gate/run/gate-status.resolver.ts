import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type { GateStatus as SdlStatus } from '../../api/generated.js';
import { Requires } from '../../api/requires.js';
import { Changes, watch } from '../../api/watch.js';
import type { Actor } from '../../kernel/actor.js';
import type { Digest } from '../../kernel/digest.js';
import { statusTopic, type GateStatus, type StatusKey } from './gate-status.js';
import { GateRunDesk } from './run-desk.service.js';
import { showRun, type ShownRun } from './run.resolver.js';

type Shown = Omit<SdlStatus, 'run'> & { readonly run: ShownRun | null };

@Resolver('GateStatus')
export class GateStatusResolver {
  constructor(
    private readonly desk: GateRunDesk,
    private readonly changes: Changes,
  ) {}

  /** Both places are needed: who holds a role in the gate's project alone must not follow another's artefact. */
  @Subscription('gateStatus')
  @Requires('decision.read', { gate: 'gateId', artefact: 'artId' })
  status(
    @Args('gateId') gateId: string,
    @Args('artId') artId: string,
    @Args('digest') artefactDigest: Digest,
    @Caller() actor: Actor,
  ): AsyncIterableIterator<{ gateStatus: Shown | null }> {
    const key = { gateId, artId, artefactDigest };
    return watch(this.changes, {
      topic: statusTopic(actor.orgId, key),
      look: async () => {
        const found = await this.desk.status(actor, key);
        return { gateStatus: found ? this.show(key, found) : null };
      },
      isLast: ({ gateStatus: shown }) => shown === null,
      keyOf: ({ gateStatus: shown }) =>
        JSON.stringify(
          shown && [
            shown.seq,
            shown.stale,
            shown.run?.id,
            shown.run?.state,
            shown.run?.attempt,
            shown.run?.late,
          ],
        ),
    });
  }

  private show(key: StatusKey, { seq, decision, run }: GateStatus): Shown {
    return {
      __typename: 'GateStatus',
      ...{ ...key, seq },
      decisionId: decision?.decisionId ?? null,
      verdict: decision?.verdict ?? null,
      verdictWithoutWaivers: decision?.verdictWithoutWaivers ?? null,
      asOf: decision?.asOf ?? null,
      validUntil: decision?.validUntil ?? null,
      stale: decision?.stale ?? false,
      run: run && showRun(run, this.desk),
    };
  }
}
