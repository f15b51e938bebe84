import { parseNumber } from './rego-number.js';
import { RegoObject, RegoSet, type RegoValue, toJsonText } from './rego-value.js';

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

/**
 * What a plain JSON parser might read as something else: numbers of many digits or with an exponent, minus zero, and
 * escaped surrogates. It may find some of these in texts, too.
 */
const NEEDS_CARE = /\d[\d.]{14}\d|\d[eE][+-]?\d+(?:[,\]}]|$)|-0|\\u[dD]/;

/**
 * The dumped value as JSON text, the way `toJsonText` puts it except for spaces and the order of keys, which no
 * reader sees. Throws what `toJsonText` throws. Most results are JSON as dumped, and then this costs next to nothing.
 */
export const jsonOfDump = (dump: string): string =>
  !NEEDS_CARE.test(dump) && isJson(dump) ? dump : toJsonText(parseRego(dump));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // sets, keys that are no texts
  }
}

const enum Char {
  Space = 0x20,
  Quote = 0x22,
  Comma = 0x2c,
  Minus = 0x2d,
  Zero = 0x30,
  Nine = 0x39,
  Colon = 0x3a,
  OpenList = 0x5b,
  Backslash = 0x5c,
  CloseList = 0x5d,
  F = 0x66,
  N = 0x6e,
  S = 0x73,
  T = 0x74,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
}

/** This many digits are a safe integer. */
const SAFE_DIGITS = 15;

/** Every builtin call and every result passes here, hence by character codes, without a token in between. */
class DumpReader {
  private at = 0;

  constructor(private readonly text: string) {}

  end(): void {
    this.next();
    if (this.at < this.text.length) throw this.unexpected();
  }

  value(): RegoValue {
    const char = this.next();
    switch (char) {
      case Char.Quote:
        return this.string();
      case Char.OpenBrace:
        return this.objectOrSet();
      case Char.OpenList:
        this.at += 1;
        return this.list();
      case Char.N:
        return this.word('null', null);
      case Char.T:
        return this.word('true', true);
      case Char.F:
        return this.word('false', false);
      case Char.S:
        return this.word('set()', new RegoSet([]));
      default:
        return this.number(char);
    }
  }

  /** The code of the next character that is no space; NaN at the end, which equals nothing. */
  private next(): number {
    let char = this.text.charCodeAt(this.at);
    while (char <= Char.Space) char = this.text.charCodeAt(++this.at);
    return char;
  }

  private takes(char: Char): boolean {
    if (this.next() !== char) return false;
    this.at += 1;
    return true;
  }

  private expect(char: Char): void {
    if (!this.takes(char)) throw this.unexpected();
  }

  private unexpected(): Error {
    const found = this.text.slice(this.at, this.at + 20);
    return new Error(`${found === '' ? 'an end' : found} is out of place in a dumped value`);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected();
    this.at += word.length;
    return value;
  }

  private string(): string {
    const start = this.at;
    let end = this.text.indexOf('"', start + 1);
    const escape = this.text.slice(start + 1, end === -1 ? undefined : end).indexOf('\\');
    if (escape === -1 && end !== -1) {
      this.at = end + 1;
      return this.text.slice(start + 1, end);
    }
    for (let at = start + 1 + Math.max(escape, 0); ; at++) {
      const char = this.text.charCodeAt(at);
      if (char === Char.Backslash) at += 1;
      else if (char === Char.Quote) {
        end = at;
        break;
      } else if (Number.isNaN(char)) throw this.unexpected();
    }
    this.at = end + 1;
    return JSON.parse(this.text.slice(start, end + 1)) as string;
  }

  private number(first: number): RegoValue {
    const start = first === Char.Minus ? this.at + 1 : this.at;
    let whole = 0;
    let end = start;
    let char = this.text.charCodeAt(end);
    while (char >= Char.Zero && char <= Char.Nine && end - start < SAFE_DIGITS) {
      whole = whole * 10 + (char - Char.Zero);
      char = this.text.charCodeAt(++end);
    }
    if (end === start || isNumberPart(char)) return this.longNumber(end);
    this.at = end;
    return first === Char.Minus ? 0 - whole : whole;
  }

  private longNumber(from: number): RegoValue {
    let end = from;
    while (isNumberPart(this.text.charCodeAt(end))) end += 1;
    const token = this.text.slice(this.at, end);
    if (token === '') throw this.unexpected();
    this.at = end;
    return parseNumber(token);
  }

  private list(): readonly RegoValue[] {
    const items: RegoValue[] = [];
    if (this.takes(Char.CloseList)) return items;
    do items.push(this.value());
    while (this.takes(Char.Comma));
    this.expect(Char.CloseList);
    return items;
  }

  private objectOrSet(): RegoValue {
    this.at += 1;
    if (this.takes(Char.CloseBrace)) return new RegoObject([]);
    const first = this.value();
    return this.takes(Char.Colon) ? this.object(first) : this.set(first);
  }

  private object(first: RegoValue): RegoObject {
    const entries: [RegoValue, RegoValue][] = [[first, this.value()]];
    while (this.takes(Char.Comma)) {
      const key = this.value();
      this.expect(Char.Colon);
      entries.push([key, this.value()]);
    }
    this.expect(Char.CloseBrace);
    return new RegoObject(entries);
  }

  private set(first: RegoValue): RegoSet {
    const members = [first];
    while (this.takes(Char.Comma)) members.push(this.value());
    this.expect(Char.CloseBrace);
    return new RegoSet(members);
  }
}

/** Digits, and what else a number is made of: `+ - . e E`. */
const isNumberPart = (char: number): boolean =>
  (char >= Char.Zero && char <= Char.Nine) ||
  char === 0x2e ||
  char === 0x65 ||
  char === 0x45 ||
  char === Char.Minus ||
  char === 0x2b;
