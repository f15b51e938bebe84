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
  append(draft: EntryDraft): Promise<Result<AppendOutcome, IdempotencyConflict>>;
}
