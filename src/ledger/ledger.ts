import type { Result } from '../kernel/result.js';
import type { EntryDraft } from './entry.js';

/** `exists`: this key was appended before with the same content; `seq` is the old entry's, nothing was written. */
export interface AppendOutcome {
  readonly status: 'created' | 'exists';
  readonly seq: number;
}

/** The key was used for something else, which stands at `seq`. Nothing was written. */
export interface IdempotencyConflict {
  readonly kind: 'IdempotencyConflict';
  readonly seq: number;
}

/**
 * The record of all that happened. Lives on the caller's transaction: the entry exists if and only if that
 * commits, and its number has no gap before it.
 *
 * `append` is the LAST act of a transaction: it takes the one sequence lock and holds it until commit, so
 * anything after it makes every other writer wait. A rollback gives the number back. Throws on a draft that
 * cannot be stated (no subject, no canonical JSON): that is a bug of the caller.
 *
 * Not promised: a checkpoint that covers the entry. The integrator writes that a moment later.
 */
export interface Ledger {
  append(draft: EntryDraft): Promise<Appended>;
}

export type Appended = Result<AppendOutcome, IdempotencyConflict>;

/** A ledger that takes many drafts in one round trip: an outcome for each, in their order. At most `GROUP_LIMIT`. */
export interface GroupLedger extends Ledger {
  appendAll(drafts: readonly EntryDraft[]): Promise<readonly Appended[]>;
}

/** Records of one group. */
export const GROUP_LIMIT = 500;

/**
 * As much is waiting to be appended as this replica takes on. Nothing was recorded and nothing is lost: ask again
 * in a moment, with the same idempotency key. What HTTP calls 503.
 */
export interface LedgerBusy {
  readonly kind: 'LedgerBusy';
  readonly waiting: number;
}
