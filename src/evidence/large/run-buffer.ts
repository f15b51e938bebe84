import type { OrderedFinding, SortedFinding } from '../../formats/stream/finding-order.js';

/** A record: four numbers of 32 bits (bytes of the key, bytes of the text, index, traits), the key, the text. */
const HEADER = 16;

/**
 * Findings as bytes, outside the heap: as strings they would be ropes of many small pieces, which take five times
 * as much.
 */
export class RunBuffer {
  private buffer = Buffer.alloc(0);
  private used = 0;
  private keys: string[] = [];
  private starts: number[] = [];

  constructor(private readonly expectedBytes: number) {}

  get sizeBytes(): number {
    return this.used;
  }

  add({ key, index, traits, text }: OrderedFinding): void {
    this.makeRoom(HEADER + (key.length + text.length) * 3); // UTF-8 of UTF-16
    const { buffer, used } = this;
    const keyAt = used + HEADER;
    const keyBytes = buffer.write(key, keyAt);
    const textBytes = buffer.write(text, keyAt + keyBytes);
    buffer.writeUInt32LE(keyBytes, used);
    buffer.writeUInt32LE(textBytes, used + 4);
    buffer.writeUInt32LE(index, used + 8);
    buffer.writeUInt32LE(traits, used + 12);
    this.keys.push(decoded(buffer, keyAt, keyAt + keyBytes)); // in one piece
    this.starts.push(used);
    this.used = keyAt + keyBytes + textBytes;
  }

  *sorted(): Iterable<SortedFinding> {
    const { buffer, keys, starts } = this;
    for (const at of this.order()) yield record(buffer, starts[at] ?? 0, keys[at]);
  }

  /** The records in order, in pieces of about `size` that are only valid until the next one. */
  *sortedBytes(size: number): Iterable<Uint8Array> {
    const { buffer, starts, used } = this;
    const piece = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    for (const at of this.order()) {
      const [from, to] = [starts[at] ?? 0, starts[at + 1] ?? used];
      if (filled + to - from > size) {
        if (filled > 0) yield piece.subarray(0, filled);
        filled = 0;
      }
      if (to - from > size) yield buffer.subarray(from, to);
      else filled += buffer.copy(piece, filled, from, to);
    }
    if (filled > 0) yield piece.subarray(0, filled);
  }

  clear(): void {
    this.used = 0;
    this.keys = [];
    this.starts = [];
  }

  /** Equal keys in the order in which they were added, which is that of their indexes. */
  private order(): Uint32Array {
    const { keys } = this;
    return Uint32Array.from(keys.keys()).sort((a, b) => {
      const [one = '', other = ''] = [keys[a], keys[b]];
      return one < other ? -1 : one === other ? a - b : 1;
    });
  }

  private makeRoom(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.buffer.length) return;
    // Small sets stay small; large ones get all they will need at the first or second time of asking.
    const size = needed < 1024 * 1024 ? 2 * needed : Math.max(2 * needed, this.expectedBytes + 1024 * 1024);
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}

/** Reads records of a file however it is cut into chunks. */
export class RecordReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The records that are whole by now, over bytes that are theirs. */
  push(chunk: Buffer): SortedFinding[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const records: SortedFinding[] = [];
    let at = 0;
    while (at + HEADER <= bytes.length) {
      const end = at + HEADER + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
      if (end > bytes.length) break;
      records.push(record(bytes, at));
      at = end;
    }
    this.rest = bytes.subarray(at);
    return records;
  }
}

function record(bytes: Buffer, at: number, known?: string): SortedFinding {
  const keyAt = at + HEADER;
  const from = keyAt + bytes.readUInt32LE(at);
  return {
    key: known ?? decoded(bytes, keyAt, from),
    index: bytes.readUInt32LE(at + 8),
    traits: bytes.readUInt32LE(at + 12),
    bytes,
    from,
    to: from + bytes.readUInt32LE(at + 4),
  };
}

const decoded = (bytes: Buffer, from: number, to: number): string => bytes.toString('utf8', from, to);
