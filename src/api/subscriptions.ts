import { randomUUID } from 'node:crypto';
import type { MercuriusOptions } from 'mercurius';
import type { AuthenticationService } from '../access/authentication.service.js';
import type { Bearer } from '../access/organisation.js';
import type { Rate, RateLimiter } from '../access/rate-limiter.service.js';
import { admit } from './admission.js';
import { actorOf } from './access.guard.js';

/** What guards and resolvers see of a connection in place of an HTTP request. */
interface Connected {
  readonly id: string;
  readonly headers: { readonly authorization: string | undefined };
  readonly actor: Bearer;
  rate?: Rate | null;
}

/** In which a connection must have said who it is (graphql-transport-ws, "Connection initialisation"). */
const INIT_MS = 5_000;
/** Closed after so long without a sign of life. */
const KEEP_ALIVE_MS = 20_000;

const introduced = new WeakSet<object>();

/** Of an HTTP server: only what is needed here. */
interface Upgrading {
  on(event: 'upgrade', listener: (request: object, socket: { destroy(): unknown }) => void): unknown;
}

/** A connection that says nothing costs memory, and is nobody's: cut after a while. */
export function cutSilent(server: Upgrading): void {
  server.on('upgrade', (_request, socket) => {
    const timer = setTimeout(() => {
      if (!introduced.has(socket)) socket.destroy();
    }, INIT_MS);
    timer.unref();
  });
}

/**
 * Subscriptions over WebSocket (`graphql-transport-ws`). Browsers cannot send a header with the upgrade, so the token
 * comes in the payload of `connection_init`, as `authorization`: whoever sends none, or a bad one, is not connected.
 * Queries and mutations are refused there: they have a door of their own, with its limits.
 */
export const subscriptions = (
  authentication: AuthenticationService,
): NonNullable<MercuriusOptions['subscription']> => ({
  // Called when a connection says who it is.
  context: (_socket, { raw }) => {
    introduced.add(raw.socket);
    return {};
  },
  fullWsTransport: false,
  keepAlive: KEEP_ALIVE_MS,
  onConnect: async ({ payload }) => {
    const given: unknown = (payload as { readonly authorization?: unknown } | undefined)?.authorization;
    const authorization = typeof given === 'string' ? given : undefined;
    try {
      return { req: await connected(authentication, authorization) };
    } catch {
      return false; // whether the token or the database is at fault is nothing to tell a stranger
    }
  },
});

/**
 * Before each subscription: the token may have expired since the connection began, and what was permitted then is
 * asked anew. Each counts as one request under its caller's limit.
 */
export async function renewCaller(
  authentication: AuthenticationService,
  limiter: RateLimiter,
  context: unknown,
): Promise<void> {
  const held = context as { req: Connected };
  held.req = await connected(authentication, held.req.headers.authorization);
  await admit(limiter, held.req);
}

const connected = async (
  authentication: AuthenticationService,
  authorization: string | undefined,
): Promise<Connected> => ({
  id: randomUUID(),
  headers: { authorization },
  actor: await actorOf(authentication, authorization),
});
