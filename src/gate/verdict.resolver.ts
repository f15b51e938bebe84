import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  EvaluateGateResult,
  EvaluateGatesInput,
  InvalidInput,
  VerdictAtResult,
} from '../api/generated.js';
import { as } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { showDecision, showRule, type ShownDecision } from './decision.resolver.js';
import { GateBatchService, MAX_QUESTIONS } from './gate-batch.service.js';
import { showGateProblem } from './gate.resolver.js';
import { VerdictAtService, type UnrecordedVerdict } from './verdict-at.service.js';

interface VerdictArguments {
  readonly gateId: string;
  readonly digest: Digest;
  readonly artId?: string | null;
  readonly asOf: Instant;
}

@Resolver()
export class VerdictResolver {
  constructor(
    private readonly batch: GateBatchService,
    private readonly past: VerdictAtService,
  ) {}

  @Mutation()
  @Requires('gate.evaluate', { gate: 'input.questions.*.gateId', artefact: 'input.questions.*.artId' })
  async evaluateGates(
    @Args('input') input: EvaluateGatesInput,
    @Caller() actor: Actor,
  ): Promise<InvalidInput | { __typename: 'GateAnswers'; answers: (EvaluateGateResult | ShownDecision)[] }> {
    const { questions, rejudge, waitMs, idempotencyKey } = input;
    if (questions.length === 0 || questions.length > MAX_QUESTIONS) {
      const expected = `1 to ${String(MAX_QUESTIONS)} questions`;
      const message = `input.questions: expected ${expected}.`;
      return as('InvalidInput', { code: 'INVALID_INPUT', message, path: 'input.questions', expected });
    }
    const answers = await this.batch.evaluateGates(
      {
        questions: questions.map(({ gateId, digest, artId, asOf }) => ({
          ...{ gateId, digest },
          ...(artId == null ? {} : { artId }),
          ...(asOf == null ? {} : { asOf }),
        })),
        context: contextOf(input.context),
        idempotencyKey,
        ...(rejudge == null ? {} : { rejudge }),
        ...(waitMs == null ? {} : { waitMs }),
      },
      actor,
    );
    return as('GateAnswers', {
      answers: answers.map((answer) =>
        answer.ok
          ? showDecision(answer.value.decision, answer.value.reused)
          : (showGateProblem(answer.problem) as EvaluateGateResult),
      ),
    });
  }

  @Query()
  @Requires('gate.evaluate', { gate: 'gateId', artefact: 'artId' })
  async verdictAt(
    @Args() { gateId, digest, artId, asOf }: VerdictArguments,
    @Caller() actor: Actor,
  ): Promise<VerdictAtResult> {
    const question = { gateId, digest, asOf, ...(artId == null ? {} : { artId }) };
    const verdict = await this.past.verdictAt(question, actor);
    return (verdict.ok ? show(verdict.value) : showGateProblem(verdict.problem)) as VerdictAtResult;
  }
}

function show({ gateVersion, asOf, validUntil, document, documentDigest }: UnrecordedVerdict): object {
  const { gate, artefact, checklist, verdict, verdictWithoutWaivers, evidence, waivers, inputsDigest } =
    document;
  return as('UnrecordedVerdict', {
    ...{
      recorded: false,
      gateId: gate.gateId,
      gateVersion,
      asOf,
      validUntil,
      verdict,
      verdictWithoutWaivers,
    },
    ...{ artId: artefact.artId, artefactDigest: artefact.digest, inputsDigest, documentDigest },
    checklist: { ...checklist, bundle: checklist.bundle ?? null },
    rules: document.rules.map(showRule),
    evidence: evidence.map(({ digest }) => digest),
    waiverIds: [...waivers.applied],
  });
}
