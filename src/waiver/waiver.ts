import { digestOf } from '../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { selectorsDigest, type WaiverSelector } from './selector.js';
import type { Severity } from './severity.js';

/** What was asked for. Immutable: a renewal is a new request, and the promised dates never change. */
export interface Waiver {
  readonly waiverId: string;
  readonly orgId: string;
  /** In canonical order (`parseSelectors`). */
  readonly selectors: readonly WaiverSelector[];
  /** The worst severity it may excuse. */
  readonly severity: Severity;
  /** First instant of the window. It excuses nothing before its approvals, however early this is. */
  readonly effectiveFrom: Instant;
  /** Last instant of the window; mandatory. */
  readonly effectiveUntil: Instant;
  /** As the access policy answered when it was requested; at least 1. */
  readonly requiredApprovals: number;
  readonly requesterId: string;
  readonly requestedAt: Instant;
  /** Id of what is done instead; never prose. */
  readonly compensatingControl: string | null;
  /** Ticket or link; never prose. */
  readonly reference: string | null;
  readonly caseId: string | null;
  /** The waiver that this one continues. That one keeps its dates; absent where nothing is continued. */
  readonly renews?: string;
  /** Stored evidence that was handed in with the request, in order of digest; absent where there is none. */
  readonly attachments?: readonly Digest[];
  /** How long reviewers have, as the access policy answered; absent of requests from before it did. */
  readonly review?: ReviewTerms;
}

/** Who is to look at a request, one after the other, and how long each of them has. */
export interface ReviewTerms {
  /** Hours for each step. */
  readonly hours: number;
  /** Roles; the first is asked from the beginning, the last is not followed by anybody. At least one. */
  readonly path: readonly string[];
}

/** For whom an approver spoke, and by what right. */
export interface DelegatedFrom {
  readonly delegationId: string;
  readonly delegatorId: string;
}

/** One of the persons who agreed, and how they had proved who they are. */
export interface Approval {
  /** 1, 2, … in order of arrival. */
  readonly ordinal: number;
  readonly approverId: string;
  readonly at: Instant;
  readonly authTime: number | null;
  readonly amr: readonly string[];
  /** Absent where the approver spoke for themselves. */
  readonly delegatedFrom?: DelegatedFrom;
}

/** A refusal or a revocation: at most one of each per waiver. */
export interface Ending {
  readonly by: string;
  readonly at: Instant;
}

/** A request with everything that happened to it since. */
export interface WaiverRecord {
  readonly waiver: Waiver;
  readonly approvals: readonly Approval[];
  readonly refusal: Ending | null;
  readonly revocation: Ending | null;
}

export const WAIVER_STATES = [
  'requested',
  'refused',
  'withdrawn',
  'approved-pending-start',
  'active',
  'expired',
  'revoked',
] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/**
 * The state at an instant. Never stored: what happened after `at` is as if it had not happened, so replaying a
 * decision at its as-of sees the waiver as it was. A request nobody approved before its window closed has
 * expired like any other. The window is inclusive at both ends. `waiver.read.pg.ts` says the same in SQL.
 */
export function stateOf(record: WaiverRecord, at: Instant): WaiverState {
  const { waiver, refusal, revocation } = record;
  if (revocation && revocation.at <= at) return 'revoked';
  if (refusal && refusal.at <= at) return refusal.by === waiver.requesterId ? 'withdrawn' : 'refused';
  if (at > waiver.effectiveUntil) return 'expired';
  const approvedAt = approvedFrom(record);
  if (approvedAt === undefined || at < approvedAt) return 'requested';
  return at < waiver.effectiveFrom ? 'approved-pending-start' : 'active';
}

/**
 * When the last required approval arrived, or undefined. Counted here again, whatever a table says: by distinct
 * persons, none of them the requester, nor the author of the artefact where known. Whoever delegated counts as
 * having been there like whoever spoke for them, so that one authority is never counted twice.
 */
export function approvedFrom(
  { waiver, approvals }: WaiverRecord,
  authorId: string | null = null,
): Instant | undefined {
  const heard = new Set<string>();
  const counting: Instant[] = [];
  for (const approval of [...approvals].sort((a, b) => a.ordinal - b.ordinal)) {
    const persons = personsOf(approval);
    if (!persons.some((id) => id === waiver.requesterId || id === authorId || heard.has(id)))
      counting.push(approval.at);
    for (const id of persons) heard.add(id);
  }
  return counting.sort((a, b) => a - b)[Math.max(waiver.requiredApprovals, 1) - 1];
}

