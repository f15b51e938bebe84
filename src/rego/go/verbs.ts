import { formatFloat, type FloatVerb } from './float.js';
import { canBackquote, isPrintable, quote, quoteRune } from './quote.js';
import { byBytes, GoBigInt, GoInt, goType, isList, isMap, JsonNumber, type GoValue } from './value.js';

/** What stands between `%` and the verb. */
export interface Directive {
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%#v` */
  readonly goSyntax: boolean;
  /** `%+v`: names of fields, which nothing here has; big integers take it for a plain plus. */
  readonly fieldNames: boolean;
}

export const NO_FLAGS: Directive = {
  ...{ width: undefined, precision: undefined, minus: false, plus: false, sharp: false },
  ...{ space: false, zero: false, goSyntax: false, fieldNames: false },
};

/** One operand, as Go's fmt prints it: also what it prints for a verb that does not go with the type. */
export function formatOperand(value: GoValue, verb: string, directive: Directive): string {
  if (verb === 'T') return formatString(goType(value), 's', directive) ?? '';
  if (value === null) return verb === 'v' ? padded('<nil>', directive) : `%!${verb}(<nil>)`;
  return formatTyped(value, verb, directive) ?? wrongVerb(value, verb, directive);
}

const wrongVerb = (value: GoValue, verb: string, directive: Directive): string =>
  value instanceof GoBigInt
    ? `%!${verb}(big.Int=${value.value.toString()})`
    : `%!${verb}(${goType(value)}=${formatOperand(value, 'v', directive)})`;

/** Undefined when the verb does not go with the type. */
function formatTyped(value: GoValue, verb: string, directive: Directive): string | undefined {
  if (typeof value === 'string') return formatString(value, verb, directive);
  if (value instanceof JsonNumber) return formatString(value.text, verb, directive);
  if (value instanceof GoInt) return formatInteger(value.value, verb, directive);
  if (value instanceof GoBigInt) return formatBigInteger(value.value, verb, directive);
  if (typeof value === 'number') return formatDouble(value, verb, directive);
  if (typeof value === 'boolean')
    return verb === 't' || verb === 'v' ? padded(String(value), directive) : undefined;
  if (verb === 'p') return undefined;
  return formatCollection(value, verb, directive);
}

function formatCollection(value: GoValue, verb: string, directive: Directive): string {
  const { goSyntax } = directive;
  const element = (item: GoValue): string => {
    if (item === null) return goSyntax ? 'interface {}(nil)' : '<nil>';
    return formatOperand(item, verb, directive);
  };
  const parts =
    value !== null && isMap(value)
      ? [...value].sort(([a], [b]) => byBytes(a, b)).map(([key, item]) => `${element(key)}:${element(item)}`)
      : value !== null && isList(value)
        ? value.map(element)
        : [];
  if (goSyntax) return `${goType(value)}{${parts.join(', ')}}`;
  return `${value !== null && isMap(value) ? 'map' : ''}[${parts.join(' ')}]`;
}

const lengthOf = (text: string): number => {
  let length = 0;
  for (const character of text) length += character.length > 0 ? 1 : 0;
  return length;
};

function padded(text: string, { width, minus, zero }: Directive): string {
  const missing = (width ?? 0) - (width === undefined ? 0 : lengthOf(text));
  if (missing <= 0) return text;
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text;
}

const withoutZeros = (text: string, directive: Directive): string =>
  padded(text, { ...directive, zero: false });

function formatString(value: string, verb: string, directive: Directive): string | undefined {
  switch (verb) {
    case 'v':
      return directive.goSyntax ? quoted(value, directive) : padded(truncated(value, directive), directive);
    case 's':
      return padded(truncated(value, directive), directive);
    case 'q':
      return quoted(value, directive);
    case 'x':
      return hexBytes(value, directive);
    case 'X':
      return hexBytes(value, directive, true);
    default:
      return undefined;
  }
}

const truncated = (value: string, { precision }: Directive): string =>
  precision === undefined
    ? value
    : Array.from(value.slice(0, 2 * precision))
        .slice(0, precision)
        .join('');

function quoted(value: string, directive: Directive): string {
  const shown = truncated(value, directive);
  if (directive.sharp && canBackquote(shown)) return padded(`\`${shown}\``, directive);
  return padded(quote(shown, directive.plus), directive);
}

function hexBytes(value: string, directive: Directive, upper = false): string {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex', 0, Math.min(directive.precision ?? bytes.length, bytes.length));
  const pairs = directive.space ? (hex.match(/../g) ?? []) : [hex].filter((all) => all !== '');
  const text = pairs.map((pair) => (directive.sharp ? `0x${pair}` : pair)).join(' ');
  return padded(upper ? text.toUpperCase() : text, directive);
}

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', x: '0x', X: '0X' };

