/** Length of the window that limits are counted in; the customer's figure is per minute. */
export const WINDOW_MS = 60_000;

/**
 * One principal's requests: a sliding window estimated from two fixed ones, so that nobody gets twice the limit across
 * the turn of a minute.
 */
export interface RateWindow {
  /** In the current minute. */
  readonly used: number;
  readonly previous: number;
  /** Since the current minute began. */
  readonly elapsedMs: number;
}

/** Requests counted within the last minute, as if those of the minute before had been evenly spread. */
export const countedIn = ({ used, previous, elapsedMs }: RateWindow): number =>
  previous * Math.max(0, 1 - elapsedMs / WINDOW_MS) + used;

/** How many more fit now. */
export const remainingIn = (window: RateWindow, limit: number): number =>
  Math.max(0, Math.floor(limit - countedIn(window)));

/** Until `points` fit, if nobody asks meanwhile. Never more than two windows, and never nothing. */
export function waitMs({ used, previous, elapsedMs }: RateWindow, limit: number, points: number): number {
  const room = limit - points;
  if (used <= room && previous > 0) {
    // The minute before fades: previous × (1 − t / window) + used = room.
    const at = WINDOW_MS * (1 - (room - used) / previous);
    return Math.max(1, Math.ceil(at - elapsedMs));
  }
  const untilNext = Math.max(0, WINDOW_MS - elapsedMs);
  const fading = used <= room ? 0 : WINDOW_MS * (1 - room / used);
  return Math.max(1, Math.ceil(untilNext + fading));
}

/**
 * Taken at once: below 400 a minute each request is counted by itself; above that in blocks of half a percent, so that
 * a service at thousands of requests a second does not write one row for each. What is left of a block at the end of
 * its minute is lost: a limit is never exceeded, and undercut by half a percent per replica at most.
 */
export const blockOf = (limit: number): number => Math.max(1, Math.floor(limit / 200));
