import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const RECORDS_PER_WRITE = 1024;

/**
 * Records of one width, sorted into numbered piles on disk, so that what belongs together can be looked at pile by
 * pile: memory does not grow with their number. Files are opened for each write: there may be many piles.
 */
export class Spill {
  readonly #piles = new Map<number, { readonly bytes: Buffer; used: number }>();

  constructor(
    private readonly folder: string,
    private readonly name: string,
    readonly width: number,
  ) {}

  /** Space for one record, to be filled before the next call. */
  add(pile: number): Buffer {
    let open = this.#piles.get(pile);
    if (!open) {
      open = { bytes: Buffer.alloc(this.width * RECORDS_PER_WRITE), used: 0 };
      this.#piles.set(pile, open);
    }
    if (open.used === open.bytes.length) this.#flush(pile, open);
    const record = open.bytes.subarray(open.used, open.used + this.width);
    open.used += this.width;
    return record.fill(0);
  }

  /** The numbers of all piles, ascending. */
  get piles(): readonly number[] {
    return [...this.#piles.keys()].toSorted((a, b) => a - b);
  }

  /** The records of a pile in the order in which they were added. Each is valid until the next. */
  *records(pile: number): Generator<Buffer> {
    const open = this.#piles.get(pile);
    if (!open) return;
    this.#flush(pile, open);
    const path = this.#path(pile);
    if (!existsSync(path)) return;
    const file = openSync(path, 'r');
    const chunk = Buffer.alloc(this.width * RECORDS_PER_WRITE);
    try {
      for (let length = 0; (length = readSync(file, chunk)) > 0;)
        for (let at = 0; at < length; at += this.width) yield chunk.subarray(at, at + this.width);
    } finally {
      closeSync(file);
    }
  }

  #flush(pile: number, open: { readonly bytes: Buffer; used: number }): void {
    if (open.used === 0) return;
    const file = openSync(this.#path(pile), 'a', 0o600);
    for (let at = 0; at < open.used;) at += writeSync(file, open.bytes, at, open.used - at);
    closeSync(file);
    open.used = 0;
  }

  #path(pile: number): string {
    return join(this.folder, `${this.name}-${String(pile)}`);
  }
}
