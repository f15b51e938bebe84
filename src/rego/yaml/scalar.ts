import { isLeap } from '../go/time.js';

/** What go-yaml makes of a scalar; a float may be one that JSON lacks. */
export type Scalar =
  | { readonly tag: 'str' | 'timestamp'; readonly value: string }
  | { readonly tag: 'null'; readonly value: null }
  | { readonly tag: 'bool'; readonly value: boolean }
  | { readonly tag: 'int'; readonly value: bigint }
  | { readonly tag: 'float'; readonly value: number };

const NAMED: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['true', 'True', 'TRUE'].map((name) => [name, { tag: 'bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((name) => [name, { tag: 'bool', value: false }] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((name) => [name, { tag: 'null', value: null }] as const),
  ...['.nan', '.NaN', '.NAN'].map((name) => [name, { tag: 'float', value: NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (name) => [name, { tag: 'float', value: Infinity }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((name) => [name, { tag: 'float', value: -Infinity }] as const),
]);

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
/** Enough for 64 bits in any base: BigInt is not asked to read more. */
const MANY_DIGITS = 80;

/** go-yaml's `resolve` of a plain scalar without a tag: YAML 1.2's core schema, octals and binaries of 1.1 besides. */
export function resolveScalar(text: string): Scalar {
  const named = NAMED.get(text);
  if (named) return named;
  if (text.startsWith('.')) return /^\.\d/.test(text) ? float(text.replaceAll('_', ''), text) : string(text);
  if (!/^[-+\d]/.test(text)) return string(text);
  if (isTimestamp(text)) return { tag: 'timestamp', value: text };
  const plain = text.replaceAll('_', '');
  const value = integer(plain);
  return value === undefined ? float(plain, text) : { tag: 'int', value };
}

const string = (value: string): Scalar => ({ tag: 'str', value });

function float(plain: string, text: string): Scalar {
  const value = FLOAT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? { tag: 'float', value } : string(text);
}

/** Of 64 bits, or unsigned of 64 when there is no sign. */
function integer(plain: string): bigint | undefined {
  if (plain.length > MANY_DIGITS) return undefined;
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  const written =
    (hex && `0x${hex}`) ?? (binary && `0b${binary}`) ?? (octal && `0o${octal}`) ?? decimal ?? undefined;
  if (written === undefined) return undefined;
  const value = sign === '-' ? -BigInt(written) : BigInt(written);
  if (value < -(2n ** 63n) || value >= (sign === '' ? 2n ** 64n : 2n ** 63n)) return undefined;
  return value;
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))|\s+(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** What go-yaml would take for a time: OPA keeps it a string, but quotes it when it writes one. */
function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const field = (...indices: readonly number[]): number =>
    Number(indices.map((index) => match[index]).find((each) => each !== undefined) ?? 0);
  const [year, month, day] = [field(1), field(2), field(3)];
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const isDate = day >= 1 && day <= days;
  return (
    isDate && field(4, 9) < 24 && field(5, 10) < 60 && field(6, 11) < 60 && field(7) <= 24 && field(8) <= 60
  );
}
