import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';

/** Where requests are traced: what their lines say of it. */
interface Traced {
  logMembers(request: object): object;
}

export interface LogSettings {
  readonly traced?: Traced | undefined;
  /** Of a request that was refused as one of very many: writing a line of each would cost what refusing saves. */
  readonly isOneOfMany?: (request: object) => boolean;
}

/** Asked every few seconds by machines; logged only when they fail. */
const PROBES = ['/health', '/metrics'];

/**
 * One line and one measurement per request, and the request's id on every answer, so that a caller can quote it.
 * The path is logged without its query and the headers not at all. A traced request's line names its trace.
 */
export function logRequests(
  server: FastifyInstance,
  metrics: Metrics,
  { traced, isOneOfMany }: LogSettings = {},
): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, url, routeOptions } = request;
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    metrics.observeRequest({ method, route: routeOptions.url ?? 'none', status }, reply.elapsedTime / 1000);
    const [path = ''] = url.split('?');
    const probed = status < 400 && PROBES.some((probe) => path.startsWith(probe));
    const quiet = probed || isOneOfMany?.(request) === true;
    const line = { method, path, status, ms, ...traced?.logMembers(request) };
    request.log[quiet ? 'debug' : 'info'](line, 'request');
    done();
  });
}
