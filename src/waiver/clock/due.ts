import type { Instant } from '../../kernel/clock.js';
import type { Waiver } from '../waiver.js';
import { nextRole, reviewDeadline } from './escalation.js';

/** Something that time itself does to a waiver. */
export interface Due {
  readonly waiverId: string;
  readonly orgId: string;
  /** Its window ends; or whoever has to look at the request is late. */
  readonly what: 'end' | 'review';
  /** Of a review: how many escalations there have been. Otherwise 0. */
  readonly step: number;
  readonly dueAt: Instant;
}

/** The next deadline of a review whose turn began at `from`; none where nobody comes after. */
export function reviewDue(waiver: Waiver, step: number, from: Instant): readonly Due[] {
  const { waiverId, orgId, review } = waiver;
  if (!review || nextRole(waiver, step) === undefined) return [];
  return [{ waiverId, orgId, what: 'review', step, dueAt: reviewDeadline(review.hours, from) }];
}

/** All that is due of a waiver that has just been asked for. Its window is inclusive: its end is the instant after. */
export function dueOf(waiver: Waiver): readonly Due[] {
  const { waiverId, orgId, effectiveUntil, requestedAt } = waiver;
  const end: Due = { waiverId, orgId, what: 'end', step: 0, dueAt: effectiveUntil + 1 };
  return [end, ...reviewDue(waiver, 0, requestedAt)];
}
