import { loadConfig } from '../platform/config.js';
import { openPlatform } from '../platform/platform.js';
import { verifyLedger } from '../verify/verify-ledger.io.js';
import { DONE, REFUSED } from './exit-code.js';
import { renderReport } from './render-report.js';
import { readArgs } from './usage.js';

/** `assay ledger verify` */
export async function ledgerVerify(args: readonly string[]): Promise<number> {
  readArgs(args, {});
  const platform = await openPlatform({ ...loadConfig(), logLevel: 'silent' }, 'cli');
  try {
    const report = await verifyLedger(platform);
    console.log(renderReport(report));
    return report.accepted ? DONE : REFUSED;
  } finally {
    await platform.close();
  }
}
