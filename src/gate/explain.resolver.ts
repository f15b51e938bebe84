import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { ExplainDecisionResult, ReplayDecisionResult, TraceMode } from '../api/generated.js';
import { as, present, renamed } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { sha256 } from '../kernel/digest.js';
import { ExplainService, type ExplainedRule } from './explain.service.js';
import { EXPLAIN_MESSAGES, type ExplainProblem } from './replay-problem.js';
import type { Replay } from './replay.js';

const MODES = { FULL: 'full', NOTES: 'notes', FAILS: 'fails' } as const;
const MAX_DIFFERENCES = 100;

interface ExplainArguments {
  readonly id: string;
  readonly ruleId: string;
  readonly mode: TraceMode;
  readonly first: number;
  readonly after?: string | null;
}

@Resolver()
export class ExplainResolver {
  constructor(private readonly service: ExplainService) {}

  @Query()
  @Requires('decision.replay', { decision: 'id' })
  async replayDecision(@Args('id') id: string, @Caller() actor: Actor): Promise<ReplayDecisionResult> {
    const replayed = await this.service.replay(actor.orgId, id);
    return (
      replayed.ok ? showReplay(id, replayed.value) : showProblem(replayed.problem)
    ) as ReplayDecisionResult;
  }

  @Query()
  @Requires('decision.explain', { decision: 'id' })
  async explainDecision(
    @Args() { id, ruleId, mode, first, after }: ExplainArguments,
    @Caller() actor: Actor,
  ): Promise<ExplainDecisionResult> {
    const question = { decisionId: id, ruleId, mode: MODES[mode], first };
    const explained = await this.service.explain(actor.orgId, {
      ...question,
      ...(after == null ? {} : { after }),
    });
    return (
      explained.ok ? showExplained(explained.value) : showProblem(explained.problem)
    ) as ExplainDecisionResult;
  }
}

const showReplay = (decisionId: string, replay: Replay): object =>
  as('DecisionReplayed', {
    decisionId,
    same: replay.same,
    documentDigest: sha256(replay.same ? replay.document : replay.replayed),
    differs: replay.same ? [] : replay.differs.slice(0, MAX_DIFFERENCES),
  });

function showExplained({ opinion, events, totalEvents, endCursor, hasNextPage }: ExplainedRule): object {
  return as('RuleExplained', { ...opinion, events, totalEvents, pageInfo: { endCursor, hasNextPage } });
}

/** What the compiler was given too much of is, here, always the trace. */
function showProblem(problem: ExplainProblem): object {
  const shown = present(problem, EXPLAIN_MESSAGES);
  return problem.kind === 'OpaLimitExceeded' ? renamed(shown, 'TraceTooLarge', {}) : shown;
}
