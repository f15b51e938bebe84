import { createPublicKey } from 'node:crypto';
import { FileCheckpointCopy } from '../../ledger/checkpoint-copy.io.js';
import { formatVkey, parseVkey } from '../../ledger/signed-note.js';
import { PgLedgerSnapshot } from '../../ledger/snapshot.read.pg.js';
import type { VerificationReport } from '../../ledger/verify.js';
import { VerifyService } from '../../ledger/verify.service.js';
import { checkpointFile } from '../platform/checkpoint-file.js';
import type { Platform } from '../platform/platform.js';
import { activationCheck } from './activation-check.js';
import { artefactCheck } from './artefact-check.js';
import { decisionCheck } from './decision-check.js';
import { draftCheck } from './draft-check.js';
import { evidenceCheck } from './evidence-check.js';
import { gateCheck } from './gate-check.js';
import { grantCheck } from './grant-check.js';
import { policyCheck } from './policy-check.js';
import { waiverCheck } from './waiver-check.js';

/**
 * Recomputes everything: entries, tree, signatures, personal fields, and every domain row and blob that an entry
 * vouches for – all as of one moment, while the service goes on.
 */
export async function verifyLedger(platform: Platform): Promise<VerificationReport> {
  const { config, database, keys, blobs } = platform;
  const log = parseVkey(formatVkey(keys.logOrigin(), keys.logPublic()));
  if (!log.ok) throw new Error('our own log key has no vkey');
  const kept = await new FileCheckpointCopy(checkpointFile(config)).read();
  const spki = createPublicKey(keys.decision()).export({ type: 'spki', format: 'der' });
  return database.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    const service = new VerifyService(
      {
        log: log.value,
        decisionKeys: new Set([spki.toString('base64')]),
        ...(kept === undefined ? {} : { keptNote: kept }),
      },
      [
        decisionCheck(manager),
        waiverCheck(manager),
        policyCheck(manager),
        draftCheck(manager),
        activationCheck(manager, keys.pseudonym()),
        grantCheck(manager, keys.pseudonym()),
        gateCheck(manager),
        artefactCheck(manager, keys.pseudonym()),
        evidenceCheck(manager, blobs),
      ],
    );
    return service.verify(new PgLedgerSnapshot(manager, keys.keyEncryption()));
  });
}
