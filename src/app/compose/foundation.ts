import type { EntityManager } from 'typeorm';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PgPrincipalRead } from '../../access/principal.read.pg.js';
import type { LookUps } from '../../kernel/look-ups.js';
import type { LedgerKeys } from '../../ledger/keys.js';
import { LedgerDesk } from '../../ledger/ledger-desk.service.js';
import { PgLedgerRead } from '../../ledger/ledger.read.pg.js';
import { formatVkey } from '../../ledger/signed-note.js';
import type { BundleSources } from '../../policy/bundle-sources.port.js';
import { ACCESS_CHECKLIST } from '../../policy/checklist/checklist.js';
import { PgChecklistRead } from '../../policy/checklist/checklist.read.pg.js';
import { PgPolicyRead } from '../../policy/policy.read.pg.js';
import { GatheredEngine } from '../../rego/gathered-engine.js';
import { ThreadedEngine } from '../../rego/host/engine.io.js';
import { PgWaiverRead } from '../../waiver/waiver.read.pg.js';
import { ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { traceEngine } from '../tracing/traced-services.js';
import { composeAppends } from './appends.js';
import { BlobBundles, ChecklistPolicies, PinnedChecklists } from './policy-sources.js';

/** Compiled ahead: a worker thread cannot run TypeScript. */
const EVALUATION_THREAD = ['dist', 'src', 'rego', 'host', 'evaluate.io.js'];

export type Foundation = ReturnType<typeof composeFoundation>;

const readerWith = ({ keyEncryption }: LedgerKeys) =>
  class extends PgLedgerRead {
    constructor(on: EntityManager, lookUps?: LookUps) {
      super(on, keyEncryption, lookUps);
    }
  };

/** What several features stand on: the ledger, the engine, and what each may ask of the others. */
export function composeFoundation({ config, database, blobs, keys, clock, tracing }: Platform) {
  const ledgerKeys: LedgerKeys = {
    decision: keys.decision(),
    pseudonym: keys.pseudonym(),
    keyEncryption: keys.keyEncryption(),
  };
  const { manager } = database;
  const ledgerRead = ofOrganisations(manager, readerWith(ledgerKeys), 'latestCheckpoint');
  const policyRead = ofOrganisations(manager, PgPolicyRead);
  const checklistRead = ofOrganisations(manager, PgChecklistRead);
  const principals = ofOrganisations(manager, PgPrincipalRead, 'byClaims', 'organisationBySlug');
  const thread = pathToFileURL(join(config.root, ...EVALUATION_THREAD));
  const bundles = new BlobBundles(blobs);
  const threads = new ThreadedEngine(bundles, thread);
  const engine = new GatheredEngine(threads);
  if (tracing) traceEngine(tracing, engine);
  return {
    engine,
    closeEngine: () => threads.close(),
    bundles,
    /** What published bundles were made of: for tracing, replaying and pulling. */
    bundleSources: bundles as BundleSources,
    ledgerKeys,
    ledgerRead,
    ledgerDesk: new LedgerDesk(ledgerRead, formatVkey(keys.logOrigin(), keys.logPublic())),
    policyRead,
    principals,
    checklistRead,
    accessPolicies: new ChecklistPolicies(policyRead, checklistRead, clock, ACCESS_CHECKLIST),
    checklists: new PinnedChecklists(policyRead, checklistRead),
    waiverRead: ofOrganisations(manager, PgWaiverRead),
    ...composeAppends(database, ledgerKeys, tracing),
  };
}
