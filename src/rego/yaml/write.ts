import { isArray, isNumber, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { writeJson } from '../go/json.js';
import { goFloat } from '../go/float.js';
import { resolveScalar } from './scalar.js';

/** A value as go-yaml writes what JSON makes of it: block style, two spaces, keys in its natural order. */
export function writeYaml(value: RegoValue): string {
  const writer = new Writer();
  writer.root(value);
  return writer.text();
}

/** go-yaml's own limit when it reads back the JSON from which OPA writes. */
const MAX_DEPTH = 10_000;
/** No policy reads more: indents multiply with depth. */
const MAX_TEXT = 2 ** 26;

class Writer {
  private readonly parts: string[] = [];
  private length = 0;

  text(): string {
    return this.parts.join('');
  }

  root(value: RegoValue): void {
    const items = collection(value);
    if (items) this.block(items, 0);
    else this.write(`${scalar(value, 2, false)}\n`);
  }

  /** `indent` is that of its own lines; the first of them may have begun already. */
  private block(items: Collection, indent: number, begun = false): void {
    if (indent > 2 * MAX_DEPTH) throw new BuiltinError('yaml: exceeded max depth');
    if (items.kind === 'sequence') this.sequence(items.members, indent, begun);
    else this.mapping(items.members, indent, begun);
  }

  private sequence(members: readonly RegoValue[], indent: number, begun: boolean): void {
    if (members.length === 0) this.write('[]\n');
    for (const [index, member] of members.entries()) {
      this.write(`${index === 0 && begun ? '' : ' '.repeat(indent)}- `);
      const nested = collection(member);
      if (nested) this.block(nested, indent + 2, true);
      else this.write(`${scalar(member, indent + 2, false)}\n`);
    }
  }

  private mapping(members: readonly (readonly [string, RegoValue])[], indent: number, begun: boolean): void {
    if (members.length === 0) this.write('{}\n');
    for (const [index, [name, item]] of members.entries()) {
      if (index > 0 || !begun) this.write(' '.repeat(indent));
      const isSimple = !/[\n\r\x85\u2028\u2029]/.test(name) && Buffer.byteLength(name) <= 128;
      this.write(
        isSimple
          ? `${scalar(name, indent, true)}:`
          : `? ${scalar(name, indent + 2, false)}\n${' '.repeat(indent)}:`,
      );
      this.item(item, indent, isSimple);
    }
  }

  private item(item: RegoValue, indent: number, isSimple: boolean): void {
    const nested = collection(item);
    if (!nested) {
      const text = scalar(item, indent + 2, false);
      this.write(`${text === '' ? '' : ' '}${text}\n`);
    } else {
      const isOnSameLine = nested.members.length === 0 || !isSimple;
      this.write(isOnSameLine ? ' ' : '\n');
      this.block(nested, indent + 2, isOnSameLine);
    }
  }

  private write(part: string): void {
    this.parts.push(part);
    this.length += part.length;
    if (this.length > MAX_TEXT) throw new Error(`the text is longer than ${MAX_TEXT} characters`);
  }
}

type Collection =
  | { readonly kind: 'sequence'; readonly members: readonly RegoValue[] }
  | { readonly kind: 'mapping'; readonly members: readonly (readonly [string, RegoValue])[] };

function collection(value: RegoValue): Collection | undefined {
  if (value instanceof RegoSet) return { kind: 'sequence', members: value.members };
  if (isArray(value)) return { kind: 'sequence', members: value };
  if (!(value instanceof RegoObject)) return undefined;
  const members = new Map(
    value.entries.map(([key, item]) => [typeof key === 'string' ? key : writeJson(key), item]),
  );
  return { kind: 'mapping', members: [...members].sort(([a], [b]) => naturally(a, b)) };
}

const isLetter = (char: string | undefined): boolean => char !== undefined && /^\p{L}$/u.test(char);
const isDigit = (char: string | undefined): boolean => char !== undefined && /^\p{Nd}$/u.test(char);

/** go-yaml's keyList.Less: `a2` before `a10`. */
function naturally(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  let digits = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x = '', y = ''] = [a[i], b[i]];
    if (x === y) digits = isDigit(x);
    else return isLess(a, b, i, digits) ? -1 : 1;
  }
  return a.length - b.length;
}

function isLess(a: readonly string[], b: readonly string[], i: number, digits: boolean): boolean {
  const [x = '', y = ''] = [a[i], b[i]];
  const byCode = (x.codePointAt(0) ?? 0) < (y.codePointAt(0) ?? 0);
  if (isLetter(x) && isLetter(y)) return byCode;
  if (isLetter(x) || isLetter(y)) return digits ? isLetter(x) : isLetter(y);
  const [numberA, endA] = numberAt(a, i, x === '0' || y === '0');
  const [numberB, endB] = numberAt(b, i, x === '0' || y === '0');
  if (numberA !== numberB) return numberA < numberB;
  return endA === endB ? byCode : endA < endB;
}

