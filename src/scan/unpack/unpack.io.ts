import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { fromFd, type Entry, type ZipFile } from 'yauzl';
import {
  ArchiveRefused,
  UNPACK_LIMITS,
  UnpackRules,
  type ArchiveEntry,
  type ArchiveFault,
  type UnpackLimits,
} from './unpack-rules.js';
import { failed, ok, type Result } from '../../kernel/result.js';

export interface Unpacked {
  readonly files: number;
  /** Symbolic links within the archive, which were left out. */
  readonly links: number;
}

/** Header blocks between two files of a tar; more than this for names alone is an attack on our memory. */
const MAX_HEADER_BYTES = 8 * 2 ** 20;
const HEADER_BYTES_PER_ENTRY = 8 * 1024;

/**
 * Unpacks a tar, tar.gz or zip, told apart by content, into an empty folder that is ours. Nothing but ordinary files
 * and folders is made, none outside, none executable by set-uid. After a fault the folder is to be removed.
 */
export async function unpack(
  archive: string,
  folder: string,
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<Result<Unpacked, ArchiveFault>> {
  try {
    const unpackAs = { tar: unpackTar, gzip: unpackTar, zip: unpackZip }[await formatOf(archive)];
    return ok(await unpackAs(archive, folder, limits));
  } catch (error) {
    if (error instanceof ArchiveRefused) return failed(error.fault);
    if (isFault(error)) return failed({ kind: 'malformed', detail: error.message.slice(0, 200) });
    throw error;
  }
}

/** What a parser says of the archive; errors of the system have a `syscall`. */
const isFault = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'message' in error && !('syscall' in error);

async function formatOf(archive: string): Promise<'tar' | 'gzip' | 'zip'> {
  const file = await open(archive, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(512), 0, 512, 0);
    if (buffer.readUInt16BE(0) === 0x1f8b) return 'gzip';
    if (['PK\x03\x04', 'PK\x05\x06'].includes(buffer.toString('latin1', 0, 4))) return 'zip';
    if (buffer.toString('latin1', 257, 262) === 'ustar') return 'tar';
    throw new ArchiveRefused({ kind: 'unknown-format' });
  } finally {
    await file.close();
  }
}

async function unpackTar(archive: string, folder: string, limits: UnpackLimits): Promise<Unpacked> {
  const source = createReadStream(archive);
  const rules = new UnpackRules(limits, () => source.bytesRead);
  const headers = new HeaderWatch(limits.totalBytes);
  const parts = extract();
  const gzip = (await formatOf(archive)) === 'gzip';
  const feeding = gzip ? pipeline(source, createGunzip(), headers, parts) : pipeline(source, headers, parts);
  const reading = (async () => {
    for await (const entry of parts) {
      headers.entered();
      await place(rules, folder, tarEntry(entry.header), headers.leaving(entry as AsyncIterable<Buffer>));
      entry.resume();
    }
  })();
  await both(feeding, reading);
  rules.finish();
  return rules.counts;
}

/** The error that came first says what happened; the other is its echo. */
async function both(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  const settled = await Promise.allSettled([one, other]);
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const refused = errors.find((error) => error instanceof ArchiveRefused);
  if (refused) throw refused;
  if (errors.length > 0) throw errors.find((error) => !isFault(error)) ?? errors[0];
}

/** Between the bytes of a tar and its parser, which holds a header of any length in memory. */
class HeaderWatch extends Transform {
  private passed = 0;
  private left = 0;
  private entries = 0;

  constructor(private readonly totalBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passed += chunk.byteLength;
    const headers = this.passed - this.left;
    if (headers > MAX_HEADER_BYTES + this.entries * HEADER_BYTES_PER_ENTRY)
      done(new ArchiveRefused({ kind: 'malformed', detail: 'headers of unreasonable length' }));
    else if (this.passed > 2 * this.totalBytes)
      done(new ArchiveRefused({ kind: 'too-large', limit: this.totalBytes }));
    else done(null, chunk);
  }

  entered(): void {
    this.entries += 1;
  }

  async *leaving(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      this.left += chunk.byteLength;
      yield chunk;
    }
  }
}

const TAR_TYPES: Readonly<Record<string, ArchiveEntry['type']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'symlink',
  link: 'link',
};

/** The parser's types promise more than it keeps: it has no name for some types, and no link for most. */
const tarEntry = ({ name, type, size, linkname, mode }: Header): Readied => ({
  name,
  type: TAR_TYPES[type] ?? 'other',
  sizeBytes: size,
  executable: (mode & 0o100) !== 0,
  ...(typeof linkname === 'string' && { target: linkname }),
});

