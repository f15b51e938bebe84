import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { Locus } from '../gate.js';
import type { Verdict } from '../verdict.js';

/** Whom a verdict is about: one artefact version at one gate. */
export interface StandingKey {
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
}

/**
 * The decision that stands for an artefact version at a gate: the one with the latest as-of, of equal ones the one
 * recorded last. A question about the past does not displace an answer about the present.
 */
export interface StandingDecision extends StandingKey {
  readonly decisionId: string;
  /** Of its entry. */
  readonly seq: number;
  readonly projectId: string | null;
  readonly locus: Locus;
  readonly chkId: string;
  readonly checklistVersion: number;
  readonly checklistDigest: Digest;
  readonly inputsDigest: Digest;
  readonly documentDigest: Digest;
  readonly verdict: Verdict;
  readonly verdictWithoutWaivers: Verdict;
  readonly asOf: Instant;
  readonly validUntil: Instant | null;
  /** Of the first entry that called it stale. */
  readonly staleSeq: number | null;
}

/** What can make a decision stale: an entry of one of these kinds, or the clock. */
export const CAUSE_KINDS = [
  'checklist.activated',
  'evidence.normalised',
  'gate.defined',
  'waiver.approved',
  'waiver.revoked',
  'waiver.expired',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number] | 'valid-until';

export interface Cause {
  readonly kind: CauseKind;
  /** Of the entry; null when it is the clock. */
  readonly seq: number | null;
}

/** A decision that an entry may have made stale. */
export interface DriftCheck extends StandingKey {
  readonly decisionId: string;
  readonly cause: Cause;
}

/** `UNAFFECTED`: judged with other waivers today, none of which touches what it found. */
export type CheckOutcome = 'STALE' | 'SAME' | 'UNAFFECTED' | 'SUPERSEDED';

/** That a decision is stale, and why. Once per cause. */
export interface Staleness extends StandingKey {
  readonly decisionId: string;
  readonly cause: Cause;
  readonly foundAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** Text that names a cause: what makes "once per cause" a key. */
export const causeName = ({ seq }: Cause): string => (seq === null ? 'valid-until' : `entry:${String(seq)}`);

/** Jobs of a lower number come first: what holds a release up is judged before what holds a commit up. */
export const PRIORITY: Readonly<Record<Locus, number>> = { RELEASE: 1, PR: 2, LOCAL: 3 };

/**
 * Whether the clock has made it stale. A decision that held for its own instant only (an ERROR, a policy that reads
 * the clock) says nothing about later by design: judging it again would make another of these, for ever.
 */
export const hasLapsed = ({ asOf, validUntil }: StandingDecision, now: Instant): boolean =>
  validUntil !== null && validUntil > asOf + 1 && validUntil <= now;
