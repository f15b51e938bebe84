import { HttpException } from '@nestjs/common';
import type { RateLimiter } from '../access/rate-limiter.service.js';
import type { AuthenticatedRequest } from './caller.js';

/** RFC 6585 §4. */
export const TOO_MANY_REQUESTS = 429;

/** Of a Fastify instance: only what is needed here. */
interface Sending {
  addHook(
    name: 'onSend',
    hook: (request: object, reply: { header(name: string, value: string): unknown }) => Promise<void>,
  ): unknown;
}

/** Counts a request under its caller's limit, once. Throws a 429 that says when to come again. */
export async function admit(
  limiter: RateLimiter,
  request: Pick<AuthenticatedRequest, 'actor' | 'rate'>,
): Promise<void> {
  if (request.rate !== undefined || !request.actor) return;
  request.rate = (await limiter.take(request.actor)) ?? null;
  const { retryAfterSeconds, limit = 0 } = request.rate ?? {};
  if (retryAfterSeconds === undefined) return;
  const message = `at most ${String(limit)} requests a minute: ask again in ${String(retryAfterSeconds)} s`;
  throw new HttpException(
    { statusCode: TOO_MANY_REQUESTS, message, limit, retryAfterSeconds },
    TOO_MANY_REQUESTS,
  );
}

/**
 * Tells every caller how they stand: RateLimit and RateLimit-Policy as structured fields
 * (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After (RFC 9110 §10.2.3) with a refusal.
 */
export function tellRates(server: Sending): void {
  server.addHook('onSend', (request, reply) => {
    const { rate } = request as Pick<AuthenticatedRequest, 'rate'>;
    if (!rate) return Promise.resolve();
    const { policy, limit, remaining, resetSeconds, retryAfterSeconds } = rate;
    reply.header('RateLimit-Policy', `"${policy}";q=${String(limit)};w=60`);
    reply.header(
      'RateLimit',
      `"${policy}";r=${String(remaining)};t=${String(retryAfterSeconds ?? resetSeconds)}`,
    );
    if (retryAfterSeconds !== undefined) reply.header('Retry-After', String(retryAfterSeconds));
    return Promise.resolve();
  });
}