type Readied = ArchiveEntry & { readonly executable: boolean };

async function place(
  rules: UnpackRules,
  folder: string,
  entry: Readied,
  bytes: AsyncIterable<Buffer>,
): Promise<void> {
  const placed = rules.place(entry);
  if (placed.do === 'nothing') return;
  const path = join(folder, placed.path);
  if (placed.do === 'directory') {
    await mkdir(path, { recursive: true, mode: 0o755 });
    return;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  if (placed.do === 'link') {
    await link(join(folder, placed.to), path);
    return;
  }
  const counted = async function* (): AsyncGenerator<Buffer> {
    let ofFile = 0;
    for await (const chunk of bytes) {
      ofFile += chunk.byteLength;
      rules.unpacked(chunk.byteLength, entry.name, ofFile);
      yield chunk;
    }
  };
  // `wx`: on a file system that does not tell A from a, the second is an error and not a change of the first.
  const mode = entry.executable ? 0o755 : 0o644;
  try {
    await pipeline(Readable.from(counted()), createWriteStream(path, { flags: 'wx', mode }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new ArchiveRefused({ kind: 'name-twice', name: entry.name.slice(0, 200) });
    throw error;
  }
}

async function unpackZip(archive: string, folder: string, limits: UnpackLimits): Promise<Unpacked> {
  const file = await open(archive, 'r');
  const { size } = await file.stat();
  const rules = new UnpackRules(limits, () => size);
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    // Names are judged by our own rules, and sizes by what comes out.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: true, strictFileNames: true };
    fromFd(file.fd, options, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  }).catch(async (error: unknown) => {
    await file.close();
    throw named(error);
  });
  try {
    for await (const entry of entriesOf(zip)) {
      const readied = zipEntry(entry);
      if (entry.isEncrypted())
        throw new ArchiveRefused({ kind: 'encrypted', name: readied.name.slice(0, 200) });
      if (readied.type === 'directory') await place(rules, folder, readied, nothing());
      else if (readied.type === 'symlink') {
        const target = await linkTarget(await openEntry(zip, entry));
        await place(rules, folder, { ...readied, target }, nothing());
      } else await place(rules, folder, readied, await openEntry(zip, entry));
    }
  } finally {
    await file.close();
  }
  rules.finish();
  return rules.counts;
}

/** yauzl refuses some names itself, and only its words say why. */
function named(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const name = message.replace(/^[^:]*: /, '').slice(0, 200);
  if (message.startsWith('absolute path:')) return new ArchiveRefused({ kind: 'absolute-path', name });
  if (message.startsWith('invalid relative path:')) return new ArchiveRefused({ kind: 'outside', name });
  if (message.startsWith('invalid characters in fileName:'))
    return new ArchiveRefused({ kind: 'bad-name', name });
  return error;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const settle = (found: Entry | undefined, error?: unknown): void => {
        zip.removeAllListeners();
        if (error === undefined) resolve(found);
        else reject(error instanceof Error ? error : new Error('not a zip'));
      };
      zip.once('entry', (found: Entry) => {
        settle(found);
      });
      zip.once('end', () => {
        settle(undefined);
      });
      zip.once('error', (error: unknown) => {
        settle(undefined, named(error));
      });
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

const openEntry = (zip: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) {
        reject(error);
        return;
      }
      // What breaks inside is told again later, when nobody reads any more.
      stream.on('error', () => undefined);
      resolve(stream);
    });
  });

const UNIX = 3;
const TYPE_MASK = 0o170000;

function zipEntry(entry: Entry): Readied {
  const mode = entry.versionMadeBy >>> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
  const name = entry.fileName;
  const kind = mode & TYPE_MASK;
  const type =
    kind === 0o120000
      ? 'symlink'
      : name.endsWith('/') || kind === 0o040000
        ? 'directory'
        : kind === 0 || kind === 0o100000
          ? 'file'
          : 'other';
  return { name, type, sizeBytes: entry.uncompressedSize, executable: (mode & 0o100) !== 0 };
}

const MAX_TARGET_BYTES = 4096;

async function linkTarget(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_TARGET_BYTES)
      throw new ArchiveRefused({ kind: 'bad-name', name: 'the target of a link' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* nothing(): AsyncGenerator<Buffer> {
  yield* await Promise.resolve([]);
}

/** Removes what was unpacked, whatever rights the archive gave. */
export const removeUnpacked = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
