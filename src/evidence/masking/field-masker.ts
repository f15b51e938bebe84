import { isSecretTool } from '../../formats/secrets/secret-tools.js';
import { PatternMasker } from './pattern-masker.js';
import { maskRaw, saysNothing, type RawKind } from './raw-value.js';

/** How a raw field is masked: by the rules of raw-value.ts. */
interface RawField {
  readonly secretClass: string;
  readonly how: RawKind;
}
const VALUE: RawField = { secretClass: 'secret', how: 'value' };
const TEXT: RawField = { secretClass: 'secret', how: 'text' };
const SOURCE: RawField = { secretClass: 'source', how: 'text' };
const CODE: RawField = { secretClass: 'code', how: 'code' };

/** Fields in which scanners write what they found, or the code around it. */
const RAW_FIELDS: ReadonlyMap<string, RawField> = new Map([
  ...['Secret', 'Raw', 'RawV2', 'offender'].map((key) => [key, VALUE] as const),
  ...['Match', 'Redacted', 'SecretParts'].map((key) => [key, TEXT] as const),
  // TruffleHog: account names and keys, whole private keys, what a verification answered
  ...['ExtraData', 'StructuredData', 'AnalysisInfo', 'VerificationError'].map((key) => [key, TEXT] as const),
  ['hashed_secret', { secretClass: 'hash', how: 'value' }], // unsalted SHA-1: guessable without us
  ['sourceContent', { secretClass: 'source', how: 'lines' }], // secretlint ships the whole file
  ['line', SOURCE], // gitleaks 7; elsewhere a number, which stays
]);
/** Trivy masks the match and prints the lines around it, one of which may hold another secret. */
const TRIVY_FINDINGS = 'Secrets';
const TRIVY_CODE: ReadonlySet<string> = new Set(['Content', 'Highlighted']);
/** Code in SARIF; kept only where the run has said that its tool does not look for secrets. */
const SARIF_CODE: ReadonlySet<string> = new Set(['snippet', 'contents', 'deletedContent', 'insertedContent']);
const SNIPPET: RawField = { secretClass: 'snippet', how: 'text' };
/** Code in semgrep's `results[].extra`: its rules for secrets print the line as all others do. */
const SEMGREP_CODE: ReadonlySet<string> = new Set([
  ...['lines', 'fix', 'fixed_lines', 'rendered_fix', 'metavars', 'dataflow_trace'],
]);
/** What ZAP saw in requests and answers: cookies, tokens, the passwords it tried. */
const ZAP_TRAFFIC: ReadonlySet<string> = new Set([
  ...['evidence', 'attack', 'otherinfo'],
  ...['request-header', 'request-body', 'response-header', 'response-body'],
]);

const KEY_LENGTH = 64;
/** Of a longer value the first part is hashed. */
const VALUE_LENGTH = 64 * 1024;
/** Of a longer source the first lines are kept, as masks. */
const SOURCE_LENGTH = 1024 * 1024;
/** Deeper JSON is refused later; here it only must not cost memory. */
const MAX_DEPTH = 512;

interface Frame {
  readonly isObject: boolean;
  /** How strings below are masked, whatever their key. */
  readonly raw: RawField | undefined;
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
  private raw: RawField = VALUE;
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
      raw: parent?.raw ?? this.rawField(parent, key),
      isTrivyFinding: (parent?.isTrivyFinding ?? false) || key === TRIVY_FINDINGS,
      key: '',
      expectsKey: isObject,
    });
    if (this.stack.length === 3 && this.stack[0]?.key === 'runs') this.tool = 'unknown'; // a SARIF run begins
  }

  private roleOf(top: Frame | undefined): Reading {
    if (!top) return 'pass';
    if (this.excessDepth === 0 && top.expectsKey) return 'key';
    const raw = top.raw ?? this.rawField(top, top.key);
    if (raw !== undefined) {
      this.raw = raw;
      return 'mask';
    }
    return this.isToolName() ? 'tool-name' : 'pass';
  }

  /** Of what is raw by its key and where that stands, undefined for everything else. */
  private rawField(frame: Frame | undefined, key: string): RawField | undefined {
    if (frame?.isTrivyFinding && TRIVY_CODE.has(key)) return SOURCE;
    const root = this.stack[0]?.key;
    if (this.stack.length >= 3 && root === 'runs' && this.tool !== 'other' && SARIF_CODE.has(key))
      return SNIPPET;
    if (
      root === 'results' &&
      this.stack.length === 4 &&
      this.stack[2]?.key === 'extra' &&
      SEMGREP_CODE.has(key)
    )
      return CODE;
    if (root === 'site' && ZAP_TRAFFIC.has(key)) return TEXT;
    return RAW_FIELDS.get(key);
  }

  /** `runs[].tool.driver.name` */
  private isToolName(): boolean {
    if (this.stack.length !== 5 || this.stack[4]?.key !== 'name') return false; // nearly always told by that
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
    const limit =
      this.reading === 'key' ? KEY_LENGTH : this.raw.how === 'lines' ? SOURCE_LENGTH : VALUE_LENGTH;
    const room = limit - this.captured.length;
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
    if (saysNothing(literal)) return literal;
    this.masked += 1;
    return maskRaw(decoded(literal), this.raw, { key: this.key, patterns: this.values });
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
