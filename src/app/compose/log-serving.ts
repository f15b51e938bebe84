import { ProofDesk } from '../../ledger/proof-desk.service.js';
import { formatVkey } from '../../ledger/signed-note.js';
import { TileServer } from '../../ledger/tile-server.service.js';
import { PgTileRead } from '../../ledger/tile.read.pg.js';
import type { Platform } from '../platform/platform.js';
import { witnessPolicy } from '../platform/witness-policy.io.js';

/** The log for strangers: tiles, checkpoints, proofs. */
export function composeLogServing({ config, database, keys }: Platform) {
  const read = new PgTileRead(database.manager);
  const witnesses = witnessPolicy(config, formatVkey(keys.logOrigin(), keys.logPublic()));
  return { witnesses, proofDesk: new ProofDesk(read), tileServer: new TileServer(read, witnesses.hasQuorum) };
}
