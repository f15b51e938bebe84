import { CompactRange } from './compact-range.js';
import { emptyRoot, hashLeaf, rootOf } from './merkle.js';
import { consistencyRanges, inclusionRanges, verifyConsistency, verifyInclusion } from './merkle-proof.js';

/** The vectors of Certificate Transparency's reference tests (ledger.md §3). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS: readonly (readonly [size: number, root: string])[] = [
  [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];
const SIZES = Array.from({ length: 65 }, (_, size) => size);
const leaves = SIZES.slice(1).map((n) => hashLeaf(Buffer.from(`leaf ${String(n)}`)));
const roots = SIZES.map((size) => rootOf(leaves.slice(0, size)));
const rootAt = (size: number): Buffer => roots[size] ?? emptyRoot();
const hashAll = (ranges: ReturnType<typeof inclusionRanges>): Buffer[] =>
  ranges.map((range) => rootOf(leaves, range));

describe('the Merkle tree of RFC 6962', () => {
  it.each(ROOTS)('has the published root at size %i', (size, root) => {
    const hashes = LEAVES.slice(0, size).map((hex) => hashLeaf(Buffer.from(hex, 'hex')));
    expect(rootOf(hashes).toString('hex')).toBe(root);
  });

  it('grows leaf by leaf to the same roots', () => {
    const range = new CompactRange();
    expect(range.root()).toEqual(emptyRoot());
    for (const [index, leaf] of leaves.entries()) {
      range.append(leaf);
      expect(range.root()).toEqual(rootAt(index + 1));
    }
  });

  it('proves every leaf of every tree up to 64, and refuses every damaged proof', () => {
    const wrong: object[] = []; // one expect in the end: a hundred thousand of them take seconds
    for (const size of SIZES) {
      for (const [index, leafHash] of leaves.slice(0, size).entries()) {
        const proof = hashAll(inclusionRanges(index, size));
        const claim = { index, size, leafHash, root: rootAt(size) };
        const good = verifyInclusion(claim, proof);
        const fooled =
          damaged(proof).some((bad) => verifyInclusion(claim, bad)) ||
          verifyInclusion({ ...claim, root: hashLeaf(claim.root) }, proof) ||
          verifyInclusion({ ...claim, index: size }, proof);
        if (!good || fooled) wrong.push({ index, size });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('proves every pair of sizes up to 64 consistent, and refuses every damaged proof', () => {
    const wrong: object[] = [];
    for (const newSize of SIZES) {
      for (const oldSize of SIZES.slice(0, newSize + 1)) {
        const proof = hashAll(consistencyRanges(oldSize, newSize));
        const claim = { oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootAt(newSize) };
        const good = verifyConsistency(claim, proof);
        const fooled =
          damaged(proof).some((bad) => verifyConsistency(claim, bad)) ||
          verifyConsistency({ ...claim, oldRoot: hashLeaf(claim.oldRoot) }, proof) ||
          (oldSize > 0 && verifyConsistency({ ...claim, newRoot: hashLeaf(claim.newRoot) }, proof));
        if (!good || fooled) wrong.push({ oldSize, newSize });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('refuses the good proof of a smaller tree under a larger size', () => {
    const proof = leaves.slice(1, 2);
    const root = rootAt(2);
    const leafHash = rootAt(1);
    expect(verifyInclusion({ index: 0, size: 2, leafHash, root }, proof)).toBe(true);
    expect(verifyInclusion({ index: 0, size: 4, leafHash, root }, proof)).toBe(false);
    const claim = { oldSize: 1, oldRoot: rootAt(1), newRoot: root };
    expect(verifyConsistency({ ...claim, newSize: 2 }, proof)).toBe(true);
    expect(verifyConsistency({ ...claim, newSize: 4 }, proof)).toBe(false);
  });

  it('refuses an old tree that is larger than the new one', () => {
    const claim = { oldSize: 3, oldRoot: rootAt(3), newSize: 2, newRoot: rootAt(2) };
    expect(verifyConsistency(claim, [])).toBe(false);
  });
});

/** One hash more, one fewer, and each hash with one bit flipped. */
function damaged(proof: readonly Buffer[]): Buffer[][] {
  const flipped = proof.map((hash, at) => {
    const other = Buffer.from(hash);
    other.writeUInt8(other.readUInt8(0) ^ 1, 0);
    return proof.with(at, other);
  });
  return [[...proof, emptyRoot()], ...(proof.length > 0 ? [proof.slice(0, -1)] : []), ...flipped];
}
