import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import type { MercuriusOptions } from 'mercurius';
import type { AuthenticationService } from '../access/authentication.service.js';
import type { Bearer } from '../access/organisation.js';
import type { Rate, RateLimiter } from '../access/rate-limiter.service.js';
import { admit } from './admission.js';
import { actorOf } from './access.guard.js';
import type { Overload } from './overload/overload.service.js';

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
  // Called when a connection says who it is, and again when it says so twice.
  context: (socket, { raw }) => {
    if (!introduced.has(raw.socket)) codeErrors(socket);
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
 * asked anew. Each counts as one request under its caller's limit, and takes a place while it is admitted.
 */
export async function renewCaller(
  authentication: AuthenticationService,
  { limiter, overload }: { readonly limiter: RateLimiter; readonly overload: Overload },
  { context, show }: { readonly context: unknown; readonly show: ShowErrors },
): Promise<void> {
  const held = context as { req: Connected };
  try {
    await overload.during(async () => {
      held.req = await connected(authentication, held.req.headers.authorization);
      await admit(limiter, held.req);
    });
  } catch (error) {
    throw firstShown(show, held.req.id, error);
  }
}

/** What a caller may see of an error of the request with this id (`publicErrors`). */
export type ShowErrors = (error: GraphQLError, requestId: string) => readonly GraphQLError[];

/**
 * Makes refusals and faults at the beginning of a subscription say what they would over HTTP. Mercurius formats the
 * errors of events alone; those of `subscribe` it sends as they are, without a code and with our faults unmasked.
 */
export function showSubscribeErrors(schema: GraphQLSchema, show: ShowErrors): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field;
    if (!subscribe) continue;
    field.subscribe = async (root: unknown, args, context: { req: Connected }, info) => {
      try {
        return await subscribe(root, args, context, info);
      } catch (error) {
        throw firstShown(show, context.req.id, error, info);
      }
    };
  }
  return schema;
}

function firstShown(show: ShowErrors, requestId: string, error: unknown, info?: GraphQLResolveInfo): unknown {
  const originalError = error instanceof Error ? error : new Error(String(error));
  const located = new GraphQLError(originalError.message, {
    originalError,
    // As execution would have placed it: a path means that the request itself was in order.
    ...(info && { nodes: info.fieldNodes, path: [info.path.key] }),
  });
  return show(located, requestId)[0] ?? located;
}

/** Of a `ws` socket: only what is needed here. */
interface Sending {
  send(data: unknown, ...rest: unknown[]): void;
}

/** As Mercurius writes it: the type first. */
const ERROR_FRAME = '{"type":"error"';

/**
 * What is refused before a subscription begins (syntax, depth, variables, another operation) Mercurius sends by itself;
 * only the socket sees it. It is always a mistake in the request.
 */
function codeErrors(socket: object): void {
  const sending = socket as Sending;
  const send = sending.send.bind(socket);
  sending.send = (data, ...rest) => {
    send(typeof data === 'string' && data.startsWith(ERROR_FRAME) ? coded(data) : data, ...rest);
  };
}

function coded(frame: string): string {
  const message = JSON.parse(frame) as { payload: readonly { extensions?: { code?: string } }[] };
  const payload = message.payload.map((error) => ({
    ...error,
    extensions: { code: 'BAD_REQUEST', ...error.extensions },
  }));
  return JSON.stringify({ ...message, payload });
}

const connected = async (
  authentication: AuthenticationService,
  authorization: string | undefined,
): Promise<Connected> => ({
  id: randomUUID(),
  headers: { authorization },
  actor: await actorOf(authentication, authorization),
});
