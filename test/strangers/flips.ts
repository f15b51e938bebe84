import { createHash } from 'node:crypto';
import type { Exhibits } from './exhibits.js';

/** Files whose every bit has the same standing, by what they are called in the table. */
export function flipTargets({ one }: Exhibits): readonly (readonly [kind: string, path: string])[] {
  return [
    ['checkpoint', 'checkpoint'],
    ['checkpoint.vkey', 'checkpoint.vkey'],
    ['entries of the log', 'tile/entries/001.p/42'],
    ['full tile', 'tile/0/000'],
    ['tile of level 1', 'tile/1/000.p/1'],
    ['leaf', `entries/${one}.json`],
    ['proof', `proofs/${one}.tlog-proof`],
    ['bundle', `bundles/${one}.sigstore.json`],
    ['trusted root', 'trusted_root.json'],
    ['decision key', 'decision.pub'],
    ['tables and pages', 'decisions.csv'],
    ['manifest', 'manifest.intoto.json'],
  ];
}

/** `count` bits of a file of `bytes`, spread by hash: the same for every run of the same `seed`. */
export function bitsOf(bytes: number, count: number, seed: string): readonly number[] {
  const bits = new Set<number>();
  for (let n = 0; bits.size < Math.min(count, bytes * 8); n += 1) {
    bits.add(createHash('sha256').update(`${seed} ${n}`).digest().readUIntBE(0, 6) % (bytes * 8));
  }
  return [...bits];
}

export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}
