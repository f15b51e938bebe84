import type { WaiverState } from './waiver.js';

/** What somebody, or the clock's worker, can do with a waiver. */
export const WAIVER_STEPS = ['approve', 'refuse', 'withdraw', 'escalate', 'revoke', 'renew'] as const;
export type WaiverStepName = (typeof WAIVER_STEPS)[number];

/**
 * Which steps are possible in which state. A state is never stored (`stateOf`), so this table is all there is to a
 * waiver's life: what it does not name is refused. Beside the steps only time moves a waiver: from `requested`,
 * `approved-pending-start` and `active` into `expired`, and from `approved-pending-start` into `active`. What was
 * refused or withdrawn is asked for anew, not renewed: nothing of it was ever granted.
 */
export const POSSIBLE_STEPS: Readonly<Record<WaiverState, readonly WaiverStepName[]>> = {
  requested: ['approve', 'refuse', 'withdraw', 'escalate'],
  refused: [],
  withdrawn: [],
  'approved-pending-start': ['revoke'],
  active: ['revoke', 'renew'],
  expired: ['renew'],
  revoked: [],
};

export const isPossible = (step: WaiverStepName, state: WaiverState): boolean =>
  POSSIBLE_STEPS[state].includes(step);
