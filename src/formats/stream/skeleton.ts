import type { ListPath, ListPlace, ListScanHandler } from './list-scanner.js';

/** What stands beside the long lists is held; more than this is no list at all. */
const LIMIT_BYTES = 32 * 1024 * 1024;

export class SkeletonTooLarge extends Error {}

/** Collects the file without its long lists, and remembers where its pieces stood. */
export class Skeleton implements ListScanHandler {
  private readonly pieces: Buffer[] = [];
  private size = 0;
  /** How many lists of each path were met. */
  private readonly met = new Map<string, number>();
  /** From which length of the skeleton on, how many bytes of the file are missing before it. */
  private readonly gaps: { readonly at: number; readonly missing: number }[] = [];
  private skipped = 0;

  skeleton(bytes: Uint8Array, offset: number): void {
    const missing = offset - this.size;
    if (missing !== this.skipped) this.gaps.push({ at: this.size, missing });
    this.skipped = missing;
    this.size += bytes.length;
    if (this.size > LIMIT_BYTES) throw new SkeletonTooLarge();
    this.pieces.push(Buffer.from(bytes));
  }

  members(): void {
    // Nobody knows yet what they are.
  }

  ended({ path }: ListPlace): void {
    const key = path.join('/');
    this.met.set(key, (this.met.get(key) ?? 0) + 1);
  }

  lists(path: ListPath): number {
    return this.met.get(path.join('/')) ?? 0;
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** The offset in the file, in bytes, of an offset in the skeleton's text, in UTF-16 code units. */
  fileOffset(units: number): number {
    const at = Buffer.byteLength(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes()).slice(0, units),
    );
    return at + (this.gaps.findLast((gap) => gap.at <= at)?.missing ?? 0);
  }
}

/** Line and column from 1, in UTF-16 code units, and the offset in the same; of a byte offset. */
export async function positionAt(
  bytes: AsyncIterable<Uint8Array>,
  offset: number,
): Promise<{ line: number; column: number; offset: number }> {
  let [line, column, units, seen] = [1, 1, 0, 0];
  for await (const chunk of bytes) {
    for (const byte of chunk.subarray(0, Math.max(0, offset - seen))) {
      const width = (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
      units += width;
      column += width;
      if (byte !== 0x0a) continue;
      line += 1;
      column = 1;
    }
    seen += chunk.length;
    if (seen >= offset) break;
  }
  return { line, column, offset: units };
}
