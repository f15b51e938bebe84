import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  ScopeRelation as SdlRelation,
  Severity as SdlSeverity,
  WaiverPreviewInput,
} from '../../api/generated.js';
import { badRequest } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { Severity } from '../../waiver/severity.js';
import { selectorOf, SHOWN_STATES, showWaiverProblem } from '../../waiver/show-waiver.resolver.js';
import type { StandingDecision } from '../drift/standing.js';
import { WaiverPreviewService, type Excused, type Previewed } from './waiver-preview.service.js';

interface Asked {
  readonly waiverId?: string | null;
  readonly request?: WaiverPreviewInput | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Never kept: a request needs a reason, a look at it does not. */
const NO_REASON = 'a preview';

@Resolver()
export class WaiverPreviewResolver {
  constructor(private readonly previews: WaiverPreviewService) {}

  @Query()
  @Requires('waiver.read')
  async waiverPreview(
    @Args() { waiverId, request, first, after }: Asked,
    @Caller() actor: Actor,
  ): Promise<object> {
    const seen = await this.previews.ask(actor, {
      of: previewed(waiverId, request),
      first,
      ...(after == null ? {} : { after }),
    });
    if (!seen.ok) {
      const { problem } = seen;
      if (problem.kind === 'InvalidCursor')
        throw badRequest(`after is not a cursor of ours: ${problem.given}`);
      return showWaiverProblem(problem);
    }
    const { terms, page, overlaps, flips, excused, judged, unjudged } = seen.value;
    const { requiredApprovals, missingApprovals, ...limits } = terms;
    return {
      __typename: 'WaiverPreview',
      ...limits,
      approvalsNeeded: requiredApprovals,
      approvalsMissing: missingApprovals,
      excused: excused.map(showExcused),
      flips: flips.map(({ standing, before, after: then }) => ({ ...named(standing), before, after: then })),
      overlaps: overlaps.map(({ waiverId: id, state, relation }) => ({
        ...{ waiverId: id, state: SHOWN_STATES[state], relation: relation.toUpperCase() as SdlRelation },
      })),
      ...{ judged, unjudged, totalCount: page.totalCount },
      pageInfo: { endCursor: page.endCursor, hasNextPage: page.hasNextPage },
    };
  }
}

function previewed(
  waiverId: string | null | undefined,
  request: WaiverPreviewInput | null | undefined,
): Previewed {
  if ((waiverId == null) === (request == null))
    throw badRequest('exactly one of waiverId and request is expected');
  if (request == null) return { waiverId: waiverId ?? '' };
  return {
    request: {
      selectors: request.selectors.map(selectorOf),
      severity: request.severity.toLowerCase() as Severity,
      effectiveUntil: request.effectiveUntil,
      reason: NO_REASON,
      ...(request.effectiveFrom == null ? {} : { effectiveFrom: request.effectiveFrom }),
      ...(request.renews == null ? {} : { renews: request.renews }),
    },
  };
}

const named = ({ gateId, artId, artefactDigest, decisionId }: StandingDecision): object => ({
  ...{ gateId, artId, artefactDigest, decisionId },
});

const showExcused = ({ standing, ruleId, violation, excusedBy }: Excused): object => ({
  ...named(standing),
  ruleId,
  severity: violation.severity.toUpperCase() as SdlSeverity,
  where: violation.where
    ? [violation.where.path, violation.where.line].filter((part) => part !== null).join(':')
    : violation.subject,
  message: violation.message.text,
  excusedBy,
});
