import { RegoObject, RegoSet, type RegoValue } from './rego-value.js';
import { parseNumber } from './rego-number.js';

const TOKEN = /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d[\d.eE+-]*)|(null|true|false|set\(\))|([[\]{},:]))/y;

/**
 * Reads what `opa_value_dump` writes: JSON plus `set()`, `{1, 2}` and keys that are not strings. The JSON dump of
 * the same value would have lost which arrays were sets, and so the order their members belong in.
 * Throws on anything else. Numbers keep their precision.
 */
export function parseRego(text: string): RegoValue {
  const reader = new DumpReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

class DumpReader {
  private at = 0;
  private token = '';

  constructor(private readonly text: string) {
    this.advance();
  }

  end(): void {
    if (this.token !== '') throw new Error(`unexpected ${this.token.slice(0, 20)} in a dumped value`);
  }

  value(): RegoValue {
    const token = this.advance();
    switch (token[0]) {
      case '[':
        return this.list(']', () => this.value());
      case '{':
        return this.objectOrSet();
      case '"':
        return JSON.parse(token) as string;
      case 'n':
        return null;
      case 't':
        return true;
      case 'f':
        return false;
      case 's':
        return new RegoSet([]);
      default:
        return parseNumber(token);
    }
  }

  private objectOrSet(): RegoValue {
    if (this.takes('}')) return new RegoObject([]);
    const first = this.value();
    if (!this.takes(':')) return new RegoSet([first, ...this.rest(() => this.value())]);
    return new RegoObject([
      [first, this.value()],
      ...this.rest((): [RegoValue, RegoValue] => {
        const key = this.value();
        if (!this.takes(':')) throw new Error('a key without a value in a dumped object');
        return [key, this.value()];
      }),
    ]);
  }

  private rest<T>(read: () => T): readonly T[] {
    if (this.takes('}')) return [];
    if (!this.takes(',')) throw new Error('a missing comma in a dumped value');
    return this.list('}', read);
  }

  private list<T>(close: string, read: () => T): readonly T[] {
    const items: T[] = [];
    if (this.takes(close)) return items;
    do items.push(read());
    while (this.takes(','));
    if (!this.takes(close)) throw new Error(`a missing ${close} in a dumped value`);
    return items;
  }

  private takes(token: string): boolean {
    if (this.token !== token) return false;
    this.advance();
    return true;
  }

  /** Returns the current token and reads the next; the empty token is the end. */
  private advance(): string {
    const current = this.token;
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match && this.text.slice(this.at).trim() !== '')
      throw new Error('an unknown token in a dumped value');
    this.token = match?.[0].trim() ?? '';
    if (match) this.at = TOKEN.lastIndex;
    return current;
  }
}
