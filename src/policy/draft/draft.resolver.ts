import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  CheckPolicyDraftResult,
  DiscardPolicyDraftInput,
  FormatPolicyDraftInput,
  InputMaybe,
  PolicyDiffResult,
  PolicyDraftConnection,
  PolicyFile,
  PolicyRevision,
  PolicySideInput,
  PolicyState as SdlState,
  SavePolicyDraftInput,
  TestPolicyDraftResult,
  ViewerCan,
} from '../../api/generated.js';
import { as, badRequest } from '../../api/present.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import { DraftDesk, type Side } from './desk.service.js';
import type { DraftProblem } from './problem.js';
import { DraftService } from './draft.service.js';
import { DraftTools } from './tools.service.js';
import { stateOf, type DraftRecord } from './draft.js';
import {
  showDraft,
  showDraftProblem,
  showFile,
  showReview,
  showTests,
  SHOWN_STATES,
  upper,
  type ShownDraft,
  type ShownReview,
} from './show-draft.resolver.js';

@Resolver('PolicyDraft')
export class DraftResolver {
  constructor(
    private readonly drafts: DraftService,
    private readonly tools: DraftTools,
    private readonly desk: DraftDesk,
  ) {}

  @Query()
  @Requires('policy.read')
  async policyDraft(
    @Args('policyId') policyId: string,
    @Args('version') version: number | null,
    @Caller() actor: Actor,
  ): Promise<ShownDraft | null> {
    const found = await this.desk.find(actor, policyId, version ?? undefined);
    return found ? showDraft(found) : null;
  }

  @Query()
  @Requires('policy.read')
  async policyDrafts(
    @Args() args: { state?: SdlState | null; authorId?: string | null; first: number; after?: string | null },
    @Caller() actor: Actor,
  ): Promise<Omit<PolicyDraftConnection, 'nodes'> & { nodes: ShownDraft[] }> {
    const filter = {
      ...(args.state ? { state: STATES[args.state] } : {}),
      ...(args.authorId == null ? {} : { authorId: args.authorId }),
    };
    const listed = await this.desk.list(actor, filter, {
      first: Math.min(Math.max(args.first, 0), MAX_PAGE_SIZE),
      ...(args.after == null ? {} : { after: args.after }),
    });
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = listed.value;
    return { nodes: items.map(showDraft), totalCount, pageInfo: { endCursor, hasNextPage } };
  }

  @Query()
  @Requires('policy.read')
  async policyDiff(
    @Args('policyId') policyId: string,
    @Args('from') from: PolicySideInput,
    @Args('to') to: PolicySideInput,
    @Caller() actor: Actor,
  ): Promise<PolicyDiffResult> {
    const compared = await this.desk.diff(actor, policyId, { from: sideOf(from), to: sideOf(to) });
    if (!compared.ok) return showDraftProblem(compared.problem) as PolicyDiffResult;
    const files = compared.value.map((file) => ({ ...file, change: upper(file.change) }));
    return as('PolicyDiff', { files });
  }

  @Mutation()
  @Requires('policy.write')
  async savePolicyDraft(@Args('input') input: SavePolicyDraftInput, @Caller() actor: Actor): Promise<object> {
    return answer(await this.drafts.save({ ...commandOf(input), files: input.files }, actor));
  }

  @Mutation()
  @Requires('policy.write')
  async discardPolicyDraft(
    @Args('input') input: DiscardPolicyDraftInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    return answer(await this.drafts.discard(commandOf(input), actor));
  }

  @Mutation()
  @Requires('policy.check')
  async checkPolicyDraft(
    @Args('policyId') policyId: string,
    @Args('version') version: InputMaybe<number>,
    @Caller() actor: Actor,
  ): Promise<CheckPolicyDraftResult | object> {
    const checked = await this.tools.check(actor, policyId, version ?? undefined);
    if (!checked.ok) return showDraftProblem(checked.problem);
    return as('PolicyDraftChecked', { ...checked.value, draft: showDraft(checked.value.draft) });
  }

  @Mutation()
  @Requires('policy.write')
  async formatPolicyDraft(
    @Args('input') input: FormatPolicyDraftInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const formatted = await this.tools.format({ ...commandOf(input), save: input.save ?? false }, actor);
    if (!formatted.ok) return showDraftProblem(formatted.problem);
    const { draft, files, changed } = formatted.value;
    return as('PolicyDraftFormatted', { draft: showDraft(draft), files: files.map(showFile), changed });
  }

  @Mutation()
  @Requires('policy.check')
  async testPolicyDraft(
    @Args('policyId') policyId: string,
    @Args('version') version: InputMaybe<number>,
    @Caller() actor: Actor,
  ): Promise<TestPolicyDraftResult | object> {
    const tested = await this.tools.test(actor, policyId, version ?? undefined);
    return tested.ok ? showTests(tested.value) : showDraftProblem(tested.problem);
  }

  @ResolveField()
  async files(@Parent() { record }: ShownDraft, @Caller() actor: Actor): Promise<PolicyFile[]> {
    return (await this.desk.filesOf(actor, record.revision.content)).map(showFile);
  }

  @ResolveField()
  async history(@Parent() { record }: ShownDraft, @Caller() actor: Actor): Promise<PolicyRevision[]> {
    const revisions = await this.desk.revisions(actor, record.revision.policyId);
    return revisions.map(({ revision, content, savedBy, savedAt }) => ({
      ...{ version: revision, savedBy, savedAt },
      digest: content?.digest ?? null,
    }));
  }

  @ResolveField()
  async reviews(@Parent() { record }: ShownDraft, @Caller() actor: Actor): Promise<ShownReview[]> {
    return (await this.desk.reviews(actor, record.revision.policyId)).map(showReview);
  }

  @ResolveField()
  viewerCan(@Parent() { record }: ShownDraft, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.stepsOnDraft(actor, record);
  }
}

const answer = (result: Result<DraftRecord, DraftProblem>): object =>
  result.ok ? showDraft(result.value) : showDraftProblem(result.problem);

const commandOf = (
  input: Pick<SavePolicyDraftInput, 'policyId' | 'expectedVersion' | 'idempotencyKey'> & {
    context?: SavePolicyDraftInput['context'];
  },
) => ({
  policyId: input.policyId,
  expectedVersion: input.expectedVersion,
  context: contextOf(input.context),
  idempotencyKey: input.idempotencyKey,
});

function sideOf({ draftVersion, publishedVersion }: PolicySideInput): Side {
  if (draftVersion != null) return { revision: draftVersion };
  return { version: publishedVersion };
}

const STATES = Object.fromEntries(
  Object.entries(SHOWN_STATES).map(([ours, shown]) => [shown, ours]),
) as Readonly<Record<SdlState, ReturnType<typeof stateOf>>>;
