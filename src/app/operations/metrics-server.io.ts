import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Platform } from '../platform/platform.js';
import { mayReadMetrics } from './metrics-access.js';
import { assess, type ReadinessChecks } from './readiness.js';

/** What a door without an API shows of itself. */
export interface Shown {
  readonly registry: Registry;
  readonly checks: ReadinessChecks;
}

export interface MetricsServer {
  readonly url?: string;
  close(): Promise<void>;
}

/** A scraper that sends its request this slowly is none. */
const REQUEST_LIMIT_MS = 5_000;

/**
 * `/health`, `/health/live`, `/health/ready` and `/metrics` as the API has them, for a door that has no other listener. None where
 * no port is configured. Rejects when the port cannot be had.
 */
export async function openMetricsServer(
  platform: Pick<Platform, 'config' | 'logger' | 'close'>,
  port: number | undefined,
  shown: Shown,
): Promise<MetricsServer> {
  if (port === undefined) return { close: () => Promise.resolve() };
  const { config, logger } = platform;
  const token = config.metricsToken ?? null;
  const server = createServer(
    { requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        logger.warn({ err: error }, 'the metrics could not be collected');
        send(response, 500, 'text/plain', 'the metrics could not be collected: see the log\n');
      });
    },
  );
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path] = (request.url ?? '').split('?');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && path === '/health/live') send(response, 200, JSON_TYPE, '{"live":true}');
    else if (isRead && (path === '/health' || path === '/health/ready')) {
      const readiness = await assess(shown.checks);
      send(response, readiness.ready ? 200 : 503, JSON_TYPE, JSON.stringify(readiness));
    } else if (isRead && path === '/metrics' && mayReadMetrics(request, token))
      send(response, 200, shown.registry.contentType, await shown.registry.metrics());
    else send(response, 404, 'text/plain', 'not found\n');
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, config.metricsHost, resolve);
    });
  } catch (error) {
    await platform.close(); // nothing else stands on it yet
    throw error;
  }
  const { address, family, port: listening } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${listening}`;
  logger.info({ url }, 'metrics and health are served');
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
