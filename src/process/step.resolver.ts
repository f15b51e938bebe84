import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  CaseCommandInput,
  CloseFixTaskInput,
  RecordStepInput,
  StateCriterionInput,
  ViewerCan,
  WorkItemStatus,
} from '../api/generated.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { ConformanceService } from './conformance.service.js';
import { CriterionService } from './criterion.service.js';
import { FixTaskService } from './fix-task.service.js';
import { ProcessDesk } from './process-desk.service.js';
import {
  answer,
  connection,
  ours,
  pageOf,
  showConformance,
  showCriterion,
  showFix,
  showStep,
  type PageArguments,
  type ShownCriterion,
  type ShownFix,
} from './show-process.resolver.js';
import { StepService } from './step.service.js';

/** What is done on a case, what it is held against, and what is mended. */
@Resolver('FixTask')
export class StepResolver {
  constructor(
    private readonly stepping: StepService,
    private readonly criteria: CriterionService,
    private readonly conforming: ConformanceService,
    private readonly fixes: FixTaskService,
    private readonly desk: ProcessDesk,
  ) {}

  @Query()
  @Requires('process.read', { case: 'caseId' })
  async conformance(@Args('caseId') caseId: string, @Caller() actor: Actor): Promise<object> {
    return answer(await this.conforming.of(actor.orgId, caseId), showConformance);
  }

  @Query()
  @Requires('process.read', { case: 'caseId' })
  async fixTasks(
    @Args()
    {
      caseId,
      gateId,
      status,
      ...page
    }: PageArguments & { caseId?: string | null; gateId?: string | null; status?: WorkItemStatus | null },
    @Caller() actor: Actor,
  ) {
    const filter = {
      ...(caseId == null ? {} : { caseId }),
      ...(gateId == null ? {} : { gateId }),
      ...(status == null ? {} : { status: ours(status) }),
    };
    return connection(await this.desk.fixTasks(actor, filter, pageOf(page)), showFix);
  }

  @Mutation()
  @Requires('process.record', { case: 'input.caseId', artefact: 'input.artefacts.*.artId?' })
  async recordStep(@Args('input') input: RecordStepInput, @Caller() actor: Actor): Promise<object> {
    const recorded = await this.stepping.record(
      {
        caseId: input.caseId,
        actId: input.actId,
        event: ours(input.event),
        artefacts: (input.artefacts ?? []).map(({ artId, digest, kind }) => ({
          artId,
          digest,
          kind: kind ?? null,
        })),
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return answer(recorded, showStep);
  }

  @Mutation()
  @Requires('process.plan', { case: 'input.caseId' })
  async stateCriterion(
    @Args('input') { context, testIds, withdrawn, ...input }: StateCriterionInput,
    @Caller() actor: Actor,
  ): Promise<ShownCriterion> {
    return answer(
      await this.criteria.state(
        { ...input, testIds: testIds ?? [], withdrawn: withdrawn ?? false, context: contextOf(context) },
        actor,
      ),
      showCriterion,
    );
  }

  @Mutation()
  @Requires('process.record', { case: 'input.caseId' })
  async remediateCase(
    @Args('input') { caseId, context }: CaseCommandInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const remedied = await this.conforming.remediate({ caseId, context: contextOf(context) }, actor);
    return answer(remedied, (fixes): object => ({ __typename: 'Remediation', fixTasks: fixes.map(showFix) }));
  }

  @Mutation()
  @Requires('process.record', { case: 'input.fixTaskId' })
  async closeFixTask(
    @Args('input') { context, outcome, ...input }: CloseFixTaskInput,
    @Caller() actor: Actor,
  ): Promise<ShownFix> {
    const closed = await this.fixes.close(
      { ...input, outcome: ours(outcome), context: contextOf(context) },
      actor,
    );
    return answer(closed, showFix);
  }

  @ResolveField()
  viewerCan(@Parent() { record }: ShownFix): ViewerCan[] {
    return this.desk.viewerCanFix(record);
  }
}
