import type { PackFile } from './pack.js';

const BLOCK = 512;
const ZEROS = Buffer.alloc(BLOCK);
/** Eleven octal digits. */
const MAX_SIZE = 8 ** 11 - 1;
const NAME_BYTES = 100;

/** Small pieces leave together: a pack has hundreds of thousands of them. */
const CHUNK_BYTES = 128 * 1024;

/**
 * One uncompressed POSIX ustar archive (IEEE 1003.1 pax, "ustar Interchange Format") of the files in the order they
 * come. Nothing of the machine goes in: mode 0644, owner 0, time 0, no folders, no extensions, two zero blocks last.
 */
export async function* ustar(files: AsyncIterable<PackFile>): AsyncGenerator<Buffer> {
  const waiting = new Waiting();
  for await (const { path, size, chunks } of files) {
    waiting.add(ustarHeader(path, size));
    let written = 0;
    // `for await` would wait for each chunk of a list, too.
    if (!(Symbol.asyncIterator in chunks)) {
      for (const chunk of chunks) written += waiting.add(chunk);
    } else {
      for await (const chunk of chunks) {
        written += waiting.add(chunk);
        if (waiting.bytes >= CHUNK_BYTES) yield waiting.take();
      }
    }
    if (written !== size) throw new Error(`${path}: ${String(written)} bytes, not as announced`);
    const over = written % BLOCK;
    if (over > 0) waiting.add(ZEROS.subarray(over));
    if (waiting.bytes >= CHUNK_BYTES) yield waiting.take();
  }
  waiting.add(Buffer.alloc(2 * BLOCK));
  yield waiting.take();
}

class Waiting {
  bytes = 0;
  #pieces: Buffer[] = [];

  /** Answers how many bytes that were. */
  add(piece: Buffer): number {
    this.#pieces.push(piece);
    this.bytes += piece.length;
    return piece.length;
  }

  take(): Buffer {
    const taken = Buffer.concat(this.#pieces, this.bytes);
    this.#pieces = [];
    this.bytes = 0;
    return taken;
  }
}

function ustarHeader(path: string, size: number): Buffer {
  if (!/^[!-~]+$/.test(path) || path.length > NAME_BYTES)
    throw new RangeError(`${path} is no name for ustar`);
  if (size > MAX_SIZE) throw new RangeError(`${path}: ${String(size)} bytes are too many for ustar`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path, 0, 'latin1');
  header.write(octal(0o644, 7), 100, 'latin1');
  header.write(octal(0, 7), 108, 'latin1');
  header.write(octal(0, 7), 116, 'latin1');
  header.write(octal(size, 11), 124, 'latin1');
  header.write(octal(0, 11), 136, 'latin1');
  header.write('        0', 148, 'latin1'); // the checksum counts as spaces; then type 0, a regular file
  header.write('ustar\u000000', 257, 'latin1');
  header.write(octal(0, 7), 329, 'latin1');
  header.write(octal(0, 7), 337, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
