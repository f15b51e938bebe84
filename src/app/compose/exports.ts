import { createPublicKey } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { PrincipalRead } from '../../access/principal.read.js';
import { sha256 } from '../../kernel/digest.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { PgDispatchStore } from '../../ledger/dispatch.store.pg.js';
import { spkiOf } from '../../ledger/leaf.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { formatVkey } from '../../ledger/signed-note.js';
import type { TileServer } from '../../ledger/tile-server.service.js';
import { readContinuation, type RecordedContinuation } from '../../ledger/continuation.js';
import { PgIntegratorStore } from '../../ledger/integrator.store.pg.js';
import type { WitnessPolicy } from '../../ledger/witness-policy.js';
import { ExportDesk } from '../../outbound/export/export-desk.service.js';
import type { ExportProjects } from '../../outbound/export/export-projects.port.js';
import { PgExportSource } from '../../outbound/export/export-source.read.pg.js';
import { PgExportRead } from '../../outbound/export/export.read.pg.js';
import { ExportService, type InstalledSettings } from '../../outbound/export/export.service.js';
import { PgExportStore } from '../../outbound/export/export.store.pg.js';
import { PackMaker } from '../../outbound/export/pack-maker.service.js';
import { coveredNote, witnessSettings } from '../../outbound/export/witness-settings.js';
import type { Platform } from '../platform/platform.js';
import { traceExports } from '../tracing/traced-services.js';
import { readVersion } from '../platform/version.io.js';
import { ofAll, ofOne, ofOrganisations } from '../database/on-behalf-of.js';

interface Standing {
  readonly authoriser: Authoriser;
  readonly principals: PrincipalRead;
  readonly ledgerRead: LedgerRead;
  readonly witnesses: WitnessPolicy;
  readonly tileServer: TileServer;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

/** Evidence packs: asked for and handed over by the API, made by the worker, which alone has the export key. */
export function composeExports(
  platform: Platform,
  { authoriser, principals, ledgerRead, witnesses, tileServer, withLedger }: Standing,
) {
  const { database, blobs, keys, clock } = platform;
  const { manager } = database;
  const read = ofOrganisations(manager, PgExportRead, 'beginning');
  const stores = withLedger((on) => ({
    exports: ofOrganisations(on, PgExportStore),
    dispatch: new PgDispatchStore(ofAll(on)),
  }));
  const published = async (): Promise<string | undefined> => {
    const note = await tileServer.checkpoint();
    return note === undefined ? undefined : coveredNote(note, witnesses);
  };
  const formerLogs = async (): Promise<readonly RecordedContinuation[]> =>
    (await new PgIntegratorStore(manager).continuations()).flatMap((entry) => readContinuation(entry) ?? []);
  const packMaker = new PackMaker(
    stores,
    {
      ledger: ledgerRead,
      openSource: (request) => new PgExportSource(ofOne(manager, request.orgId), request),
    },
    blobs,
    () => keys.export(),
    clock,
  );
  if (platform.tracing) traceExports(platform.tracing, packMaker);
  return {
    exports: new ExportService(
      stores,
      { exports: read, published, projects: new ProjectsOf(principals), formerLogs },
      () => installedSettings(platform, witnesses),
      clock,
    ),
    exportDesk: new ExportDesk(
      read,
      withLedger(() => ({})),
      blobs,
      authoriser,
      clock,
    ),
    packMaker,
  };
}

function installedSettings({ config, keys }: Platform, policy: WitnessPolicy): InstalledSettings {
  const origin = keys.logOrigin();
  const witnesses = witnessSettings(policy);
  return {
    generatorVersion: readVersion(config.root),
    log: { origin, vkey: formatVkey(origin, keys.logPublic()) },
    decisionKeys: [spkiOf(createPublicKey(keys.decision())).toString('base64')],
    exportKey: sha256(keys.exportPublic().export({ type: 'spki', format: 'der' })),
    ...(witnesses && { witnesses }),
  };
}

class ProjectsOf implements ExportProjects {
  constructor(private readonly principals: PrincipalRead) {}

  async projectId(orgId: string, slugOrId: string): Promise<string | undefined> {
    const all = await this.principals.projects(orgId);
    return all.find(({ slug, projectId }) => slug === slugOrId || projectId === slugOrId)?.projectId;
  }
}
