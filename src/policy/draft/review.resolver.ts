import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  PolicyFile,
  PublishPolicyInput,
  RequestPolicyReviewInput,
  RetirePolicyInput,
  ReviewPolicyInput,
  ViewerCan,
} from '../../api/generated.js';
import { as } from '../../api/present.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { Result } from '../../kernel/result.js';
import { DraftDesk } from './desk.service.js';
import type { ReviewProblem } from './problem.js';
import type { ReviewRecord } from './draft.js';
import { PolicyPublicationService } from './publication.service.js';
import { showPolicy } from '../policy.resolver.js';
import type { PolicyVersion } from '../policy-version.js';
import { ReviewService } from './review.service.js';
import {
  showDraftProblem,
  showFile,
  showReview,
  type ShownOutcome,
  type ShownReview,
} from './show-draft.resolver.js';

@Resolver('PolicyReview')
export class ReviewResolver {
  constructor(
    private readonly reviewing: ReviewService,
    private readonly publication: PolicyPublicationService,
    private readonly desk: DraftDesk,
  ) {}

  @Query()
  @Requires('policy.read')
  async policyReview(@Args('id') id: string, @Caller() actor: Actor): Promise<ShownReview | null> {
    const found = await this.desk.review(actor, id);
    return found ? showReview(found) : null;
  }

  @Mutation()
  @Requires('policy.write')
  async requestPolicyReview(
    @Args('input') input: RequestPolicyReviewInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const { context, ...request } = input;
    return answer(await this.reviewing.request({ ...request, context: contextOf(context) }, actor));
  }

  @Mutation()
  @Requires('policy.review')
  async reviewPolicy(@Args('input') input: ReviewPolicyInput, @Caller() actor: Actor): Promise<object> {
    const { outcome, context, ...said } = input;
    const verdict = outcome === 'APPROVE' ? 'approve' : 'request-changes';
    return answer(await this.reviewing.give({ ...said, verdict, context: contextOf(context) }, actor));
  }

  @Mutation()
  @Requires('policy.publish')
  async publishPolicy(@Args('input') input: PublishPolicyInput, @Caller() actor: Actor): Promise<object> {
    const command = { reviewId: input.reviewId, context: contextOf(input.context) };
    return answerVersion(await this.publication.publish(command, actor));
  }

  @Mutation()
  @Requires('policy.publish')
  async retirePolicy(@Args('input') input: RetirePolicyInput, @Caller() actor: Actor): Promise<object> {
    const { context, ...named } = input;
    return answerVersion(await this.publication.retire({ ...named, context: contextOf(context) }, actor));
  }

  @ResolveField()
  async files(@Parent() { record }: ShownReview, @Caller() actor: Actor): Promise<PolicyFile[]> {
    return (await this.desk.filesOf(actor, record.review.content)).map(showFile);
  }

  @ResolveField()
  note(@Parent() { record }: ShownReview, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.noteOf(actor, record);
  }

  @ResolveField()
  viewerCan(@Parent() { record }: ShownReview, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.stepsOnReview(actor, record);
  }
}

@Resolver('PolicyReviewOutcome')
export class ReviewOutcomeResolver {
  constructor(private readonly desk: DraftDesk) {}

  @ResolveField()
  comment(@Parent() { record, ordinal }: ShownOutcome, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.commentOf(actor, record, ordinal);
  }
}

const answer = (result: Result<ReviewRecord, ReviewProblem>): object =>
  result.ok ? showReview(result.value) : showDraftProblem(result.problem);

const answerVersion = (result: Result<PolicyVersion, ReviewProblem>): object =>
  result.ok ? as('PolicyVersion', showPolicy(result.value)) : showDraftProblem(result.problem);
