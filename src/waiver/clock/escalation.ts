import type { Instant } from '../../kernel/clock.js';
import { stateOf, type Waiver, type WaiverRecord } from '../waiver.js';

/** A request went to the next role, because the one before let its deadline pass. */
export interface Escalation {
  /** From 1; at most one less than there are roles on the path. */
  readonly step: number;
  /** Whose turn it is now. */
  readonly role: string;
  readonly at: Instant;
}

const HOUR_MS = 3_600_000;

/** When the role whose turn began at `from` is late. */
export const reviewDeadline = (hours: number, from: Instant): Instant => from + hours * HOUR_MS;

/** Who comes after `step` escalations; undefined at the end of the path, and for waivers without one. */
export const nextRole = ({ review }: Waiver, step: number): string | undefined => review?.path[step + 1];

/** Whose turn it is to look at an open request, and since when they are late or will be. */
export interface Turn {
  readonly role: string;
  readonly dueAt: Instant;
}

/** Undefined where nobody has to look any more, or nobody was named. */
export function turnOf(
  record: WaiverRecord,
  escalations: readonly Escalation[],
  at: Instant,
): Turn | undefined {
  const { review, requestedAt } = record.waiver;
  const role = review?.path[escalations.length];
  if (!review || role === undefined || stateOf(record, at) !== 'requested') return undefined;
  return { role, dueAt: reviewDeadline(review.hours, escalations.at(-1)?.at ?? requestedAt) };
}
