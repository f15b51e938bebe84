import { join } from 'node:path';
import { FileCheckpointCopy } from '../../ledger/checkpoint-copy.io.js';
import {
  ContinuationService,
  type Continued,
  type ContinuationProblem,
} from '../../ledger/continuation.service.js';
import { PgLedger } from '../../ledger/ledger.store.pg.js';
import { formatVkey, parseVkey } from '../../ledger/signed-note.js';
import { PgTileRead } from '../../ledger/tile.read.pg.js';
import { ofAll } from '../database/on-behalf-of.js';
import { transactions } from '../database/transaction.js';
import { checkpointFile } from '../platform/checkpoint-file.js';
import { loadConfig, type Config } from '../platform/config.js';
import { writeFileDurably } from '../platform/durable-file.io.js';
import { openPlatform, type Platform } from '../platform/platform.js';
import { DONE, REFUSED } from './exit-code.js';
import { readArgs, UsageFault } from './usage.js';

export interface ContinueOrder {
  readonly origin: string;
  readonly formerVkey?: string;
  readonly copyLost: boolean;
}

/** Reads the arguments of `assay ledger continue`; throws UsageFault. */
export function continueOrder(args: readonly string[]): ContinueOrder {
  const { values } = readArgs(args, {
    origin: { type: 'string' },
    'former-vkey': { type: 'string' },
    'copy-lost': { type: 'boolean' },
  });
  const { origin, 'former-vkey': formerVkey, 'copy-lost': copyLost = false } = values;
  if (origin === undefined) throw new UsageFault('--origin NAME is required: the name of the new log');
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(origin))
    throw new UsageFault(
      `--origin ${origin}: a host name in lower case is expected, such as e2.ledger.example`,
    );
  if (formerVkey !== undefined && !parseVkey(formerVkey).ok)
    throw new UsageFault(
      '--former-vkey: the former log’s key is expected as name+id+base64, as checkpoint.vkey has it',
    );
  return { origin, copyLost, ...(formerVkey === undefined ? {} : { formerVkey }) };
}

/** `assay ledger continue --origin NEW`: a new log on the entries of a restored database (docs/OPERATING.md). */
export async function ledgerContinue(args: readonly string[]): Promise<number> {
  const order = continueOrder(args);
  const config = loadConfig();
  const platform = await openPlatform({ ...config, logLevel: 'silent' }, 'cli');
  try {
    const begun = await continueLog(platform, order);
    console.log(begun.ok ? done(config, begun.value) : refused(begun.problem));
    return begun.ok ? DONE : REFUSED;
  } finally {
    await platform.close();
  }
}

/** The command without its words; writes the new origin where the doors find it, unless the environment names it. */
export async function continueLog(
  { config, database, keys, clock }: Platform,
  { origin, formerVkey, copyLost }: ContinueOrder,
) {
  const ledgerKeys = {
    decision: keys.decision(),
    pseudonym: keys.pseudonym(),
    keyEncryption: keys.keyEncryption(),
  };
  const service = new ContinuationService(
    transactions(database, (on) => ({ ledger: new PgLedger(on, ledgerKeys) })),
    new PgTileRead(database.manager),
    new FileCheckpointCopy(checkpointFile(config)),
    clock,
  );
  const organisations = await ofAll(database.manager).query<{ id: string }[]>(
    'SELECT org_id AS id FROM assay.organisation ORDER BY org_id',
  );
  const begun = await service.begin({
    origin,
    copyLost,
    vkeyOf: (name) => formerVkey ?? formatVkey(name, keys.logPublic()),
    orgIds: organisations.map(({ id }) => id),
  });
  if (begun.ok && config.logOrigin === undefined)
    writeFileDurably(join(config.dataDir, 'keys', 'log-origin'), `${origin}\n`);
  return begun;
}

const done = (config: Config, { seq, origin, formerOrigin, keptSize }: Continued): string =>
  [
    `entry ${String(seq)} says that ${origin} continues ${formerOrigin}, of which ${String(keptSize)} entries are left as they were signed`,
    ...(config.logOrigin === undefined ? [] : [`now set ASSAY_LOG_ORIGIN=${origin} for every door`]),
    'start the integrator: it signs under the new name. Tell everybody who holds a checkpoint of the old one',
  ].join('\n');

function refused(problem: ContinuationProblem): string {
  switch (problem.kind) {
    case 'NothingSigned':
      return 'refused: nothing was ever signed, so there is nothing to continue. Start the integrator';
    case 'StillConsistent':
      return `refused: the database continues the checkpoint of ${String(problem.size)} entries. Start the integrator`;
    case 'CopyMissing':
      return 'refused: the copy of the last checkpoint is not in the data folder. Bring it from where the integrator ran, or say --copy-lost';
    case 'OriginInUse':
      return `refused: ${problem.origin} has named a log already. Take a name that never did`;
    case 'FormerUnreadable':
      return `refused: the last checkpoint does not verify (${problem.cause.kind}). Had the old log another key? Then say --former-vkey`;
    case 'HistoryChanged':
      return `refused: the entries are not those that were signed at ${String(problem.signedSize)}. That is no restore: run npx assay ledger verify`;
    case 'IdempotencyConflict':
      return `refused: entry ${String(problem.seq)} says something else of the same origin. Take another name`;
  }
}
