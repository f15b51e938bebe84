import { ConfigInvalid, loadConfig } from '../config.js';
import { openPlatform } from '../platform.js';
import { verifyLedger } from '../verify/verify-ledger.io.js';
import { renderReport } from './render-report.js';

/** Exit codes: 0 accepted, 1 refused, 2 the command itself could not be carried out. */
const REFUSED = 1;
const FAILED = 2;

const USAGE = `assay – judges artefacts, and keeps a record that strangers can verify

  assay ledger verify   recompute every leaf, fact, decision, waiver, grant and blob; name what was changed
  assay help            this text

It talks to the database that DATABASE_URL names, or to the one that \`npm start\` runs.`;

/** One command; answers the exit code. What it found goes to standard output, what stopped it to standard error. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const command = args.join(' ');
  if (command === '' || command === 'help' || command === '--help') {
    console.log(USAGE);
    return 0;
  }
  if (command !== 'ledger verify') {
    console.error(`assay: no such command: ${command}\n\n${USAGE}`);
    return FAILED;
  }
  try {
    return await ledgerVerify();
  } catch (error) {
    const known = error instanceof ConfigInvalid || error instanceof Error;
    console.error(`assay: ${known ? error.message : String(error)}`);
    return FAILED;
  }
}

async function ledgerVerify(): Promise<number> {
  const platform = await openPlatform({ ...loadConfig(), logLevel: 'silent' }, 'cli');
  try {
    const report = await verifyLedger(platform);
    console.log(renderReport(report));
    return report.accepted ? 0 : REFUSED;
  } finally {
    await platform.close();
  }
}
