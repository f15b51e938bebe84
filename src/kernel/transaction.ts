import type { Result } from './result.js';

/**
 * Runs `work` in one database transaction with stores that live on it: what is transactional is what you were
 * handed. Commits when the result is ok; a failed result rolls back exactly like an exception. Serialisation
 * failures and deadlocks are retried a bounded number of times, so `work` must have no other side effects.
 */
export type InTransaction<Stores> = <T, P>(
  work: (stores: Stores) => Promise<Result<T, P>>,
) => Promise<Result<T, P>>;
