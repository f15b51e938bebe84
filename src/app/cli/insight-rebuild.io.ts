import { composeServices } from '../compose/services.js';
import { loadConfig } from '../platform/config.js';
import { openPlatform } from '../platform/platform.js';
import { DONE } from './exit-code.js';
import { readArgs } from './usage.js';

/** `assay insight rebuild`: forgets the read models of the key figures and makes them again from the ledger. */
export async function insightRebuild(args: readonly string[]): Promise<number> {
  readArgs(args, {});
  const platform = await openPlatform({ ...loadConfig(), logLevel: 'silent' }, 'cli');
  const services = composeServices(platform);
  try {
    console.log(`key figures made again from ${String(await services.insight.rebuild())} entries`);
    return DONE;
  } finally {
    await services.close();
    await platform.close();
  }
}
