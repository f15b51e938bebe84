import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { refusedBody, UploadRefused } from './upload-refused.js';

/** How an upload was compressed, by the names of HTTP (RFC 9110 §8.4.1, RFC 8878). */
export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Told by an upload's first bytes too, since a file may be compressed and nobody say so. */
const MAGIC: readonly (readonly [Encoding, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];
const LONGEST_MAGIC = 4;
/** Reports repeat themselves a lot: 50 to 1 was seen. Text that nobody made to harm does not reach this. */
const MOST_BYTES_PER_BYTE = 200;
/** Below this the ratio harms nobody, whatever it is. */
const RATIO_FROM_BYTES = 32 * 1024 * 1024;
/** Of a decompressor that was given bytes that are not its own. */
const NOT_COMPRESSED = /^(?:Z_|ERR__|ERR_TRAILING|ERR_PADDING|ZSTD_)/;

const openers: Readonly<Record<Encoding, (() => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: zstdOpener(),
};

/** Node has it since 22.15 and 23.8. */
function zstdOpener(): (() => Transform) | undefined {
  const open = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  return open && (() => open());
}

export interface Plain {
  readonly encoding: Encoding | null;
  /** To be read once. Throws `UploadRefused`. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * An upload without its compression: as `contentEncoding` (the HTTP header) says, else as its first bytes show.
 * Refuses, as soon as it is seen: what cannot be decompressed here, what is not what it says, what is compressed
 * twice, and what grows beyond all measure. Throws `UploadRefused`.
 */
export async function plainOf(
  received: AsyncIterable<Uint8Array>,
  contentEncoding: string | undefined,
): Promise<Plain> {
  const [head, whole] = await peek(received);
  const declared = declaredEncoding(contentEncoding);
  const encoding = declared ?? encodingOf(head);
  if (encoding === undefined) return { encoding: null, bytes: whole };
  const open = openers[encoding];
  if (!open)
    throw new UploadRefused({
      kind: 'InvalidInput',
      path: 'content-encoding',
      expected: 'gzip, deflate or br: zstd needs Node 22.15 or newer on the server',
    });
  return { encoding, bytes: decompressed(whole, open()) };
}

function declaredEncoding(header: string | undefined): Encoding | undefined {
  const name = header?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return undefined;
  const known = name === 'x-gzip' ? 'gzip' : name;
  if (Object.hasOwn(openers, known)) return known as Encoding;
  const expected = 'one of gzip, deflate, br, zstd, identity';
  throw new UploadRefused({ kind: 'InvalidInput', path: 'content-encoding', expected });
}

const encodingOf = (head: Uint8Array): Encoding | undefined =>
  MAGIC.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0];

async function* decompressed(source: AsyncIterable<Uint8Array>, open: Transform): AsyncGenerator<Uint8Array> {
  const count = { received: 0, plain: 0 };
  const readable = Readable.from(counted(source, count), { objectMode: false });
  const done = pipeline(readable, open);
  done.catch(() => undefined); // heard below
  try {
    for await (const chunk of open as AsyncIterable<Uint8Array>) {
      if (count.plain === 0 && encodingOf(chunk)) throw refusedBody('a report that is compressed once');
      count.plain += chunk.length;
      if (count.plain > RATIO_FROM_BYTES && count.plain > count.received * MOST_BYTES_PER_BYTE)
        throw refusedBody(`at most ${String(MOST_BYTES_PER_BYTE)} bytes for each compressed one`);
      yield chunk;
    }
    await done;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && NOT_COMPRESSED.test(code)) throw refusedBody('whole compressed data');
    throw error;
  } finally {
    readable.destroy();
    open.destroy();
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: { received: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count.received += chunk.length;
    yield chunk;
  }
}

/** The first bytes, and everything. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const rest = source[Symbol.asyncIterator]();
  let head: Uint8Array = Buffer.alloc(0);
  while (head.length < LONGEST_MAGIC) {
    const next = await rest.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return [head, together(head, rest)];
}

async function* together(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
