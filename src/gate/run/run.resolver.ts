import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  GateRun as SdlRun,
  GateRunConnection,
  GateRunState,
  GateRunStep as SdlStep,
  GateRunStepKind,
  OverrideRunResult,
  RejectRunInput,
  RejectRunResult,
  ResolveRunInput,
  ResumeRunResult,
  UncoveredReason,
  ViewerCan,
} from '../../api/generated.js';
import { as, badRequest, present, renamed } from '../../api/present.js';
import { showRefused } from '../../api/refused.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import { showDecision, type ShownDecision } from '../decision.resolver.js';
import { GateRunDesk } from './run-desk.service.js';
import { RUN_MESSAGES, type RunProblem } from './run-problem.js';
import type { RunState } from './run-state.js';
import { GateRunService, type RejectRun, type ResolveRun } from './run.service.js';
import type { GateRun, RunStep } from './run.js';

type LookedUp = 'decision' | 'steps' | 'viewerCan';
/** A run as shown; what costs a look-up is resolved only when it is asked for. */
export type ShownRun = Omit<SdlRun, LookedUp> & { readonly run: GateRun };

interface ListArguments {
  readonly state?: GateRunState | null;
  readonly gateId?: string | null;
  readonly ownerRole?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

@Resolver('GateRun')
export class GateRunResolver {
  constructor(
    private readonly service: GateRunService,
    private readonly desk: GateRunDesk,
  ) {}

  @Query()
  @Requires('gate.read', { run: 'id' })
  async gateRun(@Args('id') id: string, @Caller() actor: Actor): Promise<ShownRun | null> {
    const run = await this.desk.run(actor, id);
    return run ? showRun(run, this.desk) : null;
  }

  @Query()
  @Requires('gate.read', { gate: 'gateId' })
  async gateRuns(
    @Args() { state, gateId, ownerRole, first, after }: ListArguments,
    @Caller() actor: Actor,
  ): Promise<Omit<GateRunConnection, 'nodes'> & { nodes: ShownRun[] }> {
    const filter = {
      ...(state && { state: state.toLowerCase() as RunState }),
      ...(gateId && { gateId }),
      ...(ownerRole && { ownerRole }),
    };
    const listed = await this.desk.list(actor, filter, {
      first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
      ...(after == null ? {} : { after }),
    });
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = listed.value;
    const nodes = items.map((run) => showRun(run, this.desk));
    return { nodes, totalCount, pageInfo: { endCursor, hasNextPage } };
  }

  @Mutation()
  @Requires('run.resolve', { run: 'input.runId' })
  async resumeRun(
    @Args('input') input: ResolveRunInput,
    @Caller() actor: Actor,
  ): Promise<ResumeRunResult | ShownRun> {
    return this.answer(await this.service.resume(commandOf(input), actor)) as ResumeRunResult | ShownRun;
  }

  @Mutation()
  @Requires('run.resolve', { run: 'input.runId' })
  async overrideRun(
    @Args('input') input: ResolveRunInput,
    @Caller() actor: Actor,
  ): Promise<OverrideRunResult | ShownRun> {
    return this.answer(await this.service.override(commandOf(input), actor)) as OverrideRunResult | ShownRun;
  }

  @Mutation()
  @Requires('run.resolve', { run: 'input.runId' })
  async rejectRun(
    @Args('input') input: RejectRunInput,
    @Caller() actor: Actor,
  ): Promise<RejectRunResult | ShownRun> {
    const { reasonCode } = input;
    const remediation = input.remediation.toLowerCase().replaceAll('_', '-') as RejectRun['remediation'];
    const rejected = await this.service.reject({ ...commandOf(input), reasonCode, remediation }, actor);
    return this.answer(rejected) as RejectRunResult | ShownRun;
  }

  @ResolveField()
  async decision(@Parent() { run }: ShownRun, @Caller() actor: Actor): Promise<ShownDecision | null> {
    const decision = await this.desk.decision(actor, run);
    return decision ? showDecision(decision, true) : null;
  }

  @ResolveField()
  async steps(@Parent() { run }: ShownRun, @Caller() actor: Actor): Promise<SdlStep[]> {
    return run.steps === 0 ? [] : (await this.desk.steps(actor, run.runId)).map(showStep);
  }

  @ResolveField()
  viewerCan(@Parent() { run }: ShownRun, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.viewerCan(actor, run);
  }

  private answer(result: Result<GateRun, RunProblem>): object {
    return result.ok ? as('GateRun', showRun(result.value, this.desk)) : showProblem(result.problem);
  }
}

/** The runs of a decision, shown by the feature that owns them. */
@Resolver('Decision')
export class DecisionRunsResolver {
  constructor(private readonly desk: GateRunDesk) {}

  @ResolveField()
  @Requires('gate.read')
  async runs(@Parent() { id }: { readonly id: string }, @Caller() actor: Actor): Promise<ShownRun[]> {
    return (await this.desk.leadingTo(actor, id)).map((run) => showRun(run, this.desk));
  }
}

const commandOf = ({ runId, note, context, idempotencyKey }: ResolveRunInput): ResolveRun => ({
  ...{ runId, note, idempotencyKey },
  context: contextOf(context),
});

const shownState = (state: RunState): GateRunState => state.toUpperCase() as GateRunState;

export function showRun(run: GateRun, desk: Pick<GateRunDesk, 'isLate'>): ShownRun {
  const { gateId, artId, artefactDigest, attempt, attemptLimit, ownerRole, requestedBy, startedAt } = run;
  const { finishedAt, dueAt, nextAttemptAt, reasonCode } = run;
  return {
    run,
    ...{ id: run.runId, gateId, artId, artefactDigest, attempt, attemptLimit, ownerRole, requestedBy },
    ...{ startedAt, finishedAt, dueAt, nextAttemptAt, reasonCode },
    state: shownState(run.state),
    caseId: run.question.context.caseId ?? null,
    late: desk.isLate(run),
  };
}

const showStep = ({ runId: _, orgId: __, ...step }: RunStep): SdlStep => ({
  ...step,
  kind: step.kind.toUpperCase() as GateRunStepKind,
  stateBefore: shownState(step.stateBefore),
  stateAfter: shownState(step.stateAfter),
  waiverIds: [...step.waiverIds],
});

function showProblem(problem: RunProblem): object {
  const shown = present(problem, RUN_MESSAGES);
  switch (problem.kind) {
    case 'FieldInvalid':
      return renamed(shown, 'InvalidInput', { path: `input.${problem.where}`, expected: problem.expected });
    case 'RunStateForbids':
      return { ...shown, runState: shownState(problem.state) };
    case 'OverrideNotCovered': {
      const why = (reason: string): UncoveredReason =>
        reason.toUpperCase().replace('-', '_') as UncoveredReason;
      return { ...shown, rules: problem.rules.map((rule) => ({ ...rule, why: why(rule.why) })) };
    }
    case 'NotPermitted':
      return showRefused(problem);
    default:
      return shown;
  }
}
