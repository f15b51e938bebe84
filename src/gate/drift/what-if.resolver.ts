import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type { HypothesisInput, WhatChangesIfResult } from '../../api/generated.js';
import { badRequest, present } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { Severity } from '../../waiver/severity.js';
import { WhatIfService, type Hypothesis, type WhatIfProblem } from './what-if.service.js';

@Resolver()
export class WhatIfResolver {
  constructor(private readonly service: WhatIfService) {}

  @Query()
  @Requires('decision.replay')
  async whatChangesIf(
    @Args() args: { if: HypothesisInput; gateId?: string | null; first: number; after?: string | null },
    @Caller() actor: Actor,
  ): Promise<WhatChangesIfResult> {
    const answer = await this.service.ask(actor, {
      ...{ hypothesis: hypothesisOf(args.if), first: args.first },
      ...(args.gateId == null ? {} : { gateId: args.gateId }),
      ...(args.after == null ? {} : { after: args.after }),
    });
    if (!answer.ok) return problemOf(answer.problem);
    const { flips, judged, unjudged, page } = answer.value;
    return {
      __typename: 'WhatChangesIf',
      ...{ judged, unjudged, totalCount: page.totalCount },
      pageInfo: { endCursor: page.endCursor, hasNextPage: page.hasNextPage },
      flips: flips.map(({ standing, before, after, rules }) => ({
        ...{ gateId: standing.gateId, artId: standing.artId, artefactDigest: standing.artefactDigest },
        ...{ decisionId: standing.decisionId, before, after, rules: [...rules] },
      })),
    };
  }
}

/** The one member that was given: the schema has seen to that. */
function hypothesisOf({ checklistVersion, policyVersion, waiver, advisory }: HypothesisInput): Hypothesis {
  if (checklistVersion) return { kind: 'checklist', ...checklistVersion };
  if (policyVersion) return { kind: 'policy', ...policyVersion };
  if (waiver) return { kind: 'waiver', ...waiver };
  const { id, purl, introduced, fixed, severity } = advisory;
  return {
    kind: 'advisory',
    advisory: {
      ...{ id, purl, severity: severity.toLowerCase() as Severity },
      ...(introduced == null ? {} : { introduced }),
      ...(fixed == null ? {} : { fixed }),
    },
  };
}

const MESSAGES: {
  readonly [K in Exclude<WhatIfProblem['kind'], 'InvalidCursor'>]: (
    problem: Extract<WhatIfProblem, { kind: K }>,
  ) => string;
} = {
  ChecklistNotFound: ({ chkId, version }) => `Checklist ${chkId}@${String(version)} was never published.`,
  PolicyNotPublished: ({ policyId, policyVersion }) => `${policyId} ${policyVersion} is not published here.`,
  WaiverNotFound: ({ waiverId }) => `There is no waiver ${waiverId}.`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
};

function problemOf(problem: WhatIfProblem): WhatChangesIfResult {
  if (problem.kind === 'InvalidCursor') throw badRequest(`after is not a cursor of ours: ${problem.given}`);
  return present(problem, MESSAGES) as WhatChangesIfResult;
}
