import { hash } from 'node:crypto';

/** Bytes of one hash of the tree (SHA-256). */
export const HASH_BYTES = 32;

/** Leaves `start` (included) to `end` (not included), zero-based. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);

/** Root of a tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const emptyRoot = (): Buffer => hash('sha256', '', 'buffer');

// One call over joined bytes takes half the time of an incremental hash, and leaves nothing to collect.
export const hashLeaf = (entry: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'buffer');

export const hashNode = (left: Uint8Array, right: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer');

/** Largest power of two strictly below `n`, for n > 1: where RFC 6962 splits a tree. No bit tricks: n may pass 2^32. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH of RFC 6962 §2.1 over leaf hashes (already `hashLeaf`ed), or over a part of them. */
export function rootOf(
  hashes: readonly Buffer[],
  { start, end }: LeafRange = { start: 0, end: hashes.length },
): Buffer {
  if (end === start) return emptyRoot();
  const first = hashes[start];
  if (!first) throw new RangeError(`no hash for leaf ${String(start)}`);
  if (end - start === 1) return first;
  const middle = start + splitPoint(end - start);
  return hashNode(rootOf(hashes, { start, end: middle }), rootOf(hashes, { start: middle, end }));
}

/** Joins the roots of complete subtrees, largest (leftmost) first, into the root of the tree they tile. */
export function foldPeaks(peaks: readonly Buffer[]): Buffer {
  return peaks.length === 0 ? emptyRoot() : peaks.reduceRight((right, left) => hashNode(left, right));
}
