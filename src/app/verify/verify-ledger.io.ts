import { createPublicKey } from 'node:crypto';
import { FileCheckpointCopy } from '../../ledger/checkpoint-copy.io.js';
import { readContinuation } from '../../ledger/continuation.js';
import { PgIntegratorStore } from '../../ledger/integrator.store.pg.js';
import { formatVkey, parseVkey } from '../../ledger/signed-note.js';
import { PgLedgerSnapshot } from '../../ledger/snapshot.read.pg.js';
import type { VerificationReport, VerifiedUpTo } from '../../ledger/verify.js';
import { VerifyService, type FormerLog, type Pass, type TrustAnchors } from '../../ledger/verify.service.js';
import { DATABASE_ROLES } from '../database/roles.js';
import { checkpointFile } from '../platform/checkpoint-file.js';
import type { Platform } from '../platform/platform.js';
import { witnessPolicy } from '../platform/witness-policy.io.js';
import { domainChecks } from './checks.js';

/**
 * Recomputes everything: entries, tree, signatures, personal fields, and every domain row and blob that an entry
 * vouches for – all as of one moment, while the service goes on.
 */
export const verifyLedger = async (platform: Platform): Promise<VerificationReport> =>
  (await verifyPass(platform)).report;

/** A full pass, or, from where an earlier one ended, the new entries only. */
export async function verifyPass(platform: Platform, from?: VerifiedUpTo): Promise<Pass> {
  const { database, keys, blobs } = platform;
  const anchors = await anchorsOf(platform);
  return database.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    await manager.query(`SET LOCAL ROLE ${DATABASE_ROLES.across}`); // of every organisation
    const service = new VerifyService(anchors, domainChecks(manager, blobs, keys.pseudonym()));
    const snapshot = new PgLedgerSnapshot(manager, keys.keyEncryption());
    return from === undefined ? service.fullPass(snapshot) : service.newEntries(snapshot, from);
  });
}

async function anchorsOf({ config, database, keys }: Platform): Promise<TrustAnchors> {
  const vkey = formatVkey(keys.logOrigin(), keys.logPublic());
  const log = parseVkey(vkey);
  if (!log.ok) throw new Error('our own log key has no vkey');
  const kept = await new FileCheckpointCopy(checkpointFile(config)).read();
  const spki = createPublicKey(keys.decision()).export({ type: 'spki', format: 'der' });
  return {
    log: log.value,
    decisionKeys: new Set([spki.toString('base64')]),
    ...(kept === undefined ? {} : { keptNote: kept }),
    witnesses: witnessPolicy(config, vkey),
    formerLogs: await formerLogs(database),
  };
}

/** As the log itself declares; that these entries are as they were signed is checked with all the others. */
async function formerLogs({ manager }: Platform['database']): Promise<readonly FormerLog[]> {
  const declared = await new PgIntegratorStore(manager).continuations();
  return declared.flatMap((entry): FormerLog[] => {
    const continuation = readContinuation(entry);
    if (!continuation) return [];
    const log = parseVkey(continuation.formerVkey);
    return log.ok ? [{ log: log.value, until: entry.seq, lastNote: continuation.formerCheckpoint }] : [];
  });
}
