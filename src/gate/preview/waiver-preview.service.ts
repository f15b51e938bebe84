import type { Actor } from '../../kernel/actor.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { asGranted } from '../../waiver/granted.js';
import { concerns } from '../../waiver/match.js';
import { scopeRelation, type ScopeRelation } from '../../waiver/overlap.js';
import type { WaiverProblem } from '../../waiver/problem.js';
import type { WaiverPermits } from '../../waiver/waiver-permits.service.js';
import { readRequest, type DraftWaiver, type WaiverRequest } from '../../waiver/waiver-request.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import { stateOf, type WaiverRecord, type WaiverState } from '../../waiver/waiver.js';
import type { ViolationResult } from '../decide.js';
import { asInputs, type GateInputs } from '../decision-input.js';
import type { DriftRead } from '../drift/drift.read.js';
import type { StandingDecision } from '../drift/standing.js';
import type { GateInputReader } from '../gate-inputs.service.js';
import type { RuleJudge } from '../rule-judge.service.js';
import type { Verdict } from '../verdict.js';

/** A request as it might be made, or one that was made. */
export type Previewed = { readonly request: WaiverRequest } | { readonly waiverId: string };

export interface PreviewQuestion {
  readonly of: Previewed;
  /** Standing decisions looked at; at most `MAX_LOOKED_AT`. */
  readonly first: number;
  readonly after?: string;
}

/** A violation that it would excuse. */
export interface Excused {
  readonly standing: StandingDecision;
  readonly ruleId: string;
  readonly violation: ViolationResult;
  /** The waiver that excuses it already. */
  readonly excusedBy: string | null;
}

export interface PreviewFlip {
  readonly standing: StandingDecision;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** Another waiver that is not over, with a scope and a window that have something in common with this one's. */
export interface Overlap {
  readonly waiverId: string;
  readonly state: WaiverState;
  /** How the other one's scope lies to this one's. */
  readonly relation: ScopeRelation;
}

export interface WaiverPreview {
  /** What the access policy says of the request, as the viewer's. */
  readonly terms: {
    readonly allowed: boolean;
    readonly reasonCode: string;
    readonly maxDurationDays: number;
    /** Last instant that a waiver beginning then may have. */
    readonly longestUntil: Instant;
    readonly requiredApprovals: number;
    /** Still to come. */
    readonly missingApprovals: number;
  };
  readonly excused: readonly Excused[];
  readonly flips: readonly PreviewFlip[];
  readonly overlaps: readonly Overlap[];
  /** Of those looked at: in its scope and judged; and what could not be judged now. */
  readonly judged: number;
  readonly unjudged: number;
  readonly page: Page<StandingDecision>;
}

export interface PreviewSources {
  readonly standing: Pick<DriftRead, 'list'>;
  readonly inputs: Pick<GateInputReader, 'resolve' | 'gather'>;
  readonly judge: RuleJudge;
  readonly waivers: Pick<WaiverRead, 'byId' | 'list'>;
}

/** Each is judged up to three times while the caller waits: more of them are further pages. */
export const MAX_LOOKED_AT = 50;
const DAY_MS = 86_400_000;
/** States of waivers that may excuse something, now or later. */
const NOT_OVER: readonly WaiverState[] = ['requested', 'approved-pending-start', 'active'];
/** Of a request that was not made. */
const SUPPOSED_ID = '00000000-0000-0000-0000-000000000000';

/**
 * What a waiver would do, before anybody decides on it. Judged by the same pure path as every decision, with the
 * waiver as if all had approved it, at the first instant from now on at which it could excuse anything. Records nothing.
 */
export class WaiverPreviewService {
  constructor(
    private readonly sources: PreviewSources,
    private readonly permits: Pick<WaiverPermits, 'terms'>,
    private readonly clock: Clock,
  ) {}

  async ask(
    actor: Actor,
    { of, first, after }: PreviewQuestion,
  ): Promise<Result<WaiverPreview, WaiverProblem | InvalidCursor>> {
    const now = this.clock.now();
    const subject = await this.subject(actor, of, now);
    if (!subject.ok) return subject;
    const { record, draft } = subject.value;
    const answer = await this.permits.terms(draft, actor, now);
    if (!answer.ok) return answer;
    const { gateId } = gateFilter(record);
    const page = await this.sources.standing.list(actor.orgId, gateId === undefined ? {} : { gateId }, {
      first: Math.min(Math.max(first, 0), MAX_LOOKED_AT),
      ...(after !== undefined && { after }),
    });
    if (!page.ok) return page;
    const requiredApprovals = record.waiver.requiredApprovals || answer.value.requiredApprovals;
    const supposed = asGranted({ ...record, waiver: { ...record.waiver, requiredApprovals } }, now);
    return ok({
      terms: {
        allowed: answer.value.allowed,
        reasonCode: answer.value.reasonCode,
        maxDurationDays: answer.value.maxDurationDays,
        longestUntil: draft.effectiveFrom + answer.value.maxDurationDays * DAY_MS,
        requiredApprovals,
        missingApprovals: supposed.approvals.length - record.approvals.length,
      },
      ...(await this.look(page.value.items, supposed, Math.max(now, draft.effectiveFrom))),
      overlaps: await this.overlaps(actor.orgId, record, now),
      page: page.value,
    });
  }

