import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { DefineGateInput, DefineGateResult } from '../api/generated.js';
import { as, present, renamed } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { Severity } from '../waiver/severity.js';
import { GateDefinitionService, type DefineGate } from './gate-definition.service.js';
import { GateDesk } from './gate-desk.service.js';
import { showGate, type ShownGate } from './gate.resolver.js';
import { DEFINE_GATE_MESSAGES } from './problem-messages.js';
import type { DefineGateProblem } from './problem.js';

@Resolver()
export class GateDefinitionResolver {
  constructor(
    private readonly service: GateDefinitionService,
    private readonly desk: GateDesk,
  ) {}

  @Mutation()
  @Requires('gate.define', { project: 'input.project', gateIfDefined: 'input.gateId' })
  async defineGate(
    @Args('input') input: DefineGateInput,
    @Caller() actor: Actor,
  ): Promise<DefineGateResult | (ShownGate & { __typename: 'Gate' })> {
    const { project } = input;
    const projectId = await this.desk.projectId(actor, project);
    if (projectId === undefined) return showProblem({ kind: 'ProjectNotFound', project });
    const repeated = severityTwice(input);
    if (repeated) return showProblem(repeated);
    const defined = await this.service.define(
      {
        gate: { ...definitionOf(input), orgId: actor.orgId, projectId },
        expectedVersion: input.expectedVersion,
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    return defined.ok ? as('Gate', showGate(defined.value)) : showProblem(defined.problem);
  }
}

/** Of two rules for one severity nobody knows which is meant. */
function severityTwice({ severityRules }: DefineGateInput): DefineGateProblem | undefined {
  const names = (severityRules ?? []).map(({ severity }) => severity);
  const at = names.findIndex((name, place) => names.indexOf(name) !== place);
  return at === -1
    ? undefined
    : { kind: 'FieldInvalid', where: `severityRules.${String(at)}`, expected: 'each severity once' };
}

function definitionOf(input: DefineGateInput): Omit<DefineGate['gate'], 'orgId' | 'projectId'> {
  const { gateId, title, locus, chkId, checklistVersion, ownerRole, maxRunMs } = input;
  const { severityRules, slaMs, retry, pauseMs, escalation, waiverRights } = input;
  return {
    ...{ gateId, title, locus, chkId, ownerRole, maxRunMs },
    checklistVersion: checklistVersion ?? null,
    ...(severityRules && {
      severityRules: Object.fromEntries(
        severityRules.map(({ severity, effect }) => [lower(severity), effect === 'BLOCK' ? 'block' : 'warn']),
      ),
    }),
    ...(slaMs != null && { slaMs }),
    ...(retry && { retry: { ...retry } }),
    ...(pauseMs != null && { pauseMs }),
    ...(escalation && { escalation: escalation.map((step) => ({ ...step })) }),
    ...(waiverRights && {
      waiverRights: waiverRights.map((right) => ({ ...right, severity: lower(right.severity) })),
    }),
  };
}

const lower = (severity: string): Severity => severity.toLowerCase() as Severity;

function showProblem(problem: DefineGateProblem): DefineGateResult {
  const shown = present(problem, DEFINE_GATE_MESSAGES);
  switch (problem.kind) {
    case 'FieldInvalid':
      return renamed(shown, 'InvalidInput', {
        path: `input.${problem.where}`,
        expected: problem.expected,
      }) as DefineGateResult;
    case 'GateStale':
      return {
        ...shown,
        theirs: problem.theirs && showGate(problem.theirs),
        fields: problem.fields.map((field) => ({ ...field, changedBy: field.changedBy.toUpperCase() })),
      } as unknown as DefineGateResult;
    default:
      return shown as DefineGateResult;
  }
}
