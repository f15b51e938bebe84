import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  AcceptanceCriterion as SdlCriterion,
  ArtefactRelation as SdlRelation,
  ArtefactVersion as SdlArtefactVersion,
  RelateArtefactsInput,
} from '../api/generated.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { ProcessDesk } from './process-desk.service.js';
import { RelationService } from './relation.service.js';
import { answer, RELATION_OF, showRelation, type ShownCriterion } from './show-process.resolver.js';

@Resolver('ArtefactVersion')
export class RelationResolver {
  constructor(
    private readonly relating: RelationService,
    private readonly desk: ProcessDesk,
  ) {}

  @Mutation()
  @Requires('artefact.register', { artefact: 'input.from.artId' })
  async relateArtefacts(
    @Args('input') { context, relation, ...input }: RelateArtefactsInput,
    @Caller() actor: Actor,
  ): Promise<SdlRelation> {
    const command = { ...input, relation: RELATION_OF[relation], context: contextOf(context) };
    return answer(await this.relating.relate(command, actor), showRelation);
  }

  @ResolveField()
  async relations(
    @Parent() { artId, digest }: Pick<SdlArtefactVersion, 'artId' | 'digest'>,
    @Caller() actor: Actor,
  ): Promise<SdlRelation[]> {
    return (await this.desk.relations(actor, { artId, digest })).map(showRelation);
  }
}

@Resolver('AcceptanceCriterion')
export class CriterionResolver {
  constructor(private readonly desk: ProcessDesk) {}

  @ResolveField()
  text(@Parent() { criterion }: ShownCriterion): Promise<SdlCriterion['text']> {
    return this.desk.criterionText(criterion);
  }
}
