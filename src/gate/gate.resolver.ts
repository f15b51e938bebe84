import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  EvaluateGateInput,
  EvaluateGateResult,
  Gate as SdlGate,
  Severity,
  ViewerCan,
} from '../api/generated.js';
import { present } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { showDecision, type ShownDecision } from './decision.resolver.js';
import { gateDigest, type Gate } from './gate.js';
import { GateDesk } from './gate-desk.service.js';
import { GateService } from './gate.service.js';
import { GATE_PROBLEM_MESSAGES } from './problem-messages.js';
import type { GateProblem } from './problem.js';

/** The project and the checklist are resolved by the features that own them. */
export type ShownGate = Omit<SdlGate, 'project' | 'checklist' | 'viewerCan'> & {
  readonly projectId: string;
};

@Resolver('Gate')
export class GateResolver {
  constructor(
    private readonly service: GateService,
    private readonly desk: GateDesk,
  ) {}

  @Query()
  @Requires('gate.read', { gate: 'gateId' })
  async gate(@Args('gateId') gateId: string, @Caller() actor: Actor): Promise<ShownGate | null> {
    const gate = await this.desk.gate(actor, gateId);
    return gate ? showGate(gate) : null;
  }

  @Query()
  @Requires('gate.read')
  async gates(@Caller() actor: Actor): Promise<ShownGate[]> {
    return (await this.desk.gates(actor)).map(showGate);
  }

  @Mutation()
  @Requires('gate.evaluate', { gate: 'input.gateId', artefact: 'input.artId' })
  async evaluateGate(
    @Args('input') input: EvaluateGateInput,
    @Caller() actor: Actor,
  ): Promise<EvaluateGateResult | ShownDecision> {
    const answer = await this.service.evaluateGate(
      {
        gateId: input.gateId,
        digest: input.digest,
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
        ...(input.artId == null ? {} : { artId: input.artId }),
        ...(input.asOf == null ? {} : { asOf: input.asOf }),
        ...(input.baseline == null ? {} : { baseline: input.baseline }),
        ...(input.rejudge == null ? {} : { rejudge: input.rejudge }),
        ...(input.waitMs == null ? {} : { waitMs: input.waitMs }),
      },
      actor,
    );
    if (answer.ok) return showDecision(answer.value.decision, answer.value.reused);
    return showGateProblem(answer.problem) as EvaluateGateResult;
  }

  @ResolveField()
  project(@Parent() gate: ShownGate, @Caller() actor: Actor): Promise<{ slug: string; name: string }> {
    return this.desk.projectOf(actor, gate.projectId);
  }

  @ResolveField()
  viewerCan(@Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.viewerCan(actor);
  }
}

export const showGate = (gate: Gate): ShownGate => ({
  gateId: gate.gateId,
  title: gate.title,
  locus: gate.locus,
  projectId: gate.projectId,
  chkId: gate.chkId,
  checklistVersion: gate.checklistVersion,
  ownerRole: gate.ownerRole,
  maxRunMs: gate.maxRunMs,
  version: gate.version,
  severityRules: Object.entries(gate.severityRules).map(([severity, effect]) => ({
    severity: upper(severity),
    effect: effect === 'block' ? 'BLOCK' : 'WARN',
  })),
  slaMs: gate.slaMs,
  retry: gate.retry,
  pauseMs: gate.pauseMs,
  escalation: [...gate.escalation],
  waiverRights: gate.waiverRights.map((right) => ({ ...right, severity: upper(right.severity) })),
  fallback: 'CLOSED',
  digest: gateDigest(gate),
});

const upper = (severity: string): Severity => severity.toUpperCase() as Severity;

/** The SDL says the state of a run in capitals. */
export function showGateProblem(problem: GateProblem): object {
  const shown = present(problem, GATE_PROBLEM_MESSAGES);
  return problem.kind === 'RunWaiting' ? { ...shown, runState: problem.state.toUpperCase() } : shown;
}
