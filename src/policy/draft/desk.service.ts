import type { Actor } from '../../kernel/actor.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { pageSize, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { BundleSources } from '../bundle-sources.port.js';
import type { DraftContents } from './contents.service.js';
import type { DraftFile } from './content.js';
import { differences, type FileDifference } from './diff.js';
import type { ReviewProblem } from './problem.js';
import type { DraftRead } from './draft.read.js';
import { stateOf, type DraftRecord, type ReviewRecord, type Revision } from './draft.js';
import { mayPublish, mayReview } from './four-eyes.js';
import { transition, type PolicyAction, type PolicyState } from './lifecycle.js';
import type { PolicyRead } from '../policy.read.js';
import type { PolicyVersion } from '../policy-version.js';
import type { PublicationPolicy } from './publication-policy.port.js';

export interface DraftFilter {
  readonly state?: PolicyState;
  /** Saved a revision since the last publication. */
  readonly authorId?: string;
}

/** One step somebody could take, and why not: a code of ours or of policies/access. */
export interface PossibleStep {
  readonly action: string;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** One side of a comparison: a revision of the draft, or a published version. */
export type Side = { readonly revision: number } | { readonly version: string };

/** Everything people look at before they decide about a policy; changes nothing. */
export class DraftDesk {
  constructor(
    private readonly read: DraftRead,
    private readonly versions: Pick<PolicyRead, 'policy'>,
    private readonly contents: DraftContents,
    private readonly bundles: BundleSources,
    private readonly policy: PublicationPolicy,
    private readonly ledger: LedgerRead,
  ) {}

  /** The draft, or one of its revisions. What was thrown away is a revision without files, and no draft. */
  async find({ orgId }: Actor, policyId: string, revision?: number): Promise<DraftRecord | undefined> {
    const found = await this.read.find(orgId, policyId, revision);
    return revision === undefined && stateOf(found) === 'absent' ? undefined : found;
  }

  /** By policy; there are as many as policies, so they are counted and cut here. */
  async list(
    { orgId }: Actor,
    filter: DraftFilter,
    page: PageRequest,
  ): Promise<Result<Page<DraftRecord>, InvalidCursor>> {
    const after = page.after === undefined ? undefined : decodeCursor(page.after);
    if (page.after !== undefined && after === undefined)
      return failed({ kind: 'InvalidCursor', given: page.after });
    const matching = (await this.read.all(orgId)).filter((draft) => {
      const state = stateOf(draft);
      if (filter.state === undefined ? state === 'absent' : state !== filter.state) return false;
      return filter.authorId === undefined || draft.authorIds.includes(filter.authorId);
    });
    const rest =
      after === undefined ? matching : matching.filter(({ revision }) => revision.policyId > after);
    const items = rest.slice(0, pageSize(page));
    const last = items.at(-1);
    return ok({
      items,
      totalCount: matching.length,
      endCursor: last ? encodeCursor(last.revision.policyId) : null,
      hasNextPage: rest.length > items.length,
    });
  }

  revisions({ orgId }: Actor, policyId: string): Promise<readonly Revision[]> {
    return this.read.revisions(orgId, policyId);
  }

  filesOf({ orgId }: Actor, content: Revision['content']): Promise<readonly DraftFile[]> {
    return this.contents.load(orgId, content);
  }

  review({ orgId }: Actor, reviewId: string): Promise<ReviewRecord | undefined> {
    return this.read.review(orgId, reviewId);
  }

  reviews({ orgId }: Actor, policyId: string): Promise<readonly ReviewRecord[]> {
    return this.read.reviews(orgId, policyId);
  }

  /** A version by its number, its digest or the first eight or more hexadecimal digits of that. */
  async version({ orgId }: Actor, policyId: string, name: string): Promise<PolicyVersion | undefined> {
    const exact = await this.versions.policy(orgId, policyId, name);
    const hex = name.replace(/^sha256:/, '');
    if (exact || !/^[0-9a-f]{8,64}$/.test(hex)) return exact;
    const [only, ...others] = await this.read.byDigestPrefix(orgId, policyId, hex);
    return only === undefined || others.length > 0 ? undefined : this.versions.policy(orgId, policyId, only);
  }

  /**
   * What a published version was made of: everything its authors wrote where it came of a review, and otherwise
   * the Rego it was compiled from. Null where that was not kept.
   */
  async sourcesOf({ orgId }: Actor, version: PolicyVersion): Promise<readonly DraftFile[] | null> {
    const record = await this.read.reviewOf(orgId, version);
    if (record) return this.contents.load(orgId, record.review.content);
    const bundle = await this.bundles.sourcesOf(version.document.bundle);
    return bundle ? bundle.files : null;
  }

