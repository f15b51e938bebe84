import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  ArtefactVersion as SdlArtefactVersion,
  RegisterArtefactInput,
  RegisterArtefactResult,
} from '../api/generated.js';
import { present } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import { ArtefactService } from './artefact.service.js';
import { EvidenceDesk } from './evidence-desk.service.js';
import { showEvidence, type ShownEvidence } from './evidence.resolver.js';
import { EVIDENCE_PROBLEM_MESSAGES } from './problem.js';

/** Its decisions are resolved by the gate, its relations by the process. */
export type ShownArtefact = Omit<SdlArtefactVersion, 'evidence' | 'decisions' | 'relations'>;

@Resolver('ArtefactVersion')
export class ArtefactResolver {
  constructor(
    private readonly service: ArtefactService,
    private readonly desk: EvidenceDesk,
  ) {}

  @Query()
  @Requires('artefact.read')
  async artefact(@Args('digest') digest: string, @Caller() actor: Actor): Promise<ShownArtefact | null> {
    const found = await this.desk.artefact(actor, digest);
    return found ? showArtefact(found) : null;
  }

  @Mutation()
  @Requires('artefact.register', { project: 'input.project', artefactIfKnown: 'input.artId' })
  async registerArtefact(
    @Args('input') input: RegisterArtefactInput,
    @Caller() actor: Actor,
  ): Promise<RegisterArtefactResult | ShownArtefact> {
    const registered = await this.service.register(
      {
        project: input.project,
        artId: input.artId,
        digest: input.digest,
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
        ...(input.authorId == null ? {} : { authorId: input.authorId }),
        ...(input.name == null ? {} : { name: input.name }),
        ...(input.agent == null ? {} : { agent: input.agent }),
      },
      actor,
    );
    if (registered.ok) return showArtefact(registered.value);
    return present(registered.problem, EVIDENCE_PROBLEM_MESSAGES) as RegisterArtefactResult;
  }

  @ResolveField()
  @Requires('evidence.read')
  async evidence(@Parent() artefact: ShownArtefact, @Caller() actor: Actor): Promise<ShownEvidence[]> {
    return (await this.desk.about(actor, artefact)).map(showEvidence);
  }
}

const showArtefact = (version: NamedArtefactVersion): ShownArtefact => ({
  __typename: 'ArtefactVersion',
  artId: version.artId,
  digest: version.digest,
  name: version.name,
  agent: version.agent && { ...version.agent },
  registeredAt: version.registeredAt,
});
