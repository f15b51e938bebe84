import { checkpointFile } from '../platform/checkpoint-file.js';
import { FileCheckpointCopy } from '../../ledger/checkpoint-copy.io.js';
import { IntegratorService } from '../../ledger/integrator.service.js';
import { PgIntegratorStore } from '../../ledger/integrator.store.pg.js';
import type { Config } from '../platform/config.js';
import { transactions } from '../database/transaction.js';
import { EXIT_FOR_A_PERSON, type OpenDoor } from './door.io.js';
import { openPlatform } from '../platform/platform.js';

const OUTAGE_PAUSE_MS = 1_000;

/** The process that alone holds the log key: grows the tree and signs it, until told to stop. */
export async function openIntegrator(config: Config): Promise<OpenDoor> {
  const platform = await openPlatform(config, 'integrator');
  const { keys, logger } = platform;
  const service = new IntegratorService(
    transactions(platform.database, (on) => new PgIntegratorStore(on)),
    new FileCheckpointCopy(checkpointFile(config)),
    { name: keys.logOrigin(), privateKey: keys.log() },
  );
  const stop = new AbortController();
  const running = keepIntegrating(service, stop.signal, logger);
  return {
    close: async () => {
      stop.abort();
      await running;
      await platform.close();
    },
  };
}

/** Outages of the database are waited out; a history that changed is not. */
async function keepIntegrating(
  service: IntegratorService,
  signal: AbortSignal,
  logger: Awaited<ReturnType<typeof openPlatform>>['logger'],
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
