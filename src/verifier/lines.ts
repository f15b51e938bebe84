import { tryUtf8 } from './bytes.js';
import { Refusal } from './finding.js';

const LF = 0x0a;
const LONGEST = 16 * 1024 * 1024;

export interface Line {
  /** Without its newline. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Lines of a stream, one at a time; each must be UTF-8 and end in a newline. Holds one piece and one line. */
export class LineReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private held = new Uint8Array();
  private at = 0;
  private ended = false;
  private number = 0;

  constructor(
    pieces: AsyncIterable<Uint8Array>,
    private readonly path: string,
  ) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** Whether there may be another line; true also before the end was looked for. */
  get more(): boolean {
    return !this.ended || this.at < this.held.length;
  }

  /** Undefined behind the last line. */
  async next(): Promise<Line | undefined> {
    let end = this.held.indexOf(LF, this.at);
    while (end < 0 && !this.ended) {
      const searched = this.held.length - this.at;
      await this.fill();
      end = this.held.indexOf(LF, this.at + searched);
    }
    if (end < 0) {
      if (this.at === this.held.length) return undefined;
      this.at = this.held.length;
      throw new Refusal(
        'encoding-lines',
        this.path,
        'the last line has no newline',
        `line ${this.number + 1}`,
      );
    }
    const text = tryUtf8(this.held.subarray(this.at, end));
    this.at = end + 1;
    this.number += 1;
    if (text === undefined) {
      throw new Refusal('encoding-utf8', this.path, 'bytes that are not UTF-8', `line ${this.number}`);
    }
    return { text, number: this.number };
  }

  private async fill(): Promise<void> {
    const rest = this.held.subarray(this.at);
    if (rest.length > LONGEST) {
      this.ended = true;
      this.at = this.held.length;
      throw new Refusal(
        'encoding-lines',
        this.path,
        `longer than ${LONGEST} bytes`,
        `line ${this.number + 1}`,
      );
    }
    const step = await this.pieces.next();
    if (step.done === true) {
      this.ended = true;
      return;
    }
    const { value } = step;
    const held = new Uint8Array(rest.length + value.length);
    held.set(rest);
    held.set(value, rest.length);
    this.held = held;
    this.at = 0;
  }
}
