import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFrom, hexOf, type Digest } from '../kernel/digest.js';
import { isUuid } from '../kernel/id.js';
import type { SourceArchives, StagedSource } from './source-archives.port.js';

const READ_BYTES = 256 * 1024;

/** On a local disk that API and worker share: `<folder>/<orgId>/<hex>`, readable by nobody else. */
export class LocalSources implements SourceArchives {
  constructor(private readonly folder: string) {}

  async stage(orgId: string, bytes: AsyncIterable<Uint8Array>): Promise<StagedSource> {
    const folder = this.folderOf(orgId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `incoming-${randomUUID()}`);
    const discard = (): Promise<void> => rm(draft, { force: true });
    try {
      const { hex, sizeBytes } = await write(draft, bytes);
      const keep = (): Promise<void> => rename(draft, join(folder, hex));
      return { digest: digestFrom(`sha256:${hex}`), sizeBytes, keep, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async open(orgId: string, digest: Digest): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const file = await open(this.pathOf(orgId, digest), 'r');
      return file.createReadStream({ highWaterMark: READ_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  remove(orgId: string, digest: Digest): Promise<void> {
    return rm(this.pathOf(orgId, digest), { force: true });
  }

  private pathOf(orgId: string, digest: Digest): string {
    return join(this.folderOf(orgId), hexOf(digest));
  }

  private folderOf(orgId: string): string {
    if (!isUuid(orgId)) throw new Error('not an organisation id'); // it becomes part of a path
    return join(this.folder, orgId);
  }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      await file.appendFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { hex: hash.digest('hex'), sizeBytes };
}
