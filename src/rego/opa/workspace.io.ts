import { access, constants, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RegoSource } from '../compiler.port.js';

/** Linux' file system in memory: on a disk, making the folders of 200 modules takes longer than checking them. */
const IN_MEMORY = '/dev/shm';

/** A private folder (mode 0700) that holds the given sources while `work` runs; always removed afterwards. */
export async function inWorkspace<T>(
  files: readonly RegoSource[],
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = (await inMemory(files)) ?? (await writtenBelow(tmpdir(), files));
  try {
    return await work(workspace);
  } finally {
    await workspace.remove();
  }
}

/** Undefined where there is none or it is full. Who names a folder for temporary files (TMPDIR) means that one. */
async function inMemory(files: readonly RegoSource[]): Promise<Workspace | undefined> {
  if (process.env['TMPDIR'] !== undefined || !(await isWritable(IN_MEMORY))) return undefined;
  return writtenBelow(IN_MEMORY, files).catch(() => undefined);
}

async function writtenBelow(base: string, files: readonly RegoSource[]): Promise<Workspace> {
  const folder = await mkdtemp(join(base, `assay-rego-${String(process.pid)}-`));
  const workspace = new Workspace(folder, join(folder, 'src'));
  try {
    await writeAll(workspace.sources, files);
    return workspace;
  } catch (error) {
    await workspace.remove();
    throw error;
  }
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

async function writeAll(sources: string, files: readonly RegoSource[]): Promise<void> {
  const folders = new Set([sources, ...files.map(({ path }) => dirname(join(sources, path)))]);
  await Promise.all([...folders].map((each) => mkdir(each, { recursive: true })));
  await Promise.all(files.map(({ path, text }) => writeFile(join(sources, path), text)));
}

export class Workspace {
  constructor(
    private readonly folder: string,
    /** Where the sources lie and nothing else: the tool runs here, so that it names files as the author did. */
    readonly sources: string,
  ) {}

  /** For output files: beside the sources, never among them. */
  readonly bundle = '../bundle.tar.gz';

  readBundle(): Promise<Buffer> {
    return readFile(join(this.folder, 'bundle.tar.gz'));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  readSource(path: string): Promise<string> {
    return readFile(join(this.sources, path), 'utf8');
  }
}
