/**
 * A number as Rego has it. `number` when a double is spelled exactly as written, `bigint` for other plain integers,
 * and `RegoDecimal` for the rest: nothing is rounded in silence, and `String` gives back what was read. OPA keeps
 * the spelling too, and `sprintf("%d", [1.0])` shows it.
 */
export type RegoNumber = number | bigint | RegoDecimal;

/** A number as written, in JSON's syntax: one that no double holds, or `1.0`, or `1e3`. */
export class RegoDecimal {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** More digits than any sane number: comparing would build them all. */
const MAX_EXPONENT = 10_000;

/**
 * Reads a number in JSON's syntax, or `.5`, as Rego's literals may be and compiled policies dump them. Throws on
 * anything else, and on exponents beyond ±10,000.
 */
export function parseNumber(written: string): RegoNumber {
  const text = written.replace(/^-?(?=\.)/, '$&0');
  if (!partsOf(text)) throw new Error(`${text === '' ? 'nothing' : text.slice(0, 40)} is not a number`);
  if (!/[.eE]/.test(text)) return asSmallest(BigInt(text));
  const rounded = Number(text);
  return String(rounded) === text ? rounded : new RegoDecimal(text);
}

/**
 * The number as JSON's readers have it. A fraction is the double next to it, as it was rounded before (OPA divides
 * to 18 digits). Undefined where a double would be another number: integers beyond 2^53, overflow, underflow to zero.
 */
export function asDouble(value: RegoNumber): number | undefined {
  if (typeof value === 'number') return value + 0; // minus zero is zero
  const nearest = Number(value.toString());
  if (!Number.isFinite(nearest) || (Number.isInteger(nearest) && !Number.isSafeInteger(nearest)))
    return undefined;
  return nearest === 0 && exactly(value).digits !== 0n ? undefined : nearest + 0;
}

/** The integer that is this number, exactly, however it is spelled; undefined for fractions. */
export function asInteger(value: RegoNumber): bigint | undefined {
  const { digits, scale } = exactly(value);
  if (scale <= 0) return digits * 10n ** BigInt(-scale);
  const unit = 10n ** BigInt(scale);
  return digits % unit === 0n ? digits / unit : undefined;
}

/** As a number where a double holds it. */
export const asSmallest = (whole: bigint): number | bigint =>
  whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(whole)
    : whole;

/** By value, exactly. */
export function compareNumbers(a: RegoNumber, b: RegoNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : Number(a > b);
  const [left, right] = [exactly(a), exactly(b)];
  const scale = Math.max(left.scale, right.scale);
  const difference =
    left.digits * 10n ** BigInt(scale - left.scale) - right.digits * 10n ** BigInt(scale - right.scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** `digits / 10^scale` */
interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

function exactly(value: RegoNumber): Exact {
  if (typeof value === 'bigint') return { digits: value, scale: 0 };
  const parts = partsOf(value.toString());
  if (!parts) throw new Error(`${value.toString()} is not a number`);
  return parts;
}

function partsOf(text: string): Exact | undefined {
  const match = PARTS.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) throw new Error(`${text.slice(0, 40)} has too large an exponent`);
  return { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length - power };
}
