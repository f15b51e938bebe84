import { emptyRoot, hashNode } from '../../ledger/merkle.js';

/**
 * The tree of RFC 6962 over hashes that are all in memory: every node once, so that a proof costs look-ups and no
 * hashing. A node without right sibling rises unchanged, which is the same tree as the recursive definition's.
 */
export class HashTree {
  readonly #levels: (readonly Buffer[])[];

  constructor(hashes: readonly Buffer[]) {
    this.#levels = [hashes];
    for (let below = hashes; below.length > 1;) {
      const level: Buffer[] = [];
      for (let i = 0; i < below.length; i += 2) {
        const [left, right] = [below[i], below[i + 1]];
        if (left) level.push(right ? hashNode(left, right) : left);
      }
      this.#levels.push(level);
      below = level;
    }
  }

  root(): Buffer {
    return this.#levels.at(-1)?.[0] ?? emptyRoot();
  }

  /** PATH(index, D[n]) of RFC 6962 §2.1.1, the leaf's sibling first. */
  path(index: number): Buffer[] {
    if (!this.#levels[0]?.[index]) throw new RangeError(`no leaf ${String(index)}`);
    const path: Buffer[] = [];
    let node = index;
    for (const level of this.#levels.slice(0, -1)) {
      const sibling = level[node % 2 === 0 ? node + 1 : node - 1];
      if (sibling) path.push(sibling);
      node = Math.floor(node / 2);
    }
    return path;
  }
}
