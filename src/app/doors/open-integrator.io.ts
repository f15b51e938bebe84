import { checkpointFile } from '../platform/checkpoint-file.js';
import { FileCheckpointCopy } from '../../ledger/checkpoint-copy.io.js';
import { IntegratorService } from '../../ledger/integrator.service.js';
import { PgIntegratorStore } from '../../ledger/integrator.store.pg.js';
import type { Config } from '../platform/config.js';
import { transactions } from '../database/transaction.js';
import { EXIT_FOR_A_PERSON, type OpenDoor } from './door.io.js';
import { integratorMetrics } from '../operations/integrator-metrics.js';
import { openMetricsServer } from '../operations/metrics-server.io.js';
import { integratorReadiness } from '../operations/readiness.js';
import { openPlatform, type Platform } from '../platform/platform.js';
import { witnessPolicy } from '../platform/witness-policy.io.js';
import { formatVkey } from '../../ledger/signed-note.js';
import { HttpWitnessClient } from '../../ledger/witness-http.io.js';
import type { WitnessPolicy } from '../../ledger/witness-policy.js';
import { WitnessService } from '../../ledger/witness.service.js';
import { PgWitnessStore } from '../../ledger/witness.store.pg.js';
import { traceIntegrator } from '../tracing/traced-services.js';
import { AppendNotifications } from './append-signal.io.js';

const OUTAGE_PAUSE_MS = 1_000;

/** The process that alone holds the log key: grows the tree and signs it, until told to stop. */
export async function openIntegrator(config: Config): Promise<OpenDoor> {
  const platform = await openPlatform(config, 'integrator');
  const { keys, logger } = platform;
  const appends = new AppendNotifications(platform.databaseUrl, logger);
  const service = new IntegratorService(
    transactions(platform.database, (on) => new PgIntegratorStore(on)),
    new FileCheckpointCopy(checkpointFile(config)),
    { name: keys.logOrigin(), privateKey: keys.log() },
    appends,
  );
  if (platform.tracing) traceIntegrator(platform.tracing, service);
  const policy = witnessPolicy(config, formatVkey(keys.logOrigin(), keys.logPublic()));
  const witnesses = policy.witnesses.length > 0 ? askWitnesses(platform, policy) : undefined;
  const metrics = await openMetricsServer(platform, config.integratorMetricsPort, {
    registry: integratorMetrics(platform, witnesses),
    checks: integratorReadiness(platform),
  });
  const stop = new AbortController();
  const running = Promise.all([
    keepIntegrating(service, stop.signal, logger),
    ...(witnesses ? [keepWitnessed(witnesses, stop.signal, logger)] : []),
  ]);
  return {
    ...(metrics.url !== undefined && { metricsUrl: metrics.url }),
    close: async () => {
      await metrics.close();
      stop.abort();
      await running;
      await appends.close();
      await platform.close();
    },
  };
}

/** Outages of the database are waited out; a history that changed is not. */
async function keepIntegrating(
  service: IntegratorService,
  signal: AbortSignal,
  logger: Platform['logger'],
): Promise<void> {
  while (!signal.aborted) {
    try {
      const ended = await service.run(signal);
      if (ended.ok) return;
      logger.fatal({ problem: ended.problem }, 'refusing to sign: the log is not what was signed before');
      process.exit(EXIT_FOR_A_PERSON);
    } catch (error) {
      logger.warn({ err: error }, 'the database did not answer; trying again');
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_PAUSE_MS));
    }
  }
}

const askWitnesses = ({ database, logger }: Platform, policy: WitnessPolicy): WitnessService =>
  new WitnessService(
    transactions(database, (on) => new PgWitnessStore(on)),
    policy,
    new HttpWitnessClient(),
    (refusal) => {
      logger.error(refusal, 'a witness did not cosign');
    },
  );

/** Beside the integrator: a witness that is slow, or away, delays no checkpoint. */
async function keepWitnessed(
  service: WitnessService,
  signal: AbortSignal,
  logger: Platform['logger'],
): Promise<void> {
  while (!signal.aborted) {
    try {
      await service.run(signal);
    } catch (error) {
      logger.warn({ err: error }, 'asking the witnesses failed; trying again');
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_PAUSE_MS));
    }
  }
}
