import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  ArtefactVersionInput,
  Differential,
  DifferenceItem as SdlItem,
  DifferenceState as SdlState,
  DifferentialResult,
  IncomparableReason,
  Severity,
} from '../../api/generated.js';
import { as, badRequest, present } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import { EVIDENCE_PROBLEM_MESSAGES } from '../problem.js';
import { DifferenceService, type DifferencePage, type DifferenceProblem } from './difference.service.js';
import type { DifferenceItem, DifferenceState } from './difference.js';

interface DifferentialArguments {
  readonly artefact: ArtefactVersionInput;
  readonly baseline: ArtefactVersionInput;
  readonly states?: readonly SdlState[] | null;
  readonly first: number;
  readonly after?: string | null;
}

const MESSAGES: {
  readonly [K in Exclude<DifferenceProblem['kind'], 'InvalidCursor'>]: (
    problem: Extract<DifferenceProblem, { kind: K }>,
  ) => string;
} = {
  ArtefactNotFound: EVIDENCE_PROBLEM_MESSAGES.ArtefactNotFound,
  EvidencePending: ({ awaited }) => `Still being normalised: ${awaited.join(', ')}.`,
  DifferenceTooLarge: ({ digest, count, limit }) =>
    `${digest} has ${String(count)} findings; at most ${String(limit)} are compared.`,
};

@Resolver()
export class DifferenceResolver {
  constructor(private readonly service: DifferenceService) {}

  @Query()
  @Requires('evidence.read')
  async differential(
    @Args() { artefact, baseline, states, first, after }: DifferentialArguments,
    @Caller() actor: Actor,
  ): Promise<DifferentialResult> {
    const found = await this.service.between(
      actor,
      { artefact, baseline, ...(states && { states: states.map(stateOf) }) },
      {
        first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
        ...(after == null ? {} : { after }),
      },
    );
    if (found.ok) return showPage(found.value);
    const { problem } = found;
    if (problem.kind === 'InvalidCursor')
      throw badRequest(`after is not a cursor of this list as it is now: ${problem.given}`);
    return present(problem, MESSAGES) as DifferentialResult;
  }
}

const showPage = ({
  counts,
  incomparable,
  page,
}: DifferencePage): Differential & { __typename: 'Differential' } =>
  as('Differential', {
    new: counts.new,
    unknown: counts.unknown,
    perhapsFixed: counts['perhaps-fixed'],
    fixed: counts.fixed,
    unchanged: counts.unchanged,
    incomparable: [...incomparable]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tool, why]) => ({ tool, why: shown(why) as IncomparableReason })),
    items: {
      nodes: page.items.map(showItem),
      totalCount: page.totalCount,
      pageInfo: { endCursor: page.endCursor, hasNextPage: page.hasNextPage },
    },
  });

function showItem({ state, item, evidence, renamedFrom }: DifferenceItem): SdlItem {
  const { scheme, value, occurrence } = item.identity;
  const common = {
    state: shown(state) as SdlState,
    tool: item.tool,
    severity: item.severity.toUpperCase() as Severity,
    message: item.message,
    path: item.path,
    renamedFrom,
    identity: { scheme, value, occurrence },
    evidence,
  };
  if ('rule' in item)
    return { ...common, kind: item.kind, rule: item.rule, startLine: item.startLine, component: null };
  const component = item.purl ?? (item.version === null ? item.package : `${item.package}@${item.version}`);
  return { ...common, kind: 'vulnerability', rule: item.id, startLine: null, component };
}

const shown = (word: string): string => word.toUpperCase().replaceAll('-', '_');
const stateOf = (state: SdlState): DifferenceState =>
  state.toLowerCase().replaceAll('_', '-') as DifferenceState;