/** The number that goes on at `start`, as Go's 64 bits have it. */
function numberAt(text: readonly string[], start: number, lookBack: boolean): readonly [bigint, number] {
  let value = 0n;
  for (let i = start - 1; lookBack && i >= 0 && isDigit(text[i]); i--) {
    if (text[i] === '0') continue;
    value = 1n;
    break;
  }
  let end = start;
  for (; isDigit(text[end]); end++)
    value = BigInt.asIntN(64, value * 10n + BigInt((text[end]?.codePointAt(0) ?? 0) - 48));
  return [value, end];
}

function scalar(value: RegoValue, indent: number, isKey: boolean): string {
  if (typeof value === 'string') return stringText(value.toWellFormed(), indent, isKey);
  if (isNumber(value)) return numberText(String(value));
  return value === null ? 'null' : value === true ? 'true' : 'false';
}

/** go-yaml reads the JSON number first: what is no 64-bit integer becomes a double. */
function numberText(json: string): string {
  const found = resolveScalar(json);
  if (found.tag === 'int') return String(found.value);
  if (found.tag === 'float') return goFloat(found.value);
  throw new BuiltinError(`json: ${json.slice(0, 40)} is beyond a double`);
}

const OLD_BOOL = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
/** What libyaml takes for line breaks and for printable: nothing beyond 16 bits is. */
const BREAK = /[\r\n\x85\u2028\u2029]/;
const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

function stringText(text: string, indent: number, isKey: boolean): string {
  if (/[\x7f-\x84\x86-\x9f\ufffe\uffff]/.test(text))
    throw new BuiltinError('yaml: control characters are not allowed');
  const style = styleOf(text);
  if (style === 'plain') {
    if (isPlainAllowed(text) && !(text === '' && isKey)) return text;
    return isSingleQuotedAllowed(text) ? singleQuoted(text, indent) : doubleQuoted(text);
  }
  const isBlockAllowed = !isKey && !text.endsWith(' ') && !/ [\r\n\x85\u2028\u2029]/.test(text);
  if (style === 'literal' && isBlockAllowed && !UNPRINTABLE.test(text.replaceAll('\t', '')))
    return literal(text, indent);
  return doubleQuoted(text);
}

function styleOf(text: string): 'literal' | 'plain' | 'double' {
  if (text.includes('\n')) return 'literal';
  const isOther = resolveScalar(text).tag !== 'str' || BASE_60.test(text) || OLD_BOOL.test(text);
  return isOther ? 'double' : 'plain';
}

const isSingleQuotedAllowed = (text: string): boolean =>
  !UNPRINTABLE.test(text) && !/ [\r\x85\u2028\u2029]|[\r\x85\u2028\u2029] /.test(text);

const singleQuoted = (text: string, indent: number): string =>
  `'${text.replaceAll("'", "''").replace(/[\u2028\u2029]+(?=[^\u2028\u2029])/g, (breaks) => breaks + ' '.repeat(indent))}'`;

function isPlainAllowed(text: string): boolean {
  if (/^(?:---|\.\.\.)/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  if (/^[?:-](?:[\s]|$)/.test(text) || /:(?:[\s]|$)/.test(text) || /\s#/.test(text)) return false;
  return !/^ | $/.test(text) && !BREAK.test(text) && !UNPRINTABLE.test(text);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ...[['\0', '0'] as const, ['\x07', 'a'] as const, ['\b', 'b'] as const, ['\t', 't'] as const],
  ...[['\n', 'n'] as const, ['\v', 'v'] as const, ['\f', 'f'] as const, ['\r', 'r'] as const],
  ...[['\x1b', 'e'] as const, ['"', '"'] as const, ['\\', '\\'] as const, ['\x85', 'N'] as const],
  ...[['\xa0', '_'] as const, ['\u2028', 'L'] as const, ['\u2029', 'P'] as const],
]);

function doubleQuoted(text: string): string {
  const escaped = [...text].map((char) => {
    if (!UNPRINTABLE.test(char) && !BREAK.test(char) && char !== '"' && char !== '\\') return char;
    const short = ESCAPES.get(char);
    if (short !== undefined) return `\\${short}`;
    const code = char.codePointAt(0) ?? 0;
    const [letter, width] =
      code <= 0xff ? (['x', 2] as const) : code <= 0xffff ? (['u', 4] as const) : (['U', 8] as const);
    return `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

/** The text ends its own lines: what comes after is written behind the last of them. */
function literal(text: string, indent: number): string {
  const hint = /^[ \r\n\x85\u2028\u2029]/.test(text) ? '2' : '';
  const isBreakAt = (index: number): boolean => BREAK.test(text.at(index) ?? '');
  const chomp = !isBreakAt(-1) ? '-' : text.length === 1 || isBreakAt(-2) ? '+' : '';
  const pad = ' '.repeat(indent);
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `|${hint}${chomp}\n${body.replace(/^(?=[^\n])/gm, pad)}`;
}
