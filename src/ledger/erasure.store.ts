import type { EntryDraft } from './entry.js';
import type { HoldScope } from './hold.js';
import type { Instant } from '../kernel/clock.js';

/** `conflict`: the key was used for something else. `seq` is the entry that stands, in every case. */
export interface Recorded {
  readonly outcome: 'created' | 'exists' | 'conflict';
  readonly seq: number;
}

export type Erased =
  | Recorded
  /** No such person in this organisation. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'held'; readonly holdIds: readonly string[] };

export type Lifted = Recorded | { readonly outcome: 'unknown' } | { outcome: 'lifted'; readonly seq: number };

/**
 * What only the role assay_eraser may do, on the caller's transaction. Each call does its deed and appends the
 * entry that says so, or does nothing; whoever gets something other than `created` or `exists` must roll back.
 */
export interface ErasureStore {
  /** Destroys the person's keys, empties their bodies, blanks their principal. */
  erase(principalId: string, draft: EntryDraft): Promise<Erased>;
  setHold(hold: NewHold, draft: EntryDraft): Promise<Recorded>;
  liftHold(holdId: string, draft: EntryDraft): Promise<Lifted>;
}

export interface NewHold {
  readonly holdId: string;
  readonly scope: HoldScope;
  readonly until: Instant | null;
}
