import type { JsonObject, JsonValue } from './canonical-json.js';
import { failed, ok, type Result } from './result.js';

/** What a reader is willing to take. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects; the outermost one has depth 1. Keep it below a few thousand. */
  readonly maxDepth: number;
  /** A leading U+FEFF: RFC 8259 §8.1 lets a parser ignore it or refuse it. */
  readonly byteOrderMark: 'strip' | 'refuse';
  /**
   * A number that a double cannot hold: integers beyond 2^53, overflow, underflow to zero. `text` keeps it as
   * a string exactly as written.
   */
  readonly inexactNumbers: 'refuse' | 'text';
}

export type JsonFault =
  | 'InvalidUtf8'
  | 'ByteOrderMark'
  | 'Syntax'
  | 'TrailingText'
  | 'DuplicateKey'
  | 'LoneSurrogate'
  | 'TooDeep'
  | 'InexactNumber';

/** Why a text was refused, and where: line and column count from 1, offset from 0, all in UTF-16 code units. */
export interface JsonProblem {
  readonly kind: 'InvalidJson';
  readonly fault: JsonFault;
  /** For people; quotes at most a few characters of the text. */
  readonly detail: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** For what we or a careful tool wrote: nothing unusual is forgiven. */
export const STRICT_JSON: JsonLimits = { maxDepth: 512, byteOrderMark: 'refuse', inexactNumbers: 'refuse' };

/**
 * Reads one RFC 8259 text and nothing but it. Stricter than `JSON.parse`, which lets the last duplicate key
 * win, accepts lone surrogates and rounds large integers in silence: three ways for two readers of one
 * document to see different things. `-0` is read as `0`. Objects are plain; a `__proto__` key is an own
 * property.
 */
export function parseJson(
  source: Uint8Array | string,
  limits: JsonLimits = STRICT_JSON,
): Result<JsonValue, JsonProblem> {
  let text = typeof source === 'string' ? source : '';
  try {
    if (typeof source !== 'string') text = decodeUtf8(source);
    else if (!text.isWellFormed())
      throw new Refusal('LoneSurrogate', firstLoneSurrogate(text), 'lone surrogate');
    return ok(new Reader(text, limits).document());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failed(locate(error.text ?? text, error));
  }
}

class Refusal extends Error {
  constructor(
    readonly fault: JsonFault,
    readonly offset: number,
    readonly detail: string,
    /** The text the offset counts in, when it is not the whole document. */
    readonly text?: string,
  ) {
    super(detail);
  }
}

function locate(text: string, { fault, offset, detail }: Refusal): JsonProblem {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  return { kind: 'InvalidJson', fault, detail, line, column: offset - lineStart + 1, offset };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Where? The lossy text, encoded again, first differs inside the replacement of the first bad sequence.
    const lossy = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    let bad = 0;
    while (lossy[bad] === bytes[bad]) bad += 1;
    while (((lossy[bad] ?? 0) & 0xc0) === 0x80) bad -= 1;
    const before = lossy.toString('utf8', 0, bad);
    throw new Refusal('InvalidUtf8', before.length, 'bytes that are not UTF-8', before);
  }
}

function firstLoneSurrogate(text: string): number {
  return /[\ud800-\udfff]/u.exec(text)?.index ?? 0;
}