  async isRetired({ orgId }: Actor, { document }: PolicyVersion): Promise<boolean> {
    return (await this.read.retirement(orgId, document.policyId, document.version)) !== undefined;
  }

  async diff(
    actor: Actor,
    policyId: string,
    { from, to }: { readonly from: Side; readonly to: Side },
  ): Promise<Result<readonly FileDifference[], ReviewProblem>> {
    const before = await this.filesAt(actor, policyId, from);
    if (!before.ok) return before;
    const after = await this.filesAt(actor, policyId, to);
    return after.ok ? ok(differences(before.value, after.value)) : after;
  }

  /** What the requester said; null once their personal data was erased. */
  async noteOf({ orgId }: Actor, { review }: ReviewRecord): Promise<string | null> {
    return this.said(orgId, 'note', await this.read.entryKeyOf(orgId, review.reviewId));
  }

  async commentOf({ orgId }: Actor, { review }: ReviewRecord, ordinal: number): Promise<string | null> {
    return this.said(orgId, 'comment', await this.read.entryKeyOf(orgId, review.reviewId, ordinal));
  }

  async stepsOnDraft(actor: Actor, draft: DraftRecord): Promise<PossibleStep[]> {
    const may = await this.policy.permits(actor, 'policy.write');
    const { policyId } = draft.revision;
    const latest = draft.latest === draft.revision.revision;
    return (['save', 'discard', 'request-review'] as const).map((action) => {
      if (!may.allowed) return step(action, may);
      if (!latest) return { action, allowed: false, reasonCode: 'policy-draft-stale' };
      return step(action, transition(policyId, stateOf(draft), action));
    });
  }

  async stepsOnReview(actor: Actor, record: ReviewRecord): Promise<PossibleStep[]> {
    const steps = (['approve', 'request-changes'] as const).map(async (verdict) => {
      const rule = mayReview(record, actor.principalId, verdict);
      return step(verdict, rule.ok ? await this.policy.may(actor, verdict, record) : rule);
    });
    const answer = await this.policy.may(actor, 'publish', record);
    const rule = mayPublish(record, answer.requiredApprovals);
    return [...(await Promise.all(steps)), step('publish', rule.ok ? answer : rule)];
  }

  async stepsOnVersion(actor: Actor, version: PolicyVersion): Promise<PossibleStep[]> {
    const may = await this.policy.permits(actor, 'policy.publish');
    const state = (await this.isRetired(actor, version)) ? 'retired' : 'published';
    return [step('retire', may.allowed ? transition(version.document.policyId, state, 'retire') : may)];
  }

  private async filesAt(
    actor: Actor,
    policyId: string,
    side: Side,
  ): Promise<Result<readonly DraftFile[], ReviewProblem>> {
    if ('revision' in side) {
      const draft = await this.read.find(actor.orgId, policyId, side.revision);
      if (!draft) return failed({ kind: 'PolicyDraftNotFound', policyId });
      return ok(await this.contents.load(actor.orgId, draft.revision.content));
    }
    const version = await this.version(actor, policyId, side.version);
    const sources = version && (await this.sourcesOf(actor, version));
    if (sources) return ok(sources);
    return failed({ kind: 'PolicyVersionNotFound', policyId, version: side.version });
  }

  private async said(orgId: string, field: string, key: IdempotencyKey | undefined): Promise<string | null> {
    if (!key) return null;
    for (const person of await this.ledger.personalFields(orgId, key))
      if (person.status === 'present') return person.fields[field] ?? null;
    return null;
  }
}

type Judged =
  { readonly allowed: boolean; readonly reasonCode: string } | Result<unknown, { readonly kind: string }>;

function step(action: PolicyAction, judged: Judged): PossibleStep {
  if ('allowed' in judged) return { action, allowed: judged.allowed, reasonCode: judged.reasonCode };
  return { action, allowed: judged.ok, reasonCode: judged.ok ? 'ok' : kebab(judged.problem.kind) };
}

const kebab = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const encodeCursor = (policyId: string): string => Buffer.from(`policy ${policyId}`).toString('base64url');

function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const policyId = text.slice('policy '.length);
  return policyId !== '' && encodeCursor(policyId) === cursor ? policyId : undefined;
}
