import type { Code, Findings } from './finding.js';
import type { Line, LineReader } from './lines.js';

export interface Row {
  readonly text: string;
  /** Line number, from 1. */
  readonly number: number;
  readonly seq: number;
}

/**
 * Walks a table beside the decisions: both ascend by seq, so whatever is missing, added, twice or out of order
 * shows at once.
 */
export class RowWalk {
  private held: Row | undefined;
  private ended = false;

  constructor(
    private readonly lines: LineReader,
    private readonly of: {
      readonly path: string;
      /** A table that is missing is one finding, not one per decision. */
      readonly exists: boolean;
      readonly code: Code;
      /** Undefined for a line that is no row. */
      readonly seqOf: (line: string) => number | undefined;
    },
    private readonly findings: Findings,
  ) {}

  /** The row of that decision; undefined, and found, when there is none. */
  async take(seq: number): Promise<Row | undefined> {
    while (this.of.exists) {
      const row = await this.peek();
      if (row && row.seq < seq) {
        this.found(`a row of ${row.seq} that does not belong here`, row.number);
        this.held = undefined;
        continue;
      }
      if (row?.seq !== seq) {
        this.found(`no row of decision ${seq}`, row?.number);
        return undefined;
      }
      this.held = undefined;
      return row;
    }
    return undefined;
  }

  /** The next line whatever it is: a quoted cell may hold a newline. */
  async takeRest(row: Row, newlines: number): Promise<string> {
    const parts = [row.text];
    while (parts.length <= newlines) {
      const line = await this.next();
      if (!line) break;
      parts.push(line.text);
    }
    return parts.join('\n');
  }

  /** Behind the last decision nothing may follow. */
  async finish(): Promise<void> {
    for (let row = await this.peek(); row; row = await this.peek()) {
      this.found(`a row of ${row.seq} that does not belong here`, row.number);
      this.held = undefined;
    }
  }

  private async peek(): Promise<Row | undefined> {
    while (!this.held) {
      const line = await this.next();
      if (!line) return undefined;
      const seq = this.of.seqOf(line.text);
      if (seq === undefined) this.found('not a row', line.number);
      else this.held = { ...line, seq };
    }
    return this.held;
  }

  /** A line that is not UTF-8 is passed over; where lines themselves cannot be told, the table ends. */
  private async next(): Promise<Line | undefined> {
    while (!this.ended) {
      const before = this.findings.count;
      const line = await this.findings.attempt(() => this.lines.next());
      if (line) return line;
      if (this.findings.count === before || !this.lines.more) this.ended = true;
    }
    return undefined;
  }

  private found(detail: string, line?: number): void {
    this.findings.add(this.of.code, this.of.path, detail, line === undefined ? 'the end' : `line ${line}`);
  }
}

/** A number in plain decimal without leading zeros; undefined for anything else. */
export function plainNumber(text: string | undefined): number | undefined {
  const value = /^(0|[1-9]\d{0,15})$/.test(text ?? '') ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
