import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ScannerAdapter } from '../adapter.js';
import { pinnedVersion } from './recipe.js';
import type { InstalledScanner, InstalledScanners, ScannerData } from './installed.port.js';

/** Written last: a folder without it is half an installation. */
export const INSTALLED_FILE = 'installed.json';
const installedFile = z.looseObject({ version: z.string() });
const snapshotFile = z.looseObject({ takenAt: z.iso.datetime({ offset: true }) });
const goIndexFile = z.looseObject({ modified: z.iso.datetime({ offset: true }) });
/** What every sandbox shows anyway. */
const SYSTEM = /^\/(?:usr|bin|sbin|lib)(?:\/|$)/;
const VERSION_MS = 20_000;

/** Scanners in a folder of ours, and those that the system brings along. */
export class LocalScanners implements InstalledScanners {
  constructor(
    /** Each below it as `name-version`. */
    private readonly folder: string,
    private readonly dataFolder: string,
    private readonly searchPath: string = process.env['PATH'] ?? '',
  ) {}

  /** Where a scanner is, or would be, installed. */
  folderOf({ name, install }: ScannerAdapter): string {
    return join(this.folder, `${name}-${pinnedVersion(install) ?? 'system'}`);
  }

  async find(adapter: ScannerAdapter): Promise<InstalledScanner | undefined> {
    const languages = this.languages(adapter);
    if (!languages) return undefined;
    const { install } = adapter;
    if (install.from === 'system') return this.onSystem(install, languages);
    const tool = this.folderOf(adapter);
    const version = await readJson(join(tool, INSTALLED_FILE), installedFile);
    if (!version || !existsSync(join(tool, install.program))) return undefined;
    const home = install.from === 'pypi' ? prefixOf(join(tool, 'venv/bin/python')) : undefined;
    const visible = [tool, ...(home === undefined ? [] : [home]), ...languages.visible];
    return { tool, version: version.version, visible: unique(visible), path: languages.path };
  }

  /** Its age is what its maker says: `snapshot.json`, or the index of a database of Go's. */
  async data(name: NonNullable<ScannerAdapter['data']>): Promise<ScannerData | undefined> {
    const folder = join(this.dataFolder, name);
    if (!existsSync(folder)) return undefined;
    const snapshot = await readJson(join(folder, 'snapshot.json'), snapshotFile);
    const index = snapshot ? undefined : await readJson(join(folder, 'index/db.json'), goIndexFile);
    const date = snapshot?.takenAt ?? index?.modified;
    return { folder, dataDate: date === undefined ? null : new Date(date).toISOString() };
  }

  private async onSystem(
    install: Extract<ScannerAdapter['install'], { from: 'system' }>,
    languages: Languages,
  ): Promise<InstalledScanner | undefined> {
    const program = this.onPath(install.program);
    if (program === undefined) return undefined;
    const said = await outputOf(program, install.version);
    const version = install.versionPattern.exec(said)?.[1];
    if (version === undefined) return undefined;
    const folder = dirname(program);
    return {
      tool: '',
      version,
      visible: unique([folder, ...languages.visible]),
      path: [...new Set([folder, ...languages.path])],
    };
  }

  /** Where the languages live that a scanner calls; undefined when one is missing. */
  private languages({ languages = [] }: ScannerAdapter): Languages | undefined {
    const found: Languages = { visible: [], path: [] };
    for (const language of languages) {
      if (language === 'python') continue; // the scanner's own environment names its own
      const program = language === 'node' ? process.execPath : this.onPath(language);
      if (program === undefined) return undefined;
      const prefix = prefixOf(program);
      found.visible.push(prefix);
      found.path.push(join(prefix, 'bin'));
    }
    return found;
  }

  private onPath(program: string): string | undefined {
    const found = this.searchPath
      .split(delimiter)
      .map((folder) => join(folder, program))
      .find(isExecutable);
    return found === undefined ? undefined : realpathSync(found);
  }
}

interface Languages {
  readonly visible: string[];
  readonly path: string[];
}

const unique = (folders: readonly string[]): readonly string[] => {
  const own = [...new Set(folders)].filter((folder) => !SYSTEM.test(folder));
  // A folder within another that is shown is there already.
  return own.filter((folder) => !own.some((other) => other !== folder && folder.startsWith(`${other}/`)));
};

/** `/opt/x` of `/opt/x/bin/program`, links followed. */
const prefixOf = (program: string): string => dirname(dirname(realpathSync(program)));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Undefined when it is absent or not what it should be. */
async function readJson<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    return shape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

const outputOf = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: VERSION_MS }, (error, stdout, stderr) => {
      resolve(error ? '' : stdout + stderr);
    });
  });
