import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  CaseTimeline,
  DecisionDiffResult,
  DecisionPicture,
  Rejudging,
  StaleCause,
  StaleCauseKind,
  StandingDecision as SdlStanding,
  StatusIndex,
  StatusIndexItem,
} from '../../api/generated.js';
import { badRequest, present } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { MAX_PAGE_SIZE, type Page } from '../../kernel/page.js';
import { drawTimeline } from '../picture/case-timeline.js';
import { decisionTree } from '../picture/decision-tree.js';
import { drawMarkdown, drawMermaid } from '../picture/draw.js';
import { GATE_PROBLEM_MESSAGES } from '../problem-messages.js';
import { EXPLAIN_MESSAGES } from '../replay-problem.js';
import { DriftDesk } from './drift-desk.service.js';
import type { StandingDecision } from './standing.js';
import { StatusIndexService } from './status-index.service.js';

type Shown = Omit<SdlStanding, 'causes'>;
interface Paging {
  readonly first: number;
  readonly after?: string | null;
}

@Resolver('StandingDecision')
export class DriftResolver {
  constructor(
    private readonly desk: DriftDesk,
    private readonly index: StatusIndexService,
  ) {}

  @Query()
  @Requires('decision.read', { project: 'project' })
  async standingDecisions(
    @Args() args: Paging & { gateId?: string | null; project?: string | null; stale?: boolean | null },
    @Caller() actor: Actor,
  ): Promise<object> {
    const listed = await this.desk.standing(actor, {
      ...paging(args),
      ...(args.gateId == null ? {} : { gateId: args.gateId }),
      ...(args.project == null ? {} : { project: args.project }),
      ...(args.stale == null ? {} : { stale: args.stale }),
    });
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    return { nodes: listed.value.items.map(showStanding), ...pageOf(listed.value) };
  }

  @ResolveField()
  async causes(@Parent() { decisionId }: Shown, @Caller() actor: Actor): Promise<StaleCause[]> {
    return (await this.desk.causes(actor, decisionId)).map(({ cause, foundAt }) => ({
      kind: cause.kind.replaceAll(/[.-]/g, '_').toUpperCase() as StaleCauseKind,
      seq: cause.seq,
      foundAt,
    }));
  }

  @Query()
  @Requires('decision.read')
  async rejudging(@Args('causeSeq') causeSeq: number | null, @Caller() actor: Actor): Promise<Rejudging> {
    const { done, total, unchecked, etaMs } = await this.desk.rejudging(actor, causeSeq ?? undefined);
    return { done, total, unchecked, etaMs };
  }

  @Query()
  @Requires('decision.read')
  async statusIndex(@Args() args: Paging, @Caller() actor: Actor): Promise<StatusIndex> {
    const page = await this.index.page(actor, paging(args));
    if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
    const { ledgerSize, items } = page.value;
    return { ledgerSize, nodes: items.map(showItem), ...pageOf(page.value) };
  }

  @Query()
  @Requires('decision.read')
  async decisionDiff(
    @Args('a') a: string,
    @Args('b') b: string,
    @Caller() actor: Actor,
  ): Promise<DecisionDiffResult> {
    const diff = await this.desk.diff(actor, a, b);
    if (!diff.ok)
      return present(diff.problem, {
        ...GATE_PROBLEM_MESSAGES,
        ...EXPLAIN_MESSAGES,
      }) as DecisionDiffResult;
    const { verdict, causes, inputs, rules } = diff.value;
    return {
      __typename: 'DecisionDiff',
      ...{ verdictBefore: verdict.before, verdictAfter: verdict.after, causes: [...causes] },
      inputs: inputs.map((one) => ({ ...one })),
      rules: rules.map((rule) => ({
        ...rule,
        because: [...rule.because],
        ...{ appeared: rule.appeared.length, disappeared: rule.disappeared.length },
      })),
    };
  }

  @Query()
  @Requires('decision.explain', { decision: 'id' })
  async decisionPicture(@Args('id') id: string, @Caller() actor: Actor): Promise<DecisionPicture | null> {
    const document = await this.desk.document(actor, id);
    if (!document) return null;
    const nodes = decisionTree(document);
    return {
      decisionId: id,
      nodes: nodes.map((node) => ({ ...node })),
      ...{ markdown: drawMarkdown(nodes), mermaid: drawMermaid(nodes) },
    };
  }

  @Query()
  @Requires('ledger.read')
  async caseTimeline(@Args('caseId') caseId: string, @Caller() actor: Actor): Promise<CaseTimeline> {
    const { events, totalCount } = await this.desk.caseStory(actor, caseId);
    return {
      ...{ caseId, totalCount, events: events.map((event) => ({ ...event })) },
      mermaid: drawTimeline(caseId, events, totalCount),
    };
  }
}

const paging = ({ first, after }: Paging): { first: number; after?: string } => ({
  first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
  ...(after == null ? {} : { after }),
});

const pageOf = ({ totalCount, endCursor, hasNextPage }: Page<unknown>) => ({
  totalCount,
  pageInfo: { endCursor, hasNextPage },
});

const showStanding = (one: StandingDecision): Shown => ({
  ...{ gateId: one.gateId, locus: one.locus, artId: one.artId, artefactDigest: one.artefactDigest },
  ...{ decisionId: one.decisionId, verdict: one.verdict, asOf: one.asOf, validUntil: one.validUntil },
  ...{ verdictWithoutWaivers: one.verdictWithoutWaivers, stale: one.staleSeq !== null },
});

/** As `statusItem` of the document, with times as this API has them. */
const showItem = (one: StandingDecision): StatusIndexItem => ({
  ...{ gateId: one.gateId, artId: one.artId, artefactHash: one.artefactDigest, result: one.verdict },
  ...{ resultWithoutWaivers: one.verdictWithoutWaivers, checklistHash: one.checklistDigest },
  checklistVersion: `${one.chkId}@${String(one.checklistVersion)}`,
  ...{ inputsHash: one.inputsDigest, decisionHash: one.documentDigest, decisionId: one.decisionId },
  ...{ seq: one.seq, asOf: one.asOf, validUntil: one.validUntil, stale: one.staleSeq !== null },
});
