import type { JsonValue } from '../kernel/canonical-json.js';

/** A set, its members in Rego's order. */
export class RegoSet {
  readonly members: readonly RegoValue[];
  constructor(members: readonly RegoValue[]) {
    this.members = members.toSorted(compareRego);
  }
}

/** An object, its keys in Rego's order; they may be any value. */
export class RegoObject {
  readonly entries: readonly (readonly [RegoValue, RegoValue])[];
  constructor(entries: readonly (readonly [RegoValue, RegoValue])[]) {
    this.entries = entries.toSorted(([a], [b]) => compareRego(a, b));
  }
}

export type RegoValue = null | boolean | number | string | readonly RegoValue[] | RegoSet | RegoObject;

const TOKEN = /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d[\d.eE+-]*)|(null|true|false|set\(\))|([[\]{},:]))/y;

/**
 * Reads what `opa_value_dump` writes: JSON plus `set()`, `{1, 2}` and keys that are not strings. The JSON dump of
 * the same value would have lost which arrays were sets, and so the order their members belong in.
 * Throws on anything else, and on numbers that a double would round.
 */
export function parseRego(text: string): RegoValue {
  const reader = new DumpReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/**
 * The value as JSON the way `opa eval -f json` writes it: sets become arrays in Rego's order, keys that are not
 * strings become their JSON text. Throws when two keys become one.
 */
export function toJson(value: RegoValue): JsonValue {
  if (value instanceof RegoSet) return value.members.map(toJson);
  if (value instanceof RegoObject) {
    const entries = value.entries.map(([key, item]): [string, JsonValue] => [
      typeof key === 'string' ? key : JSON.stringify(toJson(key)),
      toJson(item),
    ]);
    if (new Set(entries.map(([key]) => key)).size < entries.length)
      throw new Error('two keys have one JSON name');
    return Object.fromEntries(entries);
  }
  return isArray(value) ? value.map(toJson) : value;
}

/** Rego's total order: null, booleans, numbers, strings (by code point), arrays, objects, sets. */
export function compareRego(a: RegoValue, b: RegoValue): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'string') return compareCodePoints(a, b as string);
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b);
  return compareLists(flat(a), flat(b));
}

function flat(value: RegoValue): readonly RegoValue[] {
  if (value instanceof RegoSet) return value.members;
  if (value instanceof RegoObject) return value.entries.flat();
  return isArray(value) ? value : [];
}

function rankOf(value: RegoValue): number {
  if (value === null) return 0;
  if (value instanceof RegoSet) return 6;
  if (value instanceof RegoObject) return 5;
  return ['boolean', 'number', 'string', 'object'].indexOf(typeof value) + 1;
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const order = compareRego(a[index] as RegoValue, b[index] as RegoValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Go compares UTF-8 bytes, which is code point order; JavaScript's `<` compares UTF-16 units, which is not. */
function compareCodePoints(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const isArray = (value: RegoValue): value is readonly RegoValue[] => Array.isArray(value);

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
        return exactNumber(token);
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

function exactNumber(token: string): number {
  const value = token === '' ? Number.NaN : Number(token);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw new Error(`${token === '' ? 'nothing' : token.slice(0, 40)} is not a number that a double holds`);
  return value === 0 ? 0 : value;
}
