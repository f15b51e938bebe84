import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey, uuidFromKey } from '../../kernel/id.js';
import { refused } from '../../kernel/refusal.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { packDigest } from '../pack.js';
import type { DraftChecker, CheckedDraft } from './check.service.js';
import type { DraftContents } from './contents.service.js';
import { reviewedEntry, reviewRequestedEntry } from './entry.js';
import type { ReviewProblem } from './problem.js';
import type { DraftRead } from './draft.read.js';
import type { DraftStore } from './draft.store.js';
import { stateOf, type DraftRecord, type Review, type ReviewRecord, type ReviewVerdict } from './draft.js';
import { mayReview } from './four-eyes.js';
import { transition } from './lifecycle.js';
import type { PolicyRead } from '../policy.read.js';
import { proseFault } from '../prose.js';
import type { PublicationPolicy } from './publication-policy.port.js';

export interface RequestReview {
  readonly policyId: string;
  readonly expectedVersion: number;
  /** What changed and why; encrypted. */
  readonly note: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface GiveVerdict {
  readonly reviewId: string;
  readonly verdict: ReviewVerdict;
  readonly comment: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Outcome = Result<ReviewRecord, ReviewProblem>;
/** The draft moved on: whoever asked is shown both sides, outside the transaction. */
type Moved = { readonly kind: 'Moved' };

/** Reading what a stale command should be told, with the texts. */
export interface StaleSides {
  staleFor(by: Actor, policyId: string, expectedVersion: number): Promise<ReviewProblem>;
}

/** What a review is made with, beside the stores. */
export interface ReviewMeans {
  readonly checker: DraftChecker;
  readonly contents: DraftContents;
  readonly policy: PublicationPolicy;
  readonly stale: StaleSides;
}

/**
 * Freezing a draft for others to look at, and what they say of it. The compiler and the access policy are asked
 * before the transaction begins; the four-eyes rule is applied inside it.
 */
export class ReviewService {
  constructor(
    private readonly tx: InTransaction<{ drafts: DraftStore; ledger: Ledger }>,
    private readonly read: DraftRead,
    private readonly versions: Pick<PolicyRead, 'policy'>,
    private readonly means: ReviewMeans,
    private readonly clock: Clock,
  ) {}

  /** Only what compiles, keeps the house rules and is tested well enough is worth another person's time. */
  async request(command: RequestReview, by: Actor): Promise<Outcome> {
    const { policyId, expectedVersion, note } = command;
    const fault = proseFault('note', note);
    if (fault) return failed(fault);
    const { orgId } = by;
    const key = idempotencyKey(orgId, `policy.review-requested ${by.principalId}`, command.idempotencyKey);
    const reviewId = uuidFromKey(key);
    const known = await this.read.review(orgId, reviewId);
    if (known) return sameOrConflict(known, command);
    const draft = await this.read.find(orgId, policyId);
    if (!draft?.revision.content) return failed({ kind: 'PolicyDraftNotFound', policyId });
    if (draft.revision.revision !== expectedVersion)
      return failed(await this.means.stale.staleFor(by, policyId, expectedVersion));
    const ready = await this.ready(draft, by);
    if (!ready.ok) return ready;
    const { pack, sealed } = ready.value.draft;
    const content = await this.means.contents.keep(orgId, sealed);
    const asked = await this.tx<ReviewRecord, ReviewProblem | Moved>(async ({ drafts, ledger }) => {
      const current = await drafts.findForChange(orgId, policyId);
      const winner = await drafts.review(orgId, reviewId);
      if (winner) return sameOrConflict(winner, command);
      if (current?.revision.revision !== expectedVersion) return failed({ kind: 'Moved' });
      const before = stateOf(current);
      const after = transition(policyId, before, 'request-review');
      if (!after.ok) return after;
      const at = this.clock.now();
      const review: Review = {
        ...{ reviewId, orgId, policyId, content },
        ordinal: await drafts.nextReview(orgId, policyId),
        revision: expectedVersion,
        packVersion: pack.manifest.version,
        source: packDigest(pack),
        authorIds: current.authorIds,
        requestedBy: by.principalId,
        requestedAt: at,
      };
      const { opaVersion } = ready.value;
      if (current.revision.content)
        await drafts.addCheck({
          ...{ orgId, policyId, opaVersion, at },
          contentDigest: current.revision.content.digest,
        });
      await drafts.addReview(review, key);
      const step = { before, after: after.value, actor: by, context: command.context, at, key };
      const appended = await ledger.append(reviewRequestedEntry(review, note, step));
      return appended.ok ? ok({ review, outcomes: [], published: false, superseded: false }) : appended;
    });
    if (asked.ok || asked.problem.kind !== 'Moved') return asked as Outcome;
    return failed(await this.means.stale.staleFor(by, policyId, expectedVersion));
  }

  /** One person's word. Whether it is enough to publish depends on how many are required. */
  async give(command: GiveVerdict, by: Actor): Promise<Outcome> {
    const { reviewId, verdict, comment, context } = command;
    const fault = proseFault('comment', comment);
    if (fault) return failed(fault);
    const { orgId, principalId } = by;
    const record = await this.read.review(orgId, reviewId);
    if (!record) return failed({ kind: 'PolicyReviewNotFound', reviewId });
    const key = idempotencyKey(orgId, `policy.reviewed ${principalId}`, command.idempotencyKey);
    const answer = await this.means.policy.may(by, verdict, record);
    return this.tx<ReviewRecord, ReviewProblem>(async ({ drafts, ledger }) => {
      const { policyId } = record.review;
      const draft = await drafts.findForChange(orgId, policyId);
      const current = await drafts.review(orgId, reviewId);
      if (!current) return failed({ kind: 'PolicyReviewNotFound', reviewId });
      const done = await drafts.changeBy(orgId, key);
      if (done) return repeats(current, principalId, verdict) ? ok(current) : failed(CONFLICT);
      const rule = mayReview(current, principalId, verdict);
      if (!rule.ok) return rule;
      if (!answer.allowed) return failed({ kind: 'NotPermitted', ...refused(answer) });
      const before = stateOf(draft);
      const after = transition(policyId, before, verdict);
      if (!after.ok) return after;
      const at = this.clock.now();
      const outcome = {
        ordinal: current.outcomes.length + 1,
        reviewerId: principalId,
        ...{ verdict, at },
        authTime: by.authTime ?? null,
        amr: by.amr ?? [],
      };
      await drafts.addOutcome(current.review, outcome, key);
      const said = { comment, reasonCode: answer.reasonCode };
      const step = { before, after: after.value, actor: by, context, at, key };
      const appended = await ledger.append(reviewedEntry(current.review, outcome, said, step));
      return appended.ok ? ok({ ...current, outcomes: [...current.outcomes, outcome] }) : appended;
    });
  }

  private async ready(draft: DraftRecord, by: Actor): Promise<Result<CheckedDraft, ReviewProblem>> {
    const { checker, contents, policy } = this.means;
    const { orgId, policyId, content } = draft.revision;
    const checked = await checker.check(policyId, await contents.load(orgId, content));
    if (!checked.ok) return checked;
    const { version } = checked.value.draft.pack.manifest;
    if (await this.versions.policy(orgId, policyId, version))
      return failed({ kind: 'PolicyVersionTaken', policyId, version });
    const judged = await checker.judge(checked.value.draft, await policy.coverageFloor(by));
    return judged.ok ? checked : judged;
  }
}

const CONFLICT: ReviewProblem = { kind: 'IdempotencyConflict', seq: null };

const sameOrConflict = (known: ReviewRecord, { policyId, expectedVersion }: RequestReview): Outcome =>
  known.review.policyId === policyId && known.review.revision === expectedVersion
    ? ok(known)
    : failed(CONFLICT);

const repeats = ({ outcomes }: ReviewRecord, by: string, verdict: ReviewVerdict): boolean =>
  outcomes.some((outcome) => outcome.reviewerId === by && outcome.verdict === verdict);