  private async subject(
    actor: Actor,
    of: Previewed,
    now: Instant,
  ): Promise<Result<{ record: WaiverRecord; draft: DraftWaiver }, WaiverProblem>> {
    if ('waiverId' in of) {
      const record = await this.sources.waivers.byId(actor.orgId, of.waiverId);
      if (!record) return failed({ kind: 'WaiverNotFound', waiverId: of.waiverId });
      const { renews: _, ...draft } = record.waiver; // whether it may renew was asked when it was requested
      return ok({ record, draft });
    }
    const draft = readRequest(of.request, actor, now);
    if (!draft.ok) return draft;
    const waiver = { ...draft.value, waiverId: SUPPOSED_ID, requiredApprovals: 0 };
    return ok({
      record: { waiver, approvals: [], refusal: null, revocation: null },
      draft: draft.value,
    });
  }

  private async look(
    items: readonly StandingDecision[],
    supposed: WaiverRecord,
    at: Instant,
  ): Promise<Pick<WaiverPreview, 'excused' | 'flips' | 'judged' | 'unjudged'>> {
    const excused: Excused[] = [];
    const flips: PreviewFlip[] = [];
    const counts = { judged: 0, unjudged: 0 };
    for (const standing of items) {
      const context = { ...standing, digest: standing.artefactDigest, authorId: null };
      if (!concerns(supposed, context)) continue;
      const seen = await this.lookAt(standing, supposed, at);
      if (!seen) counts.unjudged += 1;
      else {
        counts.judged += 1;
        excused.push(...seen.excused);
        if (seen.flip) flips.push(seen.flip);
      }
    }
    return { excused, flips, ...counts };
  }

  private async lookAt(
    standing: StandingDecision,
    supposed: WaiverRecord,
    at: Instant,
  ): Promise<{ excused: readonly Excused[]; flip: PreviewFlip | undefined } | undefined> {
    const { orgId, gateId, artId, artefactDigest: digest } = standing;
    const question = await this.sources.inputs.resolve({ orgId, gateId, artId, digest });
    const inputs = question.ok ? await this.sources.inputs.gather(question.value) : question;
    if (!question.ok || !inputs.ok) return undefined;
    const { waiverId } = supposed.waiver;
    const { maxRunMs } = question.value.gate;
    const judged = async (waivers: GateInputs['waivers']) =>
      (await this.sources.judge.judge(asInputs({ ...inputs.value, waivers }), at, maxRunMs)).judged;
    // Alone: where a narrower waiver is credited, this one would excuse the violation all the same.
    const alone = await judged([supposed]);
    if (!alone.waiversApplied.includes(waiverId)) return { excused: [], flip: undefined };
    const others = inputs.value.waivers.filter(({ waiver }) => waiver.waiverId !== waiverId);
    const [before, after] = [await judged(others), await judged([...others, supposed])];
    const excused = alone.rules.flatMap(({ ruleId, violations }, rule) =>
      violations.flatMap((violation, nth): Excused[] =>
        violation.waivedBy === waiverId
          ? [
              {
                ...{ standing, ruleId, violation },
                excusedBy: before.rules[rule]?.violations[nth]?.waivedBy ?? null,
              },
            ]
          : [],
      ),
    );
    const flips = before.verdict !== after.verdict;
    return { excused, flip: flips ? { standing, before: before.verdict, after: after.verdict } : undefined };
  }

  private async overlaps(orgId: string, { waiver }: WaiverRecord, now: Instant): Promise<Overlap[]> {
    const found: Overlap[] = [];
    for (const state of NOT_OVER) {
      let after: string | undefined;
      do {
        const page = { first: MAX_PAGE_SIZE, ...(after !== undefined && { after }) };
        const listed = await this.sources.waivers.list(orgId, { state }, now, page);
        if (!listed.ok) break;
        for (const other of listed.value.items) {
          const { waiverId, selectors, effectiveFrom, effectiveUntil } = other.waiver;
          const relation = scopeRelation(selectors, waiver.selectors);
          const atOnce = effectiveFrom <= waiver.effectiveUntil && waiver.effectiveFrom <= effectiveUntil;
          if (relation && atOnce && waiverId !== waiver.waiverId)
            found.push({ waiverId, state: stateOf(other, now), relation });
        }
        after = listed.value.hasNextPage ? (listed.value.endCursor ?? undefined) : undefined;
      } while (after !== undefined);
    }
    return found;
  }
}

const gateFilter = ({ waiver }: WaiverRecord): { gateId?: string } => {
  for (const selector of waiver.selectors) if (selector.type === 'gate') return { gateId: selector.gateId };
  return {};
};
