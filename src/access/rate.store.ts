import type { RateWindow } from './rate-limit.js';

/** Counts requests over all replicas, by one clock. */
export interface RateStore {
  /**
   * Takes `points` if they fit under `limit`, otherwise none. Callers at the same time see each other: the sum of what
   * they take never exceeds the limit.
   */
  take(
    principal: { readonly orgId: string; readonly principalId: string },
    points: number,
    limit: number,
  ): Promise<RateWindow & { readonly taken: boolean }>;
}