function formatInteger(value: bigint, verb: string, directive: Directive): string | undefined {
  if (verb === 'c') return padded(characterOf(value), directive);
  if (verb === 'q') return padded(quoteRune(characterOf(value), directive.plus), directive);
  if (verb === 'U') return unicodeOf(value, directive);
  const base = BASES[verb];
  if (base === undefined) return undefined;
  const { width, precision, plus, space, zero, minus, sharp } = directive;
  const sign = value < 0n ? '-' : plus ? '+' : space ? ' ' : '';
  if (precision === 0 && value === 0n) return ' '.repeat(width ?? 0);
  const least = precision ?? (zero && !minus && width !== undefined ? width - sign.length : 0);
  const magnitude = (value < 0n ? -value : value).toString(base).padStart(least, '0');
  const digits = verb === 'X' ? magnitude.toUpperCase() : magnitude;
  const octal = base === 8 && sharp && !digits.startsWith('0') ? '0' : '';
  const prefix = (verb === 'O' ? '0o' : '') + (sharp ? (PREFIXES[verb] ?? octal) : '');
  return withoutZeros(`${sign}${prefix}${digits}`, directive);
}

const MAX_RUNE = 0x10ffffn;

/** What is no character becomes U+FFFD. */
function characterOf(value: bigint): string {
  const valid = value >= 0n && value <= MAX_RUNE && !(value >= 0xd800n && value <= 0xdfffn);
  return valid ? String.fromCodePoint(Number(value)) : '\uFFFD';
}

function unicodeOf(value: bigint, directive: Directive): string {
  const unsigned = BigInt.asUintN(64, value);
  const digits = unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(directive.precision ?? 4, 4), '0');
  const character = unsigned <= MAX_RUNE ? String.fromCodePoint(Number(unsigned)) : '';
  const shown = directive.sharp && isPrintable(character) ? ` '${character}'` : '';
  return withoutZeros(`U+${digits}${shown}`, directive);
}

/** math/big formats its integers by itself, a little differently. */
function formatBigInteger(value: bigint, verb: string, directive: Directive): string | undefined {
  const base = verb === 's' ? 10 : BASES[verb];
  if (base === undefined) return undefined;
  const { width, precision, plus, fieldNames, space, zero, minus, sharp } = directive;
  const sign = value < 0n ? '-' : plus || fieldNames ? '+' : space ? ' ' : '';
  const prefix = verb === 'O' ? '0o' : sharp ? (verb === 'o' ? '0' : (PREFIXES[verb] ?? '')) : '';
  const magnitude = (value < 0n ? -value : value).toString(base);
  const digits = (verb === 'X' ? magnitude.toUpperCase() : magnitude).padStart(precision ?? 0, '0');
  const room = (width ?? 0) - sign.length - prefix.length;
  const filled = zero && !minus && precision === undefined ? digits.padStart(room, '0') : digits;
  return withoutZeros(`${sign}${prefix}${filled}`, directive);
}

const FLOAT_VERBS = 'beEfFgGxXv';

function formatDouble(value: number, verb: string, directive: Directive): string | undefined {
  if (!FLOAT_VERBS.includes(verb)) return undefined;
  const kind = (verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb) as FloatVerb;
  const precision = directive.precision ?? ('eEf'.includes(kind) ? 6 : undefined);
  const written = formatFloat(value, kind, precision);
  const negative = written.startsWith('-');
  const magnitude = negative ? written.slice(1) : written;
  const sharp = directive.sharp && verb !== 'b';
  const digits = sharp ? withPoint(magnitude, kind, precision) : magnitude;
  const sign = negative ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
  const { width, zero, minus } = directive;
  // The sign goes before the zeros.
  if (sign !== '' && zero && !minus && width !== undefined) return sign + digits.padStart(width - 1, '0');
  return padded(sign + digits, directive);
}

/** `#`: always a decimal point, and trailing zeros up to the precision. */
function withPoint(magnitude: string, kind: FloatVerb, precision: number | undefined): string {
  const hex = kind === 'x' || kind === 'X';
  const [, mantissa = '', tail = ''] = (hex ? /^([^pP]*)(.*)$/ : /^([^eE]*)(.*)$/).exec(magnitude) ?? [];
  let missing = 'gGx'.includes(kind) ? (precision ?? 6) : 0;
  let significant = false;
  for (const character of mantissa) {
    if (character === '.') continue;
    significant ||= character !== '0';
    if (significant) missing--;
  }
  const pointed = mantissa.includes('.') ? mantissa : `${mantissa}.`;
  if (mantissa === '0') missing--;
  return pointed + '0'.repeat(Math.max(missing, 0)) + tail;
}
