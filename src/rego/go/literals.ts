import { goText } from './utf8.js';
import { GoInt } from './value.js';

const SIMPLE: Readonly<Record<string, number>> = {
  ...{ a: 0x07, b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b },
  ...{ '\\': 0x5c, "'": 0x27, '"': 0x22 },
};
const ESCAPE =
  /\\(?:([abfnrtv\\'"])|([0-3][0-7]{2})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|[^\\]/suy;

/** The characters of a Go literal without its quotes: strconv.Unquote. Undefined when an escape is none. */
export function unquote(body: string, mark: '"' | "'"): string | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const character = characterAt(body, at, mark);
    if (!character) return undefined;
    parts.push(character.bytes);
    at += character.length;
  }
  return goText(Buffer.concat(parts));
}

/** The number of the one character in a Go literal without its quotes; undefined when it is not one. */
export function unquoteCharacter(body: string): bigint | undefined {
  const character = body === '' ? undefined : characterAt(body, 0, "'");
  return character?.length === body.length ? BigInt(character.code) : undefined;
}

interface Character {
  readonly code: number;
  /** `\xff` and `\377` are bytes, anything else is UTF-8. */
  readonly bytes: Buffer;
  /** In the literal. */
  readonly length: number;
}

function characterAt(body: string, at: number, mark: string): Character | undefined {
  ESCAPE.lastIndex = at;
  const match = ESCAPE.exec(body);
  if (!match) return undefined;
  const [written, simple, octal, byte, short, long] = match;
  const { length } = written;
  if (simple !== undefined) {
    // The other kind of quote is not escaped.
    if ((simple === "'" || simple === '"') && simple !== mark) return undefined;
    const code = SIMPLE[simple] ?? 0;
    return { code, bytes: Buffer.of(code), length };
  }
  if (octal !== undefined || byte !== undefined) {
    const code = octal === undefined ? parseInt(byte ?? '', 16) : parseInt(octal, 8);
    return { code, bytes: Buffer.of(code), length };
  }
  const hex = short ?? long;
  const code = hex === undefined ? (written.codePointAt(0) ?? 0) : parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { code, bytes: Buffer.from(String.fromCodePoint(code)), length };
}

const INTEGER =
  /^([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[oO]?((?:_?[0-7])+)|0[bB]((?:_?[01])+)|((?:[1-9](?:_?[0-9])*)|0))$/;
const DECIMAL = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]_?([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?\d+)$/;

/**
 * A number in Go's syntax, as text/template types it where nothing else says its type: float64 by its spelling,
 * otherwise int. `overflow` is an integer beyond 64 bits with sign; undefined what is no number.
 */
export function readNumber(text: string): GoInt | number | 'overflow' | undefined {
  const whole = integerOf(text);
  if (whole !== undefined) {
    if (BigInt.asIntN(64, whole) === whole) return new GoInt(whole, 'int');
    return whole > 0n && BigInt.asUintN(64, whole) === whole ? 'overflow' : undefined;
  }
  const float = floatOf(text);
  // What looks like an integer but is none was too large for one, or had a digit of another base.
  return float !== undefined && Number.isFinite(float) && /[.eEpP]/.test(text) ? float : undefined;
}

function integerOf(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (!match) return undefined;
  const [, sign, hex, octal, binary, decimal] = match.map((part: string | undefined) =>
    part?.replaceAll('_', ''),
  );
  const size =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : octal !== undefined
        ? BigInt(`0o${octal}`)
        : BigInt(binary !== undefined ? `0b${binary}` : (decimal ?? '0'));
  return sign === '-' ? -size : size;
}

function floatOf(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text.replaceAll('_', ''));
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    HEX_FLOAT.exec(text)?.map((part: string | undefined) => part?.replaceAll('_', '')) ?? [];
  if (whole + fraction === '') return undefined;
  // Exact as long as the digits are: a literal with more than 53 bits is not one a template has.
  const value = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}
