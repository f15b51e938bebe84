import { isSecretTool } from '../../formats/secrets/secret-tools.js';
import { maskOf } from './mask.js';
import { PatternMasker } from './pattern-masker.js';

/** Fields in which scanners write what they found, or the code around it, and the class their masks get. */
const RAW_FIELDS: ReadonlyMap<string, string> = new Map([
  ...['Secret', 'Match', 'Raw', 'RawV2', 'Redacted', 'SecretParts', 'offender'].map(
    (key) => [key, 'secret'] as const,
  ),
  ['hashed_secret', 'hash'], // unsalted SHA-1: guessable without us
  ['sourceContent', 'source'], // secretlint ships the whole file
  ['line', 'source'], // gitleaks 7; elsewhere a number, which stays
]);
/** Trivy masks the match and prints the lines around it, one of which may hold another secret. */
const TRIVY_FINDINGS = 'Secrets';
const TRIVY_CODE: ReadonlySet<string> = new Set(['Content', 'Highlighted']);
/** Code in SARIF; kept only where the run has said that its tool does not look for secrets. */
const SARIF_CODE: ReadonlySet<string> = new Set(['snippet', 'contents', 'deletedContent', 'insertedContent']);

const KEY_LENGTH = 64;
/** Of a longer value the first part is hashed. */
const VALUE_LENGTH = 64 * 1024;
/** Deeper JSON is refused later; here it only must not cost memory. */
const MAX_DEPTH = 512;
const MASK = /^\[masked:[a-z0-9-]{1,40}:[0-9a-f]{16}\]$/;

interface Frame {
  readonly isObject: boolean;
  /** The class with which strings below are masked, whatever their key. */
  readonly secretClass: string | undefined;
  readonly isTrivyFinding: boolean;
  /** The key that is being read or whose value is. */
  key: string;
  expectsKey: boolean;
}

/** What is done with the string being read. */
type Reading = 'pass' | 'key' | 'tool-name' | 'mask';

/**
 * Masks whole fields of JSON reports by where they stand, also when no pattern would know the value. Follows
 * the structure only as far as that needs and leaves every other byte alone, also in text that is not JSON.
 * Texts are latin-1 views of bytes; holds one key or one value.
 */
export class FieldMasker {
  masked = 0;
  private readonly stack: Frame[] = [];
  private excessDepth = 0;
  private reading: Reading | undefined;
  private isEscaped = false;
  private captured = '';
  private secretClass = '';
  private tool: 'unknown' | 'secrets' | 'other' = 'unknown';

  /** Recognises what is inside a value. */
  private readonly values: PatternMasker;

  constructor(private readonly key: Uint8Array) {
    this.values = new PatternMasker(key);
  }

  end(): string {
    return this.reading === 'mask' ? this.mask() : '';
  }

  push(text: string): string {
    let out = '';
    let emitted = 0; // what stands before it has been written or withheld
    let at = 0;
    while (at < text.length) {
      if (this.reading === undefined) {
        at = this.structure(text, at);
        continue;
      }
      const end = this.stringEnd(text, at);
      this.capture(text, at, end ?? text.length);
      if (this.reading === 'mask') {
        out += text.slice(emitted, at);
        if (end !== undefined) out += this.mask();
        emitted = end ?? text.length;
      }
      if (end !== undefined) this.closeString();
      at = end === undefined ? text.length : end + 1;
    }
    return out + text.slice(emitted);
  }

