import { blockOf, remainingIn, waitMs, WINDOW_MS } from './rate-limit.js';
import type { Bearer, PrincipalKind } from './organisation.js';
import type { RateStore } from './rate.store.js';

/** Requests per minute by class of principal; 0: without limit. */
export type RateLimits = Readonly<Record<PrincipalKind, number>>;

/** How a request stands under its limit: what the standard headers say. */
export interface Rate {
  /** Name of the policy: the class of principal, or `grant` where a grant says more. */
  readonly policy: string;
  readonly limit: number;
  readonly remaining: number;
  /** Until the window is over. */
  readonly resetSeconds: number;
  /** Only where the request is refused. */
  readonly retryAfterSeconds?: number;
}

/** What this replica took of a principal's limit and has not used, or how long it need not ask again. */
interface Held {
  readonly limit: number;
  left: number;
  /** Of the shared window, when it was last asked. */
  readonly remaining: number;
  /** On the monotonic clock. */
  readonly endsAt: number;
  readonly refusedUntil: number;
}

/** Principals that ask within a minute; beyond that the oldest are forgotten, and asked for again. */
const MAX_HELD = 100_000;

/**
 * Limits how often a principal may ask, over all replicas. A refusal is remembered until it would be another answer, so
 * that a flood of requests does not reach the database.
 */
export class RateLimiter {
  private readonly held = new Map<string, Held>();
  private readonly asking = new Map<string, Promise<void>>();

  constructor(
    private readonly store: RateStore,
    private readonly limits: RateLimits,
    /** Monotonic milliseconds. */
    private readonly elapsedMs: () => number,
  ) {}

  /** Undefined where there is no limit. */
  async take(bearer: Bearer): Promise<Rate | undefined> {
    const { kind, principalId, requestsPerMinute } = bearer;
    const granted = kind === 'person' ? null : requestsPerMinute;
    const limit = granted ?? this.limits[kind];
    if (limit === 0) return undefined;
    const policy = granted === null ? kind : 'grant';
    for (;;) {
      const now = this.elapsedMs();
      const held = this.held.get(principalId);
      if (held?.limit === limit && now < held.endsAt && held.left > 0) {
        held.left -= 1;
        return {
          policy,
          limit,
          remaining: held.remaining + held.left,
          resetSeconds: seconds(held.endsAt - now),
        };
      }
      if (held?.limit === limit && now < held.refusedUntil)
        return {
          ...{ policy, limit, remaining: 0, resetSeconds: seconds(held.endsAt - now) },
          retryAfterSeconds: seconds(held.refusedUntil - now),
        };
      await this.ask(bearer, limit);
    }
  }

  /** One question at a time per principal: whoever comes meanwhile looks again at what it brought. */
  private async ask(bearer: Bearer, limit: number): Promise<void> {
    const { principalId } = bearer;
    const asked = this.asking.get(principalId) ?? this.askStore(bearer, limit);
    this.asking.set(principalId, asked);
    try {
      await asked;
    } finally {
      if (this.asking.get(principalId) === asked) this.asking.delete(principalId);
    }
  }

  private async askStore(bearer: Bearer, limit: number): Promise<void> {
    const points = blockOf(limit);
    const { taken, ...window } = await this.store.take(bearer, points, limit);
    const now = this.elapsedMs();
    if (this.held.size >= MAX_HELD) this.held.delete(this.held.keys().next().value ?? '');
    this.held.delete(bearer.principalId);
    this.held.set(bearer.principalId, {
      limit,
      left: taken ? points : 0,
      remaining: remainingIn(window, limit),
      endsAt: now + Math.max(1, WINDOW_MS - window.elapsedMs),
      refusedUntil: taken ? 0 : now + waitMs(window, limit, points),
    });
  }
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
