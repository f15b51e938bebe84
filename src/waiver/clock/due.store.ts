import type { Instant } from '../../kernel/clock.js';
import type { Due } from './due.js';

/** What time does to waivers, as a work list. Lives on one transaction. */
export interface DueStore {
  /** Adding twice is harmless. */
  add(due: Due): Promise<void>;
  /**
   * The item that has been due the longest at `at`, and after `after` where that is given: ours until the transaction
   * ends. Items that others hold are passed over.
   */
  next(at: Instant, after?: Due): Promise<Due | undefined>;
  /** It is done: never again. */
  handled(due: Due, at: Instant): Promise<void>;
}
