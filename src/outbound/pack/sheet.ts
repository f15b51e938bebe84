import { PackRefused, type PackFile } from './pack.js';
import type { DecisionRow } from './decision-row.js';

const CHUNK_BYTES = 64 * 1024;

/** A text per decision. Measured while the decisions go by for the first time, written while they do again. */
export class Rows {
  #count = 0;
  #bytes = 0;

  /** `write` depends on its row alone. */
  constructor(
    private readonly write: (row: DecisionRow) => string,
    private readonly between = '',
  ) {}

  get bytes(): number {
    return this.#bytes;
  }

  measure(row: DecisionRow): void {
    if (this.#count > 0) this.#bytes += Buffer.byteLength(this.between);
    this.#bytes += Buffer.byteLength(this.write(row));
    this.#count += 1;
  }

  async *chunks(rows: AsyncIterable<DecisionRow>): AsyncGenerator<Buffer> {
    let text = '';
    let separator = '';
    for await (const row of rows) {
      text += separator + this.write(row);
      separator = this.between;
      if (text.length < CHUNK_BYTES) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
  }
}

/** A file of fixed text and measured rows; each `Rows` reads the decisions once. */
export function sheetFile(
  path: string,
  pieces: readonly (string | Rows)[],
  decisions: () => AsyncIterable<DecisionRow>,
): PackFile {
  const size = pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.bytes),
    0,
  );
  async function* chunks(): AsyncGenerator<Buffer> {
    let written = 0;
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        written += Buffer.byteLength(piece);
        yield Buffer.from(piece);
        continue;
      }
      for await (const chunk of piece.chunks(decisions())) {
        written += chunk.length;
        yield chunk;
      }
    }
    if (written !== size) throw new PackRefused('source-changed', `${path} came out in another length`);
  }
  return { path, size, chunks: chunks() };
}
