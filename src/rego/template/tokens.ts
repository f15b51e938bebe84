import { BuiltinError } from '../value/builtin-error.js';

export type TokenKind =
  | ('text' | 'open' | 'close' | 'end' | 'space' | 'assign' | 'declare' | 'pipe' | 'openParen' | 'closeParen')
  | ('string' | 'raw' | 'character' | 'number' | 'bool' | 'nil' | 'dot' | 'field' | 'variable')
  | ('function' | 'keyword' | 'other');

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export const templateError = (message: string): BuiltinError => new BuiltinError(`template: ${message}`);

const KEYWORDS = new Set('block break continue define else end if range template with'.split(' '));

/** What may stand after a name; `}}` may as well. */
const TERMINATOR = /[ \t\r\n.,|:()]|\}\}|$/y;
const WORD = /[\p{L}\p{Nd}_]+/uy;
const CLOSING = /(?:[ \t\r\n]-)?\}\}/y;
const NUMBER = new RegExp(
  '[+-]?(?:0[xX][0-9a-fA-F_]*(?:\\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\\.[0-7_]*)?' +
    '|0[bB][01_]*(?:\\.[01_]*)?|[0-9_]*(?:\\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?',
  'y',
);

const isSpace = (character: string | undefined): boolean =>
  character !== undefined && character !== '' && ' \t\r\n'.includes(character);

/** The tokens of a text/template, in which trimming is done and comments are gone; the last is `end`. */
export function readTokens(template: string): readonly Token[] {
  return new Lexer(template).read();
}

class Lexer {
  private readonly tokens: Token[] = [];
  private at = 0;
  private depth = 0;

  constructor(private readonly input: string) {}

  read(): readonly Token[] {
    for (;;) {
      const open = this.input.indexOf('{{', this.at);
      if (open === -1) break;
      const trims = this.input[open + 2] === '-' && isSpace(this.input[open + 3]);
      this.emitText(trims ? this.beforeSpaces(open) : open);
      this.at = open + (trims ? 4 : 2);
      if (this.input.startsWith('/*', this.at)) this.skipComment();
      else this.readAction();
    }
    this.emitText(this.input.length);
    this.tokens.push({ kind: 'end', text: '' });
    return this.tokens;
  }

  private emitText(end: number): void {
    if (end > this.at) this.tokens.push({ kind: 'text', text: this.input.slice(this.at, end) });
  }

  private beforeSpaces(end: number): number {
    let start = end;
    while (start > this.at && isSpace(this.input[start - 1])) start--;
    return start;
  }

  private skipComment(): void {
    const end = this.input.indexOf('*/', this.at + 2);
    if (end === -1) throw templateError('unclosed comment');
    this.at = end + 2;
    if (!this.takesClosing()) throw templateError('comment ends before closing delimiter');
  }

  /** `}}` or ` -}}`, the latter with the space that follows. */
  private takesClosing(): boolean {
    const closing = this.take(CLOSING);
    if (closing === undefined) return false;
    if (closing !== '}}') while (isSpace(this.input[this.at])) this.at++;
    return true;
  }

  private readAction(): void {
    this.tokens.push({ kind: 'open', text: '{{' });
    this.depth = 0;
    while (!this.takesClosing()) {
      if (this.at >= this.input.length) throw templateError('unclosed action');
      this.tokens.push(this.next());
    }
    if (this.depth > 0) throw templateError('unclosed left paren');
    this.tokens.push({ kind: 'close', text: '}}' });
  }

  private next(): Token {
    const start = this.at;
    const character = this.input[start] ?? '';
    if (isSpace(character)) return this.space();
    const plain = this.punctuation(character);
    if (plain) return plain;
    if (character === '"' || character === "'")
      return this.quoted(character, character === '"' ? 'string' : 'character');
    if (character === '`') return this.raw();
    if (character === '$') return this.name('variable', 'variable');
    if (character === '.' && !/[0-9]/.test(this.input[start + 1] ?? '')) return this.name('field', 'dot');
    if (/[+\-.0-9]/.test(character)) return this.number();
    const word = this.take(WORD);
    if (word !== undefined) return this.word(word);
    if (!/[\x20-\x7e]/.test(character)) throw templateError('unrecognized character in action');
    this.at++;
    return { kind: 'other', text: character };
  }

  /** All but the last space where that one belongs to a trimming delimiter. */
  private space(): Token {
    const start = this.at;
    while (isSpace(this.input[this.at])) this.at++;
    if (this.input.startsWith('-}}', this.at)) this.at--;
    return { kind: 'space', text: this.input.slice(start, this.at) };
  }

  private punctuation(character: string): Token | undefined {
    if (character === ':') {
      if (this.input[this.at + 1] !== '=') throw templateError('expected :=');
      this.at += 2;
      return { kind: 'declare', text: ':=' };
    }
    const kinds: Readonly<Record<string, TokenKind>> = {
      '=': 'assign',
      '|': 'pipe',
      '(': 'openParen',
      ')': 'closeParen',
    };
    const kind = kinds[character];
    if (kind === undefined) return undefined;
    this.at++;
    if (kind === 'openParen') this.depth++;
    if (kind === 'closeParen' && --this.depth < 0) throw templateError('unexpected right paren');
    return { kind, text: character };
  }

  /** Without its quotes. */
  private quoted(mark: string, kind: TokenKind): Token {
    const start = ++this.at;
    for (; ; this.at++) {
      const character = this.input[this.at];
      if (character === '\\') this.at++;
      const read = this.input[this.at];
      if (read === undefined || read === '\n') throw templateError('unterminated quoted string');
      if (character === mark) break;
    }
    return { kind, text: this.input.slice(start, this.at++) };
  }

  private raw(): Token {
    const end = this.input.indexOf('`', this.at + 1);
    if (end === -1) throw templateError('unterminated raw quoted string');
    const text = this.input.slice(this.at + 1, end).replaceAll('\r', '');
    this.at = end + 1;
    return { kind: 'raw', text };
  }

  private name(kind: TokenKind, alone: TokenKind): Token {
    const sign = this.input[this.at++] ?? '';
    const word = this.take(WORD);
    this.checkTerminated();
    return word === undefined ? { kind: alone, text: sign } : { kind, text: sign + word };
  }

  private word(word: string): Token {
    this.checkTerminated();
    if (word === 'true' || word === 'false') return { kind: 'bool', text: word };
    if (word === 'nil') return { kind: 'nil', text: word };
    return { kind: KEYWORDS.has(word) ? 'keyword' : 'function', text: word };
  }

  private number(): Token {
    const text = this.take(NUMBER) ?? '';
    WORD.lastIndex = this.at;
    if (WORD.test(this.input)) throw templateError(`bad number syntax: ${JSON.stringify(text)}`);
    // Go has complex numbers there, such as 1+2i.
    if (/[+-]/.test(this.input[this.at] ?? '') || text.endsWith('i'))
      throw templateError(`complex numbers are not supported: ${JSON.stringify(text)}`);
    return { kind: 'number', text };
  }

  private checkTerminated(): void {
    TERMINATOR.lastIndex = this.at;
    if (!TERMINATOR.test(this.input)) throw templateError('bad character after a name');
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.input)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
