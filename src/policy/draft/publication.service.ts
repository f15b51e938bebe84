import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { refused } from '../../kernel/refusal.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { mistake } from './pack.js';
import { retiredEntry } from './entry.js';
import { beyondLimit, type ReviewProblem } from './problem.js';
import type { DraftRead } from './draft.read.js';
import type { DraftStore } from './draft.store.js';
import type { Retirement, ReviewRecord } from './draft.js';
import { mayPublish } from './four-eyes.js';
import { transition } from './lifecycle.js';
import { MANIFEST_FILE } from './content.js';
import { packDigest } from '../pack.js';
import type { PolicyRead } from '../policy.read.js';
import type { PolicyVersion } from '../policy-version.js';
import { proseFault } from '../prose.js';
import type { PublishProblem, PublishService } from '../publish.service.js';
import type { ReviewMeans } from './review.service.js';

export interface RetirePolicy {
  readonly policyId: string;
  readonly version: string;
  /** Why; encrypted. */
  readonly reason: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Outcome = Result<PolicyVersion, ReviewProblem>;

export interface PublishPolicy {
  readonly reviewId: string;
  readonly context: ProcessContext;
}

/** The two ends of a published version: what was reviewed becomes one, and a version is taken out of choice. */
export class PolicyPublicationService {
  constructor(
    private readonly tx: InTransaction<{ drafts: DraftStore; ledger: Ledger }>,
    private readonly read: DraftRead,
    private readonly versions: Pick<PolicyRead, 'policy'>,
    private readonly publishing: Pick<PublishService, 'publishPack'>,
    private readonly means: Pick<ReviewMeans, 'checker' | 'contents' | 'policy'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes exactly what was reviewed, from the frozen content: a draft or a library that moved on meanwhile
   * changes nothing. Everything is asked again here, for what was good when the review began may be so no more.
   * Who publishes what is published already gets it as it is.
   */
  async publish({ reviewId, context }: PublishPolicy, by: Actor): Promise<Outcome> {
    const record = await this.read.review(by.orgId, reviewId);
    if (!record) return failed({ kind: 'PolicyReviewNotFound', reviewId });
    const { orgId, policyId, packVersion, source } = record.review;
    if (record.published) {
      const known = await this.versions.policy(orgId, policyId, packVersion);
      if (known) return ok(known);
    }
    const answer = await this.means.policy.may(by, 'publish', record);
    const rule = mayPublish(record, answer.requiredApprovals);
    if (!rule.ok) return rule;
    if (!answer.allowed) return failed({ kind: 'NotPermitted', ...refused(answer) });
    const checked = await this.checked(record, answer.coverageFloor);
    if (!checked.ok) return checked;
    const { pack } = checked.value;
    if (packDigest(pack) !== source) throw new Error(`review ${reviewId} is not of the sources it names`);
    const published = await this.publishing.publishPack(orgId, pack, { actor: by, context });
    return published.ok ? published : failed(problemOf(published.problem));
  }

  /** A retired version can be pinned by no new checklist version. Those that pin it go on judging with it. */
  async retire(command: RetirePolicy, by: Actor): Promise<Outcome> {
    const { policyId, version, reason, context } = command;
    const fault = proseFault('reason', reason);
    if (fault) return failed(fault);
    const { orgId, principalId } = by;
    const published = await this.versions.policy(orgId, policyId, version);
    if (!published) return failed({ kind: 'PolicyVersionNotFound', policyId, version });
    const key = idempotencyKey(orgId, `policy.retired ${principalId}`, command.idempotencyKey);
    return this.tx<PolicyVersion, ReviewProblem>(async ({ drafts, ledger }) => {
      await drafts.findForChange(orgId, policyId);
      const done = await drafts.changeBy(orgId, key);
      if (done) {
        const same = done.what === 'retirement' && done.policyId === policyId && done.version === version;
        return same ? ok(published) : failed({ kind: 'IdempotencyConflict', seq: null });
      }
      const before = (await drafts.retirement(orgId, policyId, version)) ? 'retired' : 'published';
      const after = transition(policyId, before, 'retire');
      if (!after.ok) return after;
      const at = this.clock.now();
      const { digest } = published;
      const retirement: Retirement = { orgId, policyId, version, digest, retiredBy: principalId, at };
      await drafts.addRetirement(retirement, key);
      const step = { before, after: after.value, actor: by, context, at, key } as const;
      const appended = await ledger.append(retiredEntry(retirement, reason, step));
      return appended.ok ? ok(published) : appended;
    });
  }

  private async checked({ review }: ReviewRecord, coverageFloor: number) {
    const { checker, contents } = this.means;
    const checked = await checker.check(review.policyId, await contents.load(review.orgId, review.content));
    if (!checked.ok) return checked;
    const judged = await checker.judge(checked.value.draft, coverageFloor);
    return judged.ok ? ok(checked.value.draft) : judged;
  }
}

/** What publishing a pack says, in the words of the work on a policy. */
function problemOf(problem: PublishProblem): ReviewProblem {
  const wrong = (code: string, message: string): ReviewProblem => ({
    kind: 'PolicyInvalid',
    errors: [mistake(code, message, MANIFEST_FILE)],
  });
  switch (problem.kind) {
    case 'RegoInvalid':
      return { kind: 'PolicyInvalid', errors: problem.errors };
    case 'UnknownEntrypoint':
      return wrong('entrypoint_missing', `nothing answers at ${problem.entrypoint}`);
    case 'RuleMetadataInvalid':
      return wrong('rule_metadata', `${problem.ruleId}: ${problem.detail}`);
    case 'VersionTaken':
      return { kind: 'PolicyVersionTaken', policyId: problem.id, version: problem.version };
    case 'OpaLimitExceeded':
      return beyondLimit(problem);
    default:
      return problem;
  }
}