/** Everybody whose authority an approval used. */
export const personsOf = ({ approverId, delegatedFrom }: Approval): readonly string[] =>
  delegatedFrom ? [approverId, delegatedFrom.delegatorId] : [approverId];

/**
 * The instants `[from, to)` in which the waiver can excuse anything of this author's; undefined when there are
 * none. Everything that depends on the clock follows from these two numbers.
 */
export function activeSpan(
  record: WaiverRecord,
  authorId: string | null,
): { from: Instant; to: Instant } | undefined {
  const approvedAt = approvedFrom(record, authorId);
  if (approvedAt === undefined) return undefined;
  const from = Math.max(record.waiver.effectiveFrom, approvedAt);
  const to = Math.min(
    record.waiver.effectiveUntil + 1, // inclusive; an instant is a whole millisecond
    record.refusal?.at ?? Infinity,
    record.revocation?.at ?? Infinity,
  );
  return from < to ? { from, to } : undefined;
}

/**
 * The record as it stood at an instant: what happened later is left out. Replaying a decision takes the waivers
 * as they were known when it was made.
 */
export function asKnownAt(record: WaiverRecord, at: Instant): WaiverRecord {
  const before = (ending: Ending | null): Ending | null => (ending && ending.at <= at ? ending : null);
  return {
    waiver: record.waiver,
    approvals: record.approvals.filter((approval) => approval.at <= at),
    refusal: before(record.refusal),
    revocation: before(record.revocation),
  };
}

/** Over the whole request: what the ledger's entry commits to, and what a changed row betrays itself by. */
export function waiverDigest({ attachments, review, ...waiver }: Waiver): Digest {
  return digestOf({
    model: 'assay.waiver/1',
    ...waiver,
    // Members that came later are absent where there is nothing to say, so that no older digest changes.
    ...(attachments && { attachments: [...attachments] }),
    ...(review && { review: { hours: review.hours, path: [...review.path] } }),
    selectors: selectorsDigest(waiver.selectors),
    effectiveFrom: toRfc3339(waiver.effectiveFrom),
    effectiveUntil: toRfc3339(waiver.effectiveUntil),
    requestedAt: toRfc3339(waiver.requestedAt),
  });
}

/** Over one approval of a waiver. */
export const approvalDigest = (waiver: Waiver, { delegatedFrom, ...approval }: Approval): Digest =>
  digestOf({
    model: 'assay.waiver-approval/1',
    waiver: waiverDigest(waiver),
    ...approval,
    ...(delegatedFrom && { delegatedFrom: { ...delegatedFrom } }),
    at: toRfc3339(approval.at),
  });

/** Over a refusal or a revocation of a waiver. */
export const endingDigest = (waiver: Waiver, what: 'refusal' | 'revocation', ending: Ending): Digest =>
  digestOf({
    model: `assay.waiver-${what}/1`,
    waiver: waiverDigest(waiver),
    by: ending.by,
    at: toRfc3339(ending.at),
  });

/** Over a waiver with its whole history: one member of a decision's waiver set. Records never change: once for each. */
export function recordDigest(record: WaiverRecord): Digest {
  const known = digests.get(record);
  if (known !== undefined) return known;
  const digest = digestOf({
    waiver: waiverDigest(record.waiver),
    approvals: record.approvals.map((approval) => approvalDigest(record.waiver, approval)),
    refusal: record.refusal && endingDigest(record.waiver, 'refusal', record.refusal),
    revocation: record.revocation && endingDigest(record.waiver, 'revocation', record.revocation),
  });
  digests.set(record, digest);
  return digest;
}

const digests = new WeakMap<WaiverRecord, Digest>();

/** One member of a waiver set: which waiver, and exactly which history of it. */
export interface WaiverRef {
  readonly waiverId: string;
  readonly digest: Digest;
}

/** By id. */
export const waiverRefs = (records: readonly WaiverRecord[]): readonly WaiverRef[] =>
  records
    .map((record) => ({ waiverId: record.waiver.waiverId, digest: recordDigest(record) }))
    .sort((a, b) => (a.waiverId < b.waiverId ? -1 : 1));

/** Over the waivers a decision took into account. */
export const waiverSetDigest = (refs: readonly WaiverRef[]): Digest =>
  digestOf(refs.map((ref) => ({ ...ref })));
