import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { ChecklistSource } from '../checklist.port.js';
import { parseDecision, type Decision, type DecisionDocument } from '../decision.js';
import type { GateRead } from '../gate.read.js';
import type { CaseEvent } from '../picture/case-timeline.js';
import { decisionDiff, type ComparedDecision, type DecisionDiff } from './decision-diff.js';
import type { DriftRead, FoundCause, RejudgeProgress } from './drift.read.js';
import type { StandingDecision } from './standing.js';

/** What the desk asks of others. */
export interface DeskSources {
  readonly checklists: ChecklistSource;
  readonly entries: Pick<LedgerRead, 'entries'>;
  readonly projects: {
    projectBySlug(orgId: string, slug: string): Promise<{ readonly projectId: string } | undefined>;
  };
}

export type DiffProblem =
  | { readonly kind: 'DecisionNotFound'; readonly decisionId: string }
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number };

export interface StandingQuestion extends PageRequest {
  readonly gateId?: string;
  /** Slug. */
  readonly project?: string;
  readonly stale?: boolean;
}

export interface CaseStory {
  readonly events: readonly CaseEvent[];
  readonly totalCount: number;
}

/** Entries of a case that are shown at once. */
const CASE_EVENTS = 200;

/** What people and services look up about standing, stale and differing decisions; changes nothing. */
export class DriftDesk {
  constructor(
    private readonly read: DriftRead,
    private readonly decisions: Pick<GateRead, 'decision'>,
    private readonly sources: DeskSources,
    private readonly clock: Clock,
  ) {}

  /** Of a project that there is not nothing stands. */
  async standing(
    { orgId }: Actor,
    { gateId, project, stale, ...page }: StandingQuestion,
  ): Promise<Result<Page<StandingDecision>, InvalidCursor>> {
    const found =
      project === undefined ? undefined : await this.sources.projects.projectBySlug(orgId, project);
    if (project !== undefined && !found)
      return ok({ items: [], totalCount: 0, endCursor: null, hasNextPage: false });
    const filter = {
      ...(gateId !== undefined && { gateId }),
      ...(found && { projectId: found.projectId }),
      ...(stale !== undefined && { stale }),
    };
    return this.read.list(orgId, filter, page);
  }

  causes({ orgId }: Actor, decisionId: string): Promise<readonly FoundCause[]> {
    return this.read.causes(orgId, decisionId);
  }

  /** With the milliseconds that are left, from the pace so far. */
  async rejudging(
    { orgId }: Actor,
    causeSeq?: number,
  ): Promise<RejudgeProgress & { readonly etaMs: number | null }> {
    const progress = await this.read.progress(orgId, causeSeq);
    const { done, total, startedAt } = progress;
    const passed = startedAt === null ? 0 : this.clock.now() - startedAt;
    if (done === total) return { ...progress, etaMs: 0 };
    return { ...progress, etaMs: done === 0 ? null : Math.round((passed / done) * (total - done)) };
  }

  /** Of one entry, and whether all that it touches was looked at and judged again: nothing comes after that. */
  async rejudgingOf(
    actor: Actor,
    causeSeq: number,
  ): Promise<RejudgeProgress & { readonly etaMs: number | null; readonly isOver: boolean }> {
    // First how far the ledger was read: what it touches was noted in the same transaction.
    const wasRead = (await this.read.ledgerSize()) > causeSeq;
    const progress = await this.rejudging(actor, causeSeq);
    const isOver = wasRead && progress.unchecked === 0 && progress.done === progress.total;
    return { ...progress, isOver };
  }

  async diff({ orgId }: Actor, a: string, b: string): Promise<Result<DecisionDiff, DiffProblem>> {
    const [before, after] = [await this.compared(orgId, a), await this.compared(orgId, b)];
    if (!before.ok) return before;
    return after.ok ? ok(decisionDiff(before.value, after.value)) : after;
  }

  async document({ orgId }: Actor, decisionId: string): Promise<DecisionDocument | undefined> {
    const decision = await this.decisions.decision(orgId, decisionId);
    return decision && parseDecision(decision);
  }

  async caseStory({ orgId }: Actor, caseId: string): Promise<CaseStory> {
    const page = await this.sources.entries.entries(orgId, { filter: { caseId }, first: CASE_EVENTS });
    if (!page.ok) throw new Error('a question without a cursor has a wrong one');
    return {
      totalCount: page.value.totalCount,
      events: page.value.items.map(({ seq, recorded: { kind, facts } }) => ({
        ...{ seq, kind, at: facts.tsEnd, result: facts.result ?? null, gateId: facts.gateId ?? null },
        ...{ artId: facts.artId ?? null, actId: facts.actId ?? null, role: facts.role ?? null },
      })),
    };
  }

  private async compared(orgId: string, decisionId: string): Promise<Result<ComparedDecision, DiffProblem>> {
    const decision: Decision | undefined = await this.decisions.decision(orgId, decisionId);
    if (!decision) return failed({ kind: 'DecisionNotFound', decisionId });
    const { chkId, checklistVersion: version } = decision;
    const checklist = await this.sources.checklists.pinned(orgId, chkId, version);
    if (!checklist) return failed({ kind: 'ChecklistNotFound', chkId, version });
    return ok({ document: parseDecision(decision), checklist });
  }
}
