import { createHash, randomUUID } from 'node:crypto';
import { close, fstatSync, open as openFile, read as readFrom } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BlobStore, BlobPart, OpenBlob } from '../../kernel/blob.js';
import { algorithmOf, digestFrom, hexOf, sha256, type Digest } from '../../kernel/digest.js';

/** What a killed put left is removed after this long; a put that takes longer does not exist. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
/** Of a stream, at once. */
const READ_BYTES = 256 * 1024;
/** Most documents are smaller. */
const SMALL_BYTES = 64 * 1024;

/**
 * Blobs on a local disk: `<folder>/<orgId>/sha256/ab/<hex>`. A blob gets its name only when all of it is flushed,
 * so that what can be read is whole, also after a crash. Several processes may share the folder.
 */
export class LocalBlobStore implements BlobStore {
  constructor(private readonly folder: string) {}

  async put(orgId: string, bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const target = this.pathOf(orgId, hexOf(digest));
    if ((await sizeOf(target)) === bytes.length) {
      await syncFolder(dirname(target)); // another process may have named it a moment ago
      return digest;
    }
    await this.store(orgId, async (file) => {
      await file.writeFile(bytes);
      return hexOf(digest); // of the same memory: it need not be hashed twice
    });
    return digest;
  }

  async putStream(
    orgId: string,
    source: AsyncIterable<Uint8Array>,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    let sizeBytes = 0;
    const hex = await this.store(orgId, async (file) => {
      const hash = createHash('sha256');
      for await (const chunk of source) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        await file.appendFile(chunk);
      }
      return hash.digest('hex');
    });
    return { digest: digestFrom(`sha256:${hex}`), sizeBytes };
  }

  async get(orgId: string, digest: Digest): Promise<Buffer | undefined> {
    if (algorithmOf(digest) !== 'sha256') return undefined;
    try {
      return await readInOne(this.pathOf(orgId, hexOf(digest)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async open(orgId: string, digest: Digest, part?: BlobPart): Promise<OpenBlob | undefined> {
    if (algorithmOf(digest) !== 'sha256') return undefined;
    try {
      const file = await open(this.pathOf(orgId, hexOf(digest)), 'r');
      const { size } = await file.stat();
      return { sizeBytes: size, bytes: file.createReadStream({ highWaterMark: READ_BYTES, ...part }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Removes what puts of killed processes left behind. Called once at boot. */
  async removeAbandoned(nowMs: number): Promise<number> {
    let removed = 0;
    for (const orgId of await namesIn(this.folder)) {
      const incoming = join(this.folder, orgId, 'incoming');
      for (const name of await namesIn(incoming)) {
        const { mtimeMs } = await stat(join(incoming, name));
        if (nowMs - mtimeMs < ABANDONED_AFTER_MS) continue;
        await rm(join(incoming, name), { force: true });
        removed += 1;
      }
    }
    return removed;
  }

  /** `write` answers by which hash the bytes that it has written are named. */
  private async store(orgId: string, write: (file: FileHandle) => Promise<string>): Promise<string> {
    const incoming = join(this.folderOf(orgId), 'incoming');
    await ensureFolder(incoming);
    const draft = join(incoming, randomUUID());
    try {
      const hex = await writeFlushed(draft, write);
      const target = this.pathOf(orgId, hex);
      await ensureFolder(dirname(target));
      await rename(draft, target); // over an equal blob: harmless
      await syncFolder(dirname(target));
      return hex;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  private pathOf(orgId: string, hex: string): string {
    return join(this.folderOf(orgId), 'sha256', hex.slice(0, 2), hex);
  }

  private folderOf(orgId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(orgId)) throw new Error('not an organisation id'); // it becomes part of a path
    return join(this.folder, orgId);
  }
}

/** A blob has its name only when it is whole: the size is a second look, not the first. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeFlushed(path: string, write: (file: FileHandle) => Promise<string>): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hex = await write(file);
    await file.sync();
    return hex;
  } finally {
    await file.close();
  }
}

/** `mkdir -p` that survives a crash: every folder above a new one is flushed. */
async function ensureFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(first)) return;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}

const opened = promisify(openFile);
const readOnce = promisify(readFrom);

/**
 * All of a file, a small one in two turns of the event loop: `readFile` takes five, and while a service is busy each turn is
 * some milliseconds.
 */
async function readInOne(path: string): Promise<Buffer> {
  const descriptor = await opened(path, 'r');
  try {
    const { size } = fstatSync(descriptor); // of an open file the kernel knows it without looking at the disk
    if (size > SMALL_BYTES) return await readFile(path);
    const { bytesRead, buffer } = await readOnce(descriptor, Buffer.allocUnsafeSlow(size), 0, size, 0);
    return bytesRead === size ? buffer : await readFile(path);
  } finally {
    close(descriptor, ignore);
  }
}

/** Nothing was written: there is nothing to lose. */
function ignore(): void {
  // and nobody to tell
}
