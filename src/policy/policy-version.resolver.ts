import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { PolicyFile, PolicyState, ViewerCan } from '../api/generated.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { DraftDesk } from './draft/desk.service.js';
import { showPolicy, type ShownPolicy } from './policy.resolver.js';
import { showFile } from './draft/show-draft.resolver.js';

/** What of a published version depends on more than its document. */
@Resolver('PolicyVersion')
export class PolicyVersionResolver {
  constructor(private readonly desk: DraftDesk) {}

  @Query()
  @Requires('policy.read')
  async policyVersion(
    @Args('policyId') policyId: string,
    @Args('version') version: string,
    @Caller() actor: Actor,
  ): Promise<ShownPolicy | null> {
    const found = await this.desk.version(actor, policyId, version);
    return found ? showPolicy(found) : null;
  }

  @ResolveField()
  async state(@Parent() { record }: ShownPolicy, @Caller() actor: Actor): Promise<PolicyState> {
    return (await this.desk.isRetired(actor, record)) ? 'RETIRED' : 'PUBLISHED';
  }

  @ResolveField()
  async sources(@Parent() { record }: ShownPolicy, @Caller() actor: Actor): Promise<PolicyFile[] | null> {
    return (await this.desk.sourcesOf(actor, record))?.map(showFile) ?? null;
  }

  @ResolveField()
  viewerCan(@Parent() { record }: ShownPolicy, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.stepsOnVersion(actor, record);
  }
}
