import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RegoSource } from '../compiler.port.js';

/** A private folder (mode 0700) that holds the given sources while `work` runs; always removed afterwards. */
export async function inWorkspace<T>(
  files: readonly RegoSource[],
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `assay-rego-${String(process.pid)}-`));
  try {
    const sources = join(folder, 'src');
    await mkdir(sources);
    const folders = new Set(files.map(({ path }) => dirname(join(sources, path))));
    for (const each of folders) await mkdir(each, { recursive: true });
    await Promise.all(files.map(({ path, text }) => writeFile(join(sources, path), text)));
    return await work(new Workspace(folder, sources));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

  readSource(path: string): Promise<string> {
    return readFile(join(this.sources, path), 'utf8');
  }
}
