import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockOf, countedIn, remainingIn, waitMs, WINDOW_MS } from './rate-limit.js';

describe('a rate limit', () => {
  it('counts the minute before less and less', () => {
    const at = (elapsedMs: number): number => countedIn({ used: 10, previous: 100, elapsedMs });
    expect([0, WINDOW_MS / 4, WINDOW_MS / 2, WINDOW_MS].map(at)).toEqual([110, 85, 60, 10]);
  });

  it('says how long to wait: then it fits, and a moment before it does not', () => {
    const figures = fc.record({
      used: fc.integer({ min: 0, max: 1_000 }),
      previous: fc.integer({ min: 0, max: 1_000 }),
      elapsedMs: fc.integer({ min: 0, max: WINDOW_MS }),
    });
    fc.assert(
      fc.property(figures, fc.integer({ min: 1, max: 1_000 }), (window, limit) => {
        fc.pre(remainingIn(window, limit) < 1);
        const wait = waitMs(window, limit, 1);
        const after = (ms: number): number => {
          const elapsed = window.elapsedMs + ms;
          return elapsed < WINDOW_MS
            ? countedIn({ ...window, elapsedMs: elapsed })
            : countedIn({ used: 0, previous: window.used, elapsedMs: elapsed - WINDOW_MS });
        };
        expect(after(wait) + 1).toBeLessThanOrEqual(limit + 1e-9);
        expect(after(wait - 2) + 1).toBeGreaterThan(limit - 1e-9);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is taken in blocks only where it is high', () => {
    expect([1, 100, 399, 400, 60_000].map(blockOf)).toEqual([1, 1, 1, 2, 300]);
  });
});
