import { openArchive } from './tar.js';
import type { Pins, Verdict } from './verdict.js';
import { verifyPack } from './verify-pack.js';
import { webCrypto, type Subtle } from './web-crypto.js';

/** Of a `Blob` or a `File` what is needed here. */
export interface PackBlob {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * Judges a pack that somebody chose in a browser: `judgeBlob(file, crypto.subtle, pins)`. Nothing leaves the page, and
 * no member of the archive is held longer than it is looked at. The same verdict as `assay verify` on the same bytes.
 */
export async function judgeBlob<Key>(blob: PackBlob, subtle: Subtle<Key>, pins: Pins = {}): Promise<Verdict> {
  const source = await openArchive({
    size: blob.size,
    read: async (at, length) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer()),
    close: () => undefined,
  });
  return verifyPack(source, webCrypto(subtle), pins);
}
