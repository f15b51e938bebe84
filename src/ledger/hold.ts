import type { Instant } from '../kernel/clock.js';
import type { Pseudonym } from './pseudonym.js';

/** What a hold keeps from being erased, as `ledger.hold.scope` and the entry say it. */
export type HoldScope = 'everything' | `person:${Pseudonym}` | `case:${string}` | `artefact:${string}`;

/** A legal hold. It is in force from its entry on, until it is lifted or `until` has passed. */
export interface Hold {
  readonly holdId: string;
  readonly orgId: string;
  readonly scope: HoldScope;
  /** Null: until it is lifted. */
  readonly until: Instant | null;
  readonly setAt: Instant;
  readonly setSeq: number;
  readonly liftedSeq: number | null;
}

export type HoldState = 'in-force' | 'lapsed' | 'lifted';

export function holdState({ until, liftedSeq }: Pick<Hold, 'until' | 'liftedSeq'>, now: Instant): HoldState {
  if (liftedSeq !== null) return 'lifted';
  return until !== null && until <= now ? 'lapsed' : 'in-force';
}
