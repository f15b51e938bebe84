/**
 * Binary floating-point numbers of Go's math/big, as far as reading a decimal into one and multiplying takes. Not
 * negative; the value is `mantissa × 2^exponent`.
 */
export interface BigFloat {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Of a big.Float that was given none. */
const PRECISION = 64;

const bitsOf = (value: bigint): number =>
  value === 0n ? 0 : value.toString(16).length * 4 - leadingZeros(value);
const leadingZeros = (value: bigint): number => Math.clz32(parseInt(value.toString(16).charAt(0), 16)) - 28;

/** To the nearest; of two equally near ones to the even one. `sticky` says that there are non-zero bits below. */
function round({ mantissa, exponent }: BigFloat, precision: number, sticky = false): BigFloat {
  const surplus = bitsOf(mantissa) - precision;
  if (surplus <= 0) return { mantissa, exponent };
  const unit = 1n << BigInt(surplus);
  const [kept, rest] = [mantissa / unit, mantissa % unit];
  const half = unit / 2n;
  const up = rest > half || (rest === half && (sticky || kept % 2n === 1n));
  return { mantissa: up ? kept + 1n : kept, exponent: exponent + surplus };
}

const multiply = (a: BigFloat, b: BigFloat, precision: number): BigFloat =>
  round({ mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent }, precision);

function divide(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  const shift = Math.max(0, precision + 2 + bitsOf(b.mantissa) - bitsOf(a.mantissa));
  const dividend = a.mantissa << BigInt(shift);
  const quotient = {
    mantissa: dividend / b.mantissa,
    exponent: a.exponent - b.exponent - shift,
  };
  return round(quotient, precision, dividend % b.mantissa !== 0n);
}

/** The largest power of 5 in 64 bits, from which Go goes on by squaring. */
const TABLE_END = 27;

function power5(exponent: number, precision: number): BigFloat {
  if (exponent <= TABLE_END) return { mantissa: 5n ** BigInt(exponent), exponent: 0 };
  let power = { mantissa: 5n ** BigInt(TABLE_END), exponent: 0 } as BigFloat;
  let square: BigFloat = { mantissa: 5n, exponent: 0 };
  for (let rest = exponent - TABLE_END; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square, precision);
    square = multiply(square, square, precision + 64);
  }
  return power;
}

/** `digits × 10^exponent`, rounded step by step as Go's Float.SetString does. */
export function fromDecimal(digits: bigint, exponent: number): BigFloat {
  const binary = { mantissa: digits, exponent };
  if (digits === 0n || exponent === 0) return round(binary, PRECISION);
  const power = power5(Math.abs(exponent), PRECISION + 64);
  return exponent < 0 ? divide(binary, power, PRECISION) : multiply(binary, power, PRECISION);
}

export const times = (a: BigFloat, factor: bigint): BigFloat =>
  multiply(a, { mantissa: factor, exponent: 0 }, PRECISION);

/** What stands before the point. */
export const truncated = ({ mantissa, exponent }: BigFloat): bigint =>
  exponent >= 0 ? mantissa << BigInt(exponent) : mantissa >> BigInt(-exponent);
