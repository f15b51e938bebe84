import { emptyRoot, hashNode, splitPoint, type LeafRange } from './merkle.js';

/**
 * Which subtrees make up the inclusion proof of leaf `index` in a tree of `size`, leaf's sibling first (PATH of
 * RFC 6962 §2.1.1). The caller hashes the ranges, from leaves or from tiles.
 */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (index < 0 || index >= size)
    throw new RangeError(`no leaf ${String(index)} in a tree of ${String(size)}`);
  const path = (start: number, end: number): LeafRange[] => {
    if (end - start === 1) return [];
    const middle = start + splitPoint(end - start);
    return index < middle
      ? [...path(start, middle), { start: middle, end }]
      : [...path(middle, end), { start, end: middle }];
  };
  return path(0, size);
}

/** Which subtrees prove that the first `oldSize` leaves are unchanged in a tree of `newSize` (PROOF, RFC 6962 §2.1.2). */
export function consistencyRanges(oldSize: number, newSize: number): readonly LeafRange[] {
  if (oldSize > newSize) throw new RangeError('the old tree is larger than the new one');
  if (oldSize === 0) return [];
  const subproof = (start: number, end: number, oldRootKnown: boolean): LeafRange[] => {
    if (end === oldSize) return oldRootKnown ? [] : [{ start, end }];
    const middle = start + splitPoint(end - start);
    return oldSize <= middle
      ? [...subproof(start, middle, oldRootKnown), { start: middle, end }]
      : [...subproof(middle, end, false), { start, end: middle }];
  };
  return subproof(0, newSize, true);
}

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Buffer;
  readonly root: Buffer;
}

/** RFC 9162 §2.1.3.2. False for any proof with too many or too few hashes. */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Buffer[]): boolean {
  if (claim.index < 0 || claim.index >= claim.size) return false;
  const walk = new Walk(claim.index, claim.size - 1);
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (walk.last === 0) return false;
    if (walk.goesLeft()) {
      hash = hashNode(sibling, hash);
      walk.skipMissingLevels();
    } else {
      hash = hashNode(hash, sibling);
    }
    walk.up();
  }
  return walk.last === 0 && hash.equals(claim.root);
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Buffer;
  readonly newSize: number;
  readonly newRoot: Buffer;
}

/** RFC 9162 §2.1.4.2; an empty old tree needs an empty proof and the empty root. */
export function verifyConsistency(claim: ConsistencyClaim, proof: readonly Buffer[]): boolean {
  const { oldSize, newSize } = claim;
  if (oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && claim.oldRoot.equals(claim.newRoot);
  if (oldSize === 0) return proof.length === 0 && claim.oldRoot.equals(emptyRoot());
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [claim.oldRoot, ...proof] : proof;
  if (!first || proof.length === 0) return false;
  const walk = new Walk(oldSize - 1, newSize - 1);
  while (walk.node % 2 === 1) walk.up();
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (walk.last === 0) return false;
    if (walk.goesLeft()) {
      [oldRoot, newRoot] = [hashNode(hash, oldRoot), hashNode(hash, newRoot)];
      walk.skipMissingLevels();
    } else {
      newRoot = hashNode(newRoot, hash);
    }
    walk.up();
  }
  return walk.last === 0 && oldRoot.equals(claim.oldRoot) && newRoot.equals(claim.newRoot);
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n)) && 2 ** Math.log2(n) === n;

/** `fn` and `sn` of RFC 9162: a node and the last node of its level, climbing. Division, because sizes may pass 2^32. */
class Walk {
  constructor(
    public node: number,
    public last: number,
  ) {}

  up(): void {
    this.node = Math.floor(this.node / 2);
    this.last = Math.floor(this.last / 2);
  }

  /** The sibling is on the left: the node is a right child, or the last one, raised through levels without sibling. */
  goesLeft(): boolean {
    return this.node % 2 === 1 || this.node === this.last;
  }

  skipMissingLevels(): void {
    while (this.node % 2 === 0 && this.node !== 0) this.up();
  }
}
