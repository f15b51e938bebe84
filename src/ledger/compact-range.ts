import { foldPeaks, hashNode } from './merkle.js';

/**
 * The right edge of a tree: the roots of its complete subtrees, largest first. Enough to append and to know the
 * root, in O(log size) memory.
 */
export class CompactRange {
  readonly #peaks: Buffer[];
  #size: number;

  /** `peaks` are the subtrees that the binary digits of `size` name, largest first. */
  constructor(size = 0, peaks: readonly Buffer[] = []) {
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  append(leafHash: Buffer): void {
    let subtree = leafHash;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.#peaks.pop();
      if (!left) throw new Error('fewer peaks than the size implies');
      subtree = hashNode(left, subtree);
    }
    this.#peaks.push(subtree);
    this.#size += 1;
  }

  root(): Buffer {
    return foldPeaks(this.#peaks);
  }
}
