import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { PackSource } from './source.port.js';
import { openArchive } from './tar.js';

/** A pack that lies in one uncompressed archive file. */
export async function openTar(path: string): Promise<PackSource> {
  const file = openSync(path, 'r');
  const close = (): void => {
    closeSync(file);
  };
  try {
    const { size } = fstatSync(file);
    // At once and not by promises: files by the hundred thousand are read, and several times faster so.
    return await openArchive({ size, read: (at, length) => readWhole(file, at, length), close });
  } catch (error) {
    close();
    throw error;
  }
}

function readWhole(file: number, position: number, length: number): Uint8Array {
  const into = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const read = readSync(file, into, done, length - done, position + done);
    if (read === 0) throw new Error('the archive became shorter while it was read');
    done += read;
  }
  return into;
}