const enum Char {
  Tab = 0x09,
  LineFeed = 0x0a,
  CarriageReturn = 0x0d,
  Space = 0x20,
  Quote = 0x22,
  Comma = 0x2c,
  Colon = 0x3a,
  OpenBracket = 0x5b,
  Backslash = 0x5c,
  CloseBracket = 0x5d,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
  ByteOrderMark = 0xfeff,
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Recursive descent over the text; `at` is always the next unread code unit. */
class Reader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  document(): JsonValue {
    if (this.text.charCodeAt(0) === Char.ByteOrderMark) {
      if (this.limits.byteOrderMark === 'refuse') throw new Refusal('ByteOrderMark', 0, 'byte order mark');
      this.at = 1;
    }
    const value = this.value();
    if (!Number.isNaN(this.next())) throw new Refusal('TrailingText', this.at, 'text after the document');
    return value;
  }

  /** Skips white space and looks at the next code unit; NaN at the end. */
  private next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== Char.Space && code !== Char.LineFeed && code !== Char.CarriageReturn && code !== Char.Tab)
        return code;
      this.at += 1;
    }
  }

  private value(): JsonValue {
    switch (this.next()) {
      case Char.OpenBrace:
        return this.nested(() => this.object());
      case Char.OpenBracket:
        return this.nested(() => this.array());
      case Char.Quote:
        return this.string();
      default:
        return this.literal('true', true) ?? this.literal('false', false) ?? this.nullOrNumber();
    }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > this.limits.maxDepth)
      throw new Refusal('TooDeep', this.at, `nested deeper than ${String(this.limits.maxDepth)}`);
    this.at += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): JsonObject {
    const object: Record<string, JsonValue> = {};
    if (this.closes(Char.CloseBrace)) return object;
    for (;;) {
      if (this.next() !== Char.Quote) throw this.unexpected('a key in double quotes');
      const keyAt = this.at;
      const key = this.string();
      if (Object.hasOwn(object, key))
        throw new Refusal('DuplicateKey', keyAt, `key ${quoted(key)} appears twice`);
      if (this.next() !== Char.Colon) throw this.unexpected('":"');
      this.at += 1;
      const value = this.value();
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
      if (this.closes(Char.CloseBrace)) return object;
      if (this.next() !== Char.Comma) throw this.unexpected('"," or "}"');
      this.at += 1;
    }
  }

  private array(): JsonValue[] {
    const array: JsonValue[] = [];
    if (this.closes(Char.CloseBracket)) return array;
    for (;;) {
      array.push(this.value());
      if (this.closes(Char.CloseBracket)) return array;
      if (this.next() !== Char.Comma) throw this.unexpected('"," or "]"');
      this.at += 1;
    }
  }

  private closes(bracket: Char): boolean {
    if (this.next() !== (bracket as number)) return false;
    this.at += 1;
    return true;
  }

  private literal<T>(word: string, value: T): T | undefined {
    if (!this.text.startsWith(word, this.at)) return undefined;
    this.at += word.length;
    return value;
  }

  private nullOrNumber(): JsonValue {
    if (this.text.startsWith('null', this.at)) {
      this.at += 4;
      return null;
    }
    NUMBER.lastIndex = this.at;
    const written = NUMBER.exec(this.text)?.[0];
    if (written === undefined) throw this.unexpected('a value');
    const value = Number(written);
    if (isInexact(value, written)) {
      if (this.limits.inexactNumbers === 'refuse')
        throw new Refusal('InexactNumber', this.at, `${written.slice(0, 40)} does not fit a double`);
      this.at += written.length;
      return written;
    }
    this.at += written.length;
    return value === 0 ? 0 : value;
  }

  private string(): string {
    const start = ++this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === Char.Quote) return this.text.slice(start, this.at++);
      if (code === Char.Backslash) return this.text.slice(start, this.at) + this.escapedRest();
      if (!(code >= Char.Space)) throw this.unexpected('a closing quote');
      this.at += 1;
    }
  }

  /** From the first backslash to the closing quote: rarer, so it may be slower. */
  private escapedRest(): string {
    let rest = '';
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === Char.Backslash) {
        rest += this.escape();
        continue;
      }
      const start = this.at;
      let end = code;
      while (end >= Char.Space && end !== Char.Quote && end !== Char.Backslash)
        end = this.text.charCodeAt(++this.at);
      rest += this.text.slice(start, this.at);
      if (end === Char.Quote) {
        this.at += 1;
        return rest;
      }
      if (end !== Char.Backslash) throw this.unexpected('a closing quote');
    }
  }

  private escape(): string {
    const start = this.at;
    const letter = this.text.charAt(start + 1);
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    if (letter !== 'u') throw new Refusal('Syntax', start, 'no such escape');
    const first = this.codeUnit();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const second = first < 0xdc00 && this.text.startsWith('\\u', this.at) ? this.codeUnit() : 0;
    if (second < 0xdc00 || second > 0xdfff) throw new Refusal('LoneSurrogate', start, 'lone surrogate');
    return String.fromCharCode(first, second);
  }

  private codeUnit(): number {
    HEX4.lastIndex = this.at + 2;
    const hex = HEX4.exec(this.text)?.[0];
    if (hex === undefined) throw new Refusal('Syntax', this.at, '\\u wants four hex digits');
    this.at += 6;
    return Number.parseInt(hex, 16);
  }

  private unexpected(wanted: string): Refusal {
    const found = this.text.codePointAt(this.at);
    const what = found === undefined ? 'the end' : quoted(String.fromCodePoint(found));
    return new Refusal('Syntax', this.at, `expected ${wanted}, found ${what}`);
  }
}

function isInexact(value: number, written: string): boolean {
  if (value === 0) return /^[^eE]*[1-9]/.test(written);
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

/** Printable, short, and without anything that could forge a line in a log. */
const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text);
