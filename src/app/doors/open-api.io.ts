import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import { tellRates } from '../../api/admission.js';
import { Overload } from '../../api/overload/overload.service.js';
import { cutSilent } from '../../api/subscriptions.js';
import { ApiModule } from './api.module.js';
import { DEFAULT_PORT, type Config } from '../platform/config.js';
import type { OpenDoor } from './door.io.js';
import { nestLogger } from '../operations/nest-logger.js';
import { kpiMetrics } from '../operations/kpi-metrics.js';
import { appendMetrics } from '../operations/append-metrics.js';
import { openMetrics, type Metrics } from '../operations/metrics.js';
import { OperationsModule } from '../operations/operations.module.js';
import { openPlatform, type Platform } from '../platform/platform.js';
import { overloadMetrics } from '../operations/overload-metrics.js';
import { logRequests } from '../operations/request-log.js';
import { tracingMetrics } from '../operations/tracing-metrics.js';
import { operationNames, TracedRequests } from '../tracing/traced-requests.js';
import { readOperations } from './operations.io.js';
import { composeServices, type Services } from '../compose/services.js';
import { acceptUploads } from './uploads.io.js';

/** A caller's request id is taken over when it looks like one, so that one id follows a request everywhere. */
const REQUEST_ID = /^[\w.-]{8,64}$/;

/** Opens the API: platform, application, HTTP. */
export async function openApi(config: Config): Promise<OpenDoor> {
  const platform = await openPlatform(config, 'api');
  const services = composeServices(platform);
  const app = await createApi(platform, services);
  await app.listen(config.port ?? DEFAULT_PORT, config.host);
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      await services.close();
      await platform.close();
    },
  };
}

/** Before all other hooks, so that what they do is seen. */
function traceRequests(
  { config, tracing }: Platform,
  adapter: FastifyAdapter,
  { registry }: Metrics,
): TracedRequests | undefined {
  if (!tracing) return undefined;
  tracingMetrics(registry, tracing);
  const requests = new TracedRequests(tracing, operationNames(readOperations(config.root)));
  requests.watch(adapter.getInstance());
  return requests;
}

/** The HTTP application, not yet listening: what tests send requests to. */
export async function createApi(platform: Platform, services: Services): Promise<NestFastifyApplication> {
  const { config, logger } = platform;
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    bodyLimit: config.bodyLimitBytes,
    logController: new LogController({ disableRequestLogging: true }), // request-log.ts writes one line instead of two
    genReqId: ({ headers }: IncomingMessage) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const metrics = openMetrics(platform);
  appendMetrics(metrics.registry, services.appends);
  kpiMetrics(metrics.registry, services.insight);
  const traced = traceRequests(platform, adapter, metrics);
  const overload = new Overload(
    { places: config.maxInProgress, waiting: config.maxWaiting, waitMs: config.maxWaitMs },
    (state, refused) => {
      if (state === 'begins') logger.warn('more is asked than can be done: refusing (OVERLOADED)');
      else logger.warn({ refused }, 'nobody is refused any more');
    },
  );
  overloadMetrics(metrics.registry, overload);
  logRequests(adapter.getInstance(), metrics, {
    traced,
    isOneOfMany: (request) => overload.wasRefused(request),
  });
  overload.guard(adapter.getInstance());
  acceptUploads(adapter.getInstance());
  tellRates(adapter.getInstance());
  const api = ApiModule.register(platform, services, { overload, traced });
  const app = await NestFactory.create<NestFastifyApplication>(
    { ...api, imports: [...(api.imports ?? []), OperationsModule.register(platform, metrics)] },
    adapter,
    { logger: nestLogger(logger) },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  cutSilent(app.getHttpServer());
  return app;
}
