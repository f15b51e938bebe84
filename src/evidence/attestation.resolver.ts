import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { AttestationAnswer, MutationAttestArgs, SubmitEvidenceResult } from '../api/generated.js';
import { present } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { AttestationService, type GiveAttestation } from './attestation.service.js';
import { showEvidence, type ShownEvidence } from './evidence.resolver.js';
import { EVIDENCE_PROBLEM_MESSAGES } from './problem.js';

const ANSWERS: Readonly<Record<AttestationAnswer, GiveAttestation['items'][number]['answer']>> = {
  YES: 'yes',
  NO: 'no',
  NOT_APPLICABLE: 'not-applicable',
};

@Resolver()
export class AttestationResolver {
  constructor(private readonly service: AttestationService) {}

  @Mutation()
  @Requires('evidence.attest', { artefact: 'input.artId' })
  async attest(
    @Args() { input }: MutationAttestArgs,
    @Caller() actor: Actor,
  ): Promise<SubmitEvidenceResult | ShownEvidence> {
    const { artId, digest, checklistId, idempotencyKey } = input;
    const given = await this.service.give(
      {
        ...{ artId, digest, checklistId, idempotencyKey },
        items: input.items.map(({ itemId, answer, note, evidence }) => ({
          ...{ itemId, answer: ANSWERS[answer] },
          ...(note != null && { note }),
          ...(evidence != null && { evidence }),
        })),
        context: contextOf(input.context),
      },
      actor,
    );
    if (given.ok) return showEvidence({ evidence: given.value, report: null });
    return present(given.problem, EVIDENCE_PROBLEM_MESSAGES) as SubmitEvidenceResult;
  }
}
