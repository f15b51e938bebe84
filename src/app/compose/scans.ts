import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import type { EvidenceService } from '../../evidence/evidence.service.js';
import { PgArtefactStore } from '../../evidence/artefact.store.pg.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { PgDispatchStore } from '../../ledger/dispatch.store.pg.js';
import type { Ledger } from '../../ledger/ledger.js';
import { LocalScanners } from '../../scan/install/installed.io.js';
import { LocalPreparedSources } from '../../scan/prepared-sources.io.js';
import { LinuxSandbox } from '../../scan/sandbox/linux-sandbox.io.js';
import { ScanDesk } from '../../scan/scan-desk.service.js';
import { ScanRunner } from '../../scan/scan-runner.service.js';
import { ScanWorker } from '../../scan/scan-worker.service.js';
import { PgScanRead } from '../../scan/scan.read.pg.js';
import { ScanService } from '../../scan/scan.service.js';
import { PgScanStore, PgSourceStore } from '../../scan/scan.store.pg.js';
import { SourceService } from '../../scan/source.service.js';
import { QUEUES } from '../queues/queue-registry.js';
import type { Platform } from '../platform/platform.js';
import { traceScans } from '../tracing/traced-services.js';
import { ofAll, ofOrganisations } from '../database/on-behalf-of.js';

interface Standing {
  readonly evidence: EvidenceService;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

const MIB = 2 ** 20;
const SCAN_PROCESSES = 512;
const SCRATCH_BYTES = 2048 * MIB;
/** Reports are small; what is larger than this is a mistake, and evidence of one. */
const REPORT_BYTES = 64 * MIB;

/** Scans: asked for through the API, done by the worker. */
export function composeScans(
  { config, database, clock, tracing, sources: archives }: Platform,
  { evidence, withLedger }: Standing,
) {
  const sources = new SourceService(
    withLedger((on) => ({ sources: ofOrganisations(on, PgSourceStore, 'unneeded') })),
    archives,
    config.sourceLimitBytes,
    clock,
  );
  const prepared = new LocalPreparedSources(archives, join(config.dataDir, 'scan'), config.checkoutsFolder);
  const runner = new ScanRunner(
    new LocalScanners(config.scannersDir, config.scannerDataDir),
    prepared,
    new LinuxSandbox(() => prepared.workFolder()),
    {
      timeMs: config.scanSeconds * 1000,
      memoryBytes: config.scanMemoryBytes,
      processes: SCAN_PROCESSES,
      scratchBytes: SCRATCH_BYTES,
      reportBytes: Math.min(REPORT_BYTES, config.uploadLimitBytes),
    },
  );
  const scanWorker = new ScanWorker(
    withLedger((on) => ({
      scans: ofOrganisations(on, PgScanStore),
      dispatch: new PgDispatchStore(ofAll(on)),
    })),
    runner,
    evidence,
    sources,
    clock,
  );
  if (tracing) traceScans(tracing, scanWorker);
  return {
    sources,
    preparedSources: prepared,
    scans: new ScanService(
      withLedger((on) => ({
        artefacts: ofOrganisations(on, PgArtefactStore),
        scans: ofOrganisations(on, PgScanStore),
        sources: ofOrganisations(on, PgSourceStore, 'unneeded'),
      })),
      clock,
    ),
    scanDesk: new ScanDesk(ofOrganisations(database.manager, PgScanRead), clock, QUEUES.scan.concurrency),
    scanWorker,
  };
}
