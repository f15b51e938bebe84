import { PgDispatchStore } from '../../ledger/dispatch.store.pg.js';
import type { Config } from '../platform/config.js';
import { transactions } from '../database/transaction.js';
import { Dispatcher } from '../queues/dispatcher.io.js';
import { DriftLoop } from '../queues/drift-loop.io.js';
import { RunLoop } from '../queues/run-loop.io.js';
import { isAlive } from '../platform/process-list.io.js';
import type { OpenDoor } from './door.io.js';
import { openMetricsServer } from '../operations/metrics-server.io.js';
import { measuredQueues } from '../operations/queue-metrics.js';
import { workerReadiness } from '../operations/readiness.js';
import { workerMetrics } from '../operations/worker-metrics.js';
import { openPlatform } from '../platform/platform.js';
import { processorsOf } from '../queues/processors.js';
import { entryJob, QUEUES, type EntryJob } from '../queues/queue-registry.js';
import { openQueues } from '../queues/queues.js';
import { EntryTraces } from '../tracing/entry-traces.js';
import { tracedQueues } from '../tracing/traced-queues.js';
import { composeServices } from '../compose/services.js';
import { WAIVER_TICK_MS } from '../../waiver/clock/waiver-clock.service.js';
import { VerifyJob } from '../verify/verify-job.io.js';

/** Sources that nobody asked to scan are looked for so often. */
const SWEEP_SOURCES_MS = 60 * 60 * 1000;

/** Opens the worker: dispatches the ledger's entries as jobs, and does them. */
export async function openWorker(config: Config): Promise<OpenDoor> {
  const platform = await openPlatform(config, 'worker');
  const { logger, databaseUrl, database } = platform;
  const registry = workerMetrics(platform);
  const checks = workerReadiness(platform);
  const metrics = await openMetricsServer(platform, config.workerMetricsPort, { registry, checks });
  const services = composeServices(platform);
  const opened = openQueues({ redisUrl: config.redisUrl, databaseUrl, logger });
  const measured = measuredQueues(opened, registry);
  const queues = platform.tracing ? tracedQueues(measured, platform.tracing) : measured;
  await services.preparedSources.removeAbandoned(isAlive);
  const processors = processorsOf(services);
  for (const [name, spec] of Object.entries(QUEUES) as [
    keyof typeof QUEUES,
    (typeof QUEUES)[keyof typeof QUEUES],
  ][])
    queues.work<EntryJob>(spec.name, (payload) => processors[name].handle(entryJob.parse(payload)), spec);
  const dispatcher = new Dispatcher({
    tx: transactions(database, (on) => ({ dispatch: new PgDispatchStore(on) })),
    queues,
    databaseUrl,
    logger,
    ...(platform.tracing && { traces: new EntryTraces(platform.tracing) }),
  });
  await dispatcher.start();
  const drift = new DriftLoop({
    followers: [services.insight, services.staleMarker],
    rejudger: services.rejudger,
    queues,
    logger,
  });
  drift.start();
  const runs = new RunLoop({ watch: services.gateRunWatch, gates: services.gates, queues, logger });
  runs.start();
  const sweeping = setInterval(() => {
    services.sources.sweep().catch((error: unknown) => {
      logger.warn({ err: error }, 'removing unneeded sources failed; trying again');
    });
  }, SWEEP_SOURCES_MS);
  const watching = setInterval(() => {
    services.waiverClock.tick().catch((error: unknown) => {
      logger.warn({ err: error }, 'recording what ended or is late failed; trying again');
    });
  }, WAIVER_TICK_MS);
  const verifyJob = new VerifyJob(platform);
  verifyJob.start();
  return {
    ...(metrics.url !== undefined && { metricsUrl: metrics.url }),
    close: async () => {
      await metrics.close();
      await dispatcher.stop();
      await drift.stop();
      await runs.stop();
      await verifyJob.stop();
      clearInterval(sweeping);
      clearInterval(watching);
      await queues.close();
      await services.preparedSources.close();
      await services.close();
      await platform.close();
    },
  };
}
