import { installScanner, InstallFailed } from '../../scan/install/installer.io.js';
import { LocalScanners } from '../../scan/install/installed.io.js';
import { howToInstall, pinnedVersion } from '../../scan/install/recipe.js';
import { SCANNERS, scannerNamed } from '../../scan/scanner-registry.js';
import { loadConfig } from '../platform/config.js';
import { DONE, REFUSED } from './exit-code.js';
import { messageOf } from './message-of.js';
import { UsageFault } from './usage.js';

/** `assay scanners [install [--missing] [NAME…]]`: what the worker of this machine can run, and how it gets the rest. */
export async function scannersCommand(args: readonly string[]): Promise<number> {
  const [command, ...names] = args;
  if (command !== undefined && command !== 'install') throw new UsageFault(`no such command: ${command}`);
  const unknown = names.filter((name) => name !== '--missing' && !scannerNamed(name));
  if (unknown.length > 0) throw new UsageFault(`no such scanner: ${unknown.join(', ')}`);
  const { scannersDir, scannerDataDir } = loadConfig();
  const scanners = new LocalScanners(scannersDir, scannerDataDir);
  if (command === undefined) return list(scanners);
  const missing = names.includes('--missing') || names.length === 0;
  return install(
    scanners,
    names.filter((name) => name !== '--missing'),
    missing,
  );
}

async function list(scanners: LocalScanners): Promise<number> {
  for (const adapter of SCANNERS) {
    const found = await scanners.find(adapter);
    const data = adapter.data && (await scanners.data(adapter.data));
    const state = found
      ? `installed ${found.version}`
      : `missing    ${howToInstall(adapter.name, adapter.install)}`;
    const dated =
      adapter.data === undefined
        ? ''
        : data
          ? `; data of ${data.dataDate ?? 'unknown age'}`
          : `; no data in ${adapter.data}/`;
    console.log(`${adapter.name.padEnd(16)} ${adapter.kinds.join(', ').padEnd(16)} ${state}${dated}`);
  }
  return DONE;
}

/** Without names all that a registry has. `onlyMissing`: what is there in its pinned version stays. One that fails does not keep the rest away. */
async function install(
  scanners: LocalScanners,
  names: readonly string[],
  onlyMissing: boolean,
): Promise<number> {
  const wanted = SCANNERS.filter(({ name, install: { from } }) =>
    names.length === 0 ? from !== 'system' : names.includes(name),
  );
  let failures = 0;
  for (const adapter of wanted) {
    const there = onlyMissing ? await scanners.find(adapter) : undefined;
    if (there) {
      console.log(`${adapter.name}: ${there.version} is there`);
      continue;
    }
    try {
      const began = Date.now();
      const version = await installScanner(adapter, scanners);
      const seconds = Math.round((Date.now() - began) / 1000);
      const pinned = pinnedVersion(adapter.install);
      const surprise = version === pinned ? '' : `, although ${pinned ?? 'none'} was asked for`;
      console.log(`${adapter.name}: installed ${version}${surprise} in ${String(seconds)} s`);
    } catch (error) {
      failures += 1;
      const because = error instanceof InstallFailed ? error.message : messageOf(error);
      console.error(`${adapter.name}: not installed: ${because}`);
    }
  }
  return failures === 0 ? DONE : REFUSED;
}
