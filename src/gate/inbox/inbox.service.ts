import type { Actor } from '../../kernel/actor.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { WaiverDesk } from '../../waiver/waiver-desk.service.js';
import { artefactOf, gateOf } from '../../waiver/waiver-request.js';
import type { WaiverRecord, WaiverState } from '../../waiver/waiver.js';
import type { DriftRead } from '../drift/drift.read.js';
import type { StandingDecision } from '../drift/standing.js';
import type { GatePermits } from '../gate-desk.service.js';
import type { InboxRun, InboxRuns } from './inbox-runs.port.js';
import { INBOX_SECTIONS, pageOfInbox, type InboxItem, type InboxSection, type InboxStep } from './inbox.js';

export interface InboxQuestion extends PageRequest {
  readonly section: InboxSection;
  readonly withinDays: number;
}

export interface InboxCount {
  readonly section: InboxSection;
  readonly count: number;
  /** There are at least so many; no more were looked at. */
  readonly isBound: boolean;
}

/** What is looked at of each kind: whose inbox has more has another problem. */
export const MAX_LOOKED_AT = 2_000;
const DAY_MS = 86_400_000;

/** What waits for the viewer, what ends soon, and what is behind. Answers from what stands now; changes nothing. */
export class InboxService {
  constructor(
    private readonly waivers: Pick<WaiverDesk, 'list' | 'viewerCan'>,
    private readonly drift: Pick<DriftRead, 'list' | 'ending'>,
    private readonly runs: InboxRuns,
    private readonly permits: Pick<GatePermits, 'may'>,
    private readonly clock: Clock,
  ) {}

  async page(
    actor: Actor,
    { section, withinDays, ...page }: InboxQuestion,
  ): Promise<Result<Page<InboxItem>, InvalidCursor>> {
    const { first } = page;
    const items = await this.itemsOf(section, actor, withinDays);
    return pageOfInbox(items, { ...page, first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE) });
  }

  counts(actor: Actor, withinDays: number): Promise<readonly InboxCount[]> {
    return Promise.all(
      INBOX_SECTIONS.map(async (section) => {
        const { length: count } = await this.itemsOf(section, actor, withinDays);
        return { section, count, isBound: count >= MAX_LOOKED_AT };
      }),
    );
  }

  private itemsOf(section: InboxSection, actor: Actor, withinDays: number): Promise<readonly InboxItem[]> {
    const until = this.clock.now() + withinDays * DAY_MS;
    switch (section) {
      case 'WAIVER_TO_REVIEW':
        return this.toReview(actor);
      case 'WAIVER_EXPIRES':
        return this.expiring(actor, until);
      case 'RUN_PAUSED':
        return this.paused(actor);
      case 'RUN_LATE':
        return this.late(actor);
      case 'DECISION_STALE':
        return this.stale(actor);
      case 'DECISION_EXPIRES':
        return this.ending(actor, until);
    }
  }

  /** Requests that this viewer may approve: by role, and with four eyes. */
  private async toReview(actor: Actor): Promise<readonly InboxItem[]> {
    if (!actor.roles.includes('approver')) return [];
    const requested = await this.allWaivers(actor, 'requested');
    const items = await Promise.all(
      requested.map((record) => this.waiverItem('WAIVER_TO_REVIEW', record, actor)),
    );
    return items.filter(({ viewerCan }) =>
      viewerCan.some(({ action, allowed }) => action === 'approve' && allowed),
    );
  }

  private async expiring(actor: Actor, until: Instant): Promise<readonly InboxItem[]> {
    const soon = (await this.allWaivers(actor, 'active')).filter(
      ({ waiver }) => waiver.effectiveUntil <= until,
    );
    return Promise.all(soon.map((record) => this.waiverItem('WAIVER_EXPIRES', record, actor)));
  }

  private async waiverItem(section: InboxSection, record: WaiverRecord, actor: Actor): Promise<InboxItem> {
    const { waiverId: id, selectors, requestedAt: since, effectiveUntil: due } = record.waiver;
    const artefact = artefactOf(selectors);
    return {
      ...{ section, id, since, due, gateId: gateOf(selectors), artId: artefact?.artId ?? null },
      artefactDigest: artefact?.digest ?? null,
      viewerCan: await this.waivers.viewerCan(actor, record),
    };
  }

  private async allWaivers(actor: Actor, state: WaiverState): Promise<readonly WaiverRecord[]> {
    const all: WaiverRecord[] = [];
    for (let after: string | undefined; all.length < MAX_LOOKED_AT;) {
      const page: Result<Page<WaiverRecord>, InvalidCursor> = await this.waivers.list(
        actor,
        { state },
        { first: MAX_PAGE_SIZE, ...(after !== undefined && { after }) },
      );
      if (!page.ok) throw new Error(`${page.problem.given} is no cursor of ours`);
      all.push(...page.value.items);
      if (!page.value.hasNextPage || page.value.endCursor === null) break;
      after = page.value.endCursor;
    }
    return all;
  }

  private async paused(actor: Actor): Promise<readonly InboxItem[]> {
    const runs = await this.runs.paused(actor, MAX_LOOKED_AT);
    return runs
      .filter(({ viewerCan }) => viewerCan.some(({ allowed }) => allowed))
      .map((run) => runItem('RUN_PAUSED', run));
  }

  private async late(actor: Actor): Promise<readonly InboxItem[]> {
    return (await this.runs.late(actor, MAX_LOOKED_AT)).map((run) => runItem('RUN_LATE', run));
  }

  private async stale(actor: Actor): Promise<readonly InboxItem[]> {
    const viewerCan = await this.stepsOnDecisions(actor);
    const items: InboxItem[] = [];
    for (let after: string | undefined; items.length < MAX_LOOKED_AT;) {
      const page: Result<Page<StandingDecision>, InvalidCursor> = await this.drift.list(
        actor.orgId,
        { stale: true },
        { first: MAX_PAGE_SIZE, ...(after !== undefined && { after }) },
      );
      if (!page.ok) throw new Error(`${page.problem.given} is no cursor of ours`);
      items.push(...page.value.items.map((one) => decisionItem('DECISION_STALE', one, viewerCan)));
      if (!page.value.hasNextPage || page.value.endCursor === null) break;
      after = page.value.endCursor;
    }
    return items;
  }

  private async ending(actor: Actor, until: Instant): Promise<readonly InboxItem[]> {
    const viewerCan = await this.stepsOnDecisions(actor);
    const ending = await this.drift.ending(actor.orgId, until, MAX_LOOKED_AT);
    return ending.map((one) => decisionItem('DECISION_EXPIRES', one, viewerCan));
  }

  /** Whoever may ask a gate may ask it again. */
  private async stepsOnDecisions(actor: Actor): Promise<readonly InboxStep[]> {
    const { allowed, reasonCode } = await this.permits.may(actor, 'gate.evaluate');
    return [{ action: 'evaluate', allowed, reasonCode }];
  }
}

const runItem = (section: InboxSection, run: InboxRun): InboxItem => ({
  ...{ section, id: run.runId, gateId: run.gateId, artId: run.artId, artefactDigest: run.artefactDigest },
  ...{ since: run.startedAt, due: run.dueAt, viewerCan: run.viewerCan },
});

const decisionItem = (
  section: InboxSection,
  one: StandingDecision,
  viewerCan: readonly InboxStep[],
): InboxItem => ({
  ...{
    section,
    id: one.decisionId,
    gateId: one.gateId,
    artId: one.artId,
    artefactDigest: one.artefactDigest,
  },
  ...{ since: one.asOf, due: one.validUntil, viewerCan },
});
