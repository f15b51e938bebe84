import { PgStandingRebuildStore } from '../../gate/drift/standing-rebuild.store.pg.js';
import { ofAll } from '../database/on-behalf-of.js';
import { loadConfig } from '../platform/config.js';
import { openPlatform } from '../platform/platform.js';
import { DONE } from './exit-code.js';
import { readArgs } from './usage.js';

/** `assay standing rebuild`: makes the read model of standing decisions anew, and says how much of it was wrong. */
export async function standingRebuild(args: readonly string[]): Promise<number> {
  readArgs(args, {});
  const platform = await openPlatform({ ...loadConfig(), logLevel: 'silent' }, 'cli');
  try {
    const { missing, changed, invented, decisions } = await platform.database.transaction((on) =>
      new PgStandingRebuildStore(ofAll(on)).rebuild(),
    );
    const wrong = missing + changed + invented;
    console.log(
      `standing decisions made again from ${String(decisions)} decisions: ` +
        (wrong === 0
          ? 'no row differed'
          : `${String(wrong)} rows differed (${String(missing)} missing, ${String(changed)} changed, ${String(invented)} invented)`),
    );
    return DONE;
  } finally {
    await platform.close();
  }
}