  /** Goes on to just behind the next opening quote, or to the end. */
  private structure(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      switch (text.charCodeAt(at)) {
        case Char.Quote:
          this.reading = this.roleOf(this.stack.at(-1));
          this.captured = '';
          return at + 1;
        case Char.OpenBrace:
        case Char.OpenBracket:
          this.open(text.charCodeAt(at) === Char.OpenBrace, this.stack.at(-1));
          break;
        case Char.Comma:
          this.expectKey(true);
          break;
        case Char.Colon:
          this.expectKey(false);
          break;
        case Char.CloseBrace:
        case Char.CloseBracket:
          if (this.excessDepth > 0) this.excessDepth -= 1;
          else this.stack.pop();
      }
    }
    return text.length;
  }

  private expectKey(isExpected: boolean): void {
    const top = this.stack.at(-1);
    if (top && this.excessDepth === 0) top.expectsKey = isExpected && top.isObject;
  }

  private open(isObject: boolean, parent: Frame | undefined): void {
    if (this.stack.length >= MAX_DEPTH) {
      this.excessDepth += 1;
      return;
    }
    const key = parent?.key ?? '';
    this.stack.push({
      isObject,
      secretClass: parent?.secretClass ?? this.classOf(parent, key),
      isTrivyFinding: (parent?.isTrivyFinding ?? false) || key === TRIVY_FINDINGS,
      key: '',
      expectsKey: isObject,
    });
    if (this.stack.length === 3 && this.stack[0]?.key === 'runs') this.tool = 'unknown'; // a SARIF run begins
  }

  private roleOf(top: Frame | undefined): Reading {
    if (!top) return 'pass';
    if (this.excessDepth === 0 && top.expectsKey) return 'key';
    const secretClass = top.secretClass ?? this.classOf(top, top.key);
    if (secretClass !== undefined) {
      this.secretClass = secretClass;
      return 'mask';
    }
    return this.isToolName() ? 'tool-name' : 'pass';
  }

  /** The class of what is raw by its key, undefined for everything else. */
  private classOf(frame: Frame | undefined, key: string): string | undefined {
    if (frame?.isTrivyFinding && TRIVY_CODE.has(key)) return 'source';
    const isSarif = this.stack.length >= 3 && this.stack[0]?.key === 'runs';
    if (isSarif && this.tool !== 'other' && SARIF_CODE.has(key)) return 'snippet';
    return RAW_FIELDS.get(key);
  }

  /** `runs[].tool.driver.name` */
  private isToolName(): boolean {
    if (this.stack.length !== 5) return false;
    const [root, , run, tool, driver] = this.stack;
    return [root, run, tool, driver].map((frame) => frame?.key).join('.') === 'runs.tool.driver.name';
  }

  /** The index of the closing quote, if it is in this text. */
  private stringEnd(text: string, from: number): number | undefined {
    let at = from;
    if (this.isEscaped) {
      this.isEscaped = false;
      at += 1;
    }
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === Char.Quote) return at;
      if (code === Char.Backslash) at += 1;
    }
    this.isEscaped = at > text.length;
    return undefined;
  }

  private capture(text: string, from: number, to: number): void {
    if (this.reading === 'pass') return;
    const room = (this.reading === 'key' ? KEY_LENGTH : VALUE_LENGTH) - this.captured.length;
    if (room > 0) this.captured += text.slice(from, Math.min(to, from + room));
  }

  private closeString(): void {
    const top = this.stack.at(-1);
    if (this.reading === 'key' && top) top.key = this.captured;
    if (this.reading === 'tool-name') this.tool = isSecretTool(decoded(this.captured)) ? 'secrets' : 'other';
    this.reading = undefined;
  }

  private mask(): string {
    const literal = this.captured;
    if (literal === '' || MASK.test(literal)) return literal;
    this.masked += 1;
    const value = decoded(literal);
    return this.values.firstIn(value) ?? maskOf(this.key, this.secretClass, value);
  }
}

const enum Char {
  Quote = 0x22,
  Comma = 0x2c,
  Colon = 0x3a,
  OpenBracket = 0x5b,
  Backslash = 0x5c,
  CloseBracket = 0x5d,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
}

/** What the literal stands for, as a latin-1 view; a literal that is none, or was cut, is taken as it is. */
function decoded(literal: string): string {
  try {
    const text: unknown = JSON.parse(`"${Buffer.from(literal, 'latin1').toString('utf8')}"`);
    return Buffer.from(String(text), 'utf8').toString('latin1');
  } catch {
    return literal;
  }
}
