import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sha256 } from '../../kernel/digest.js';
import type { Secret } from '../platform/secret.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Who asks for the metrics of a door. */
export interface Scraper {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * With the configured token, or without one only from this machine. Behind a proxy every caller looks local, so what was
 * forwarded never counts as such.
 */
export function mayReadMetrics({ headers, socket }: Scraper, token: Secret | null): boolean {
  if (token) return equalInConstantTime(headers.authorization ?? '', `Bearer ${token.reveal()}`);
  const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !forwarded && LOOPBACK.has(socket.remoteAddress ?? '');
}

/** Over digests, which have one length whatever was given. */
const equalInConstantTime = (given: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(expected)));
