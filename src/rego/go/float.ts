/** Decimal digits of a number: `0.d₁d₂d₃… × 10^point`. No digits are zero. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

export type FloatVerb = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

/** Go's strconv.FormatFloat. Exact at any precision; without one, the fewest digits that read back the same. */
export function formatFloat(value: number, verb: FloatVerb, precision: number | undefined): string {
  const negative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : negative ? '-Inf' : '+Inf';
  const magnitude = Math.abs(value);
  return `${negative ? '-' : ''}${formatMagnitude(magnitude, verb, precision)}`;
}

/** Go's `strconv.FormatFloat(value, 'g', -1, bits)`: the fewest digits that read back the same. */
export const goFloat = (value: number, bits: 32 | 64 = 64): string =>
  formatFloat(bits === 64 ? value : fewestDigits32(value), 'g', undefined);

/** The double whose shortest text is the shortest one of this number in 32 bits. */
function fewestDigits32(value: number): number {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(wanted.toPrecision(digits));
    if (Math.fround(candidate) === wanted) return candidate;
  }
  return wanted;
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number | undefined): string {
  switch (verb) {
    case 'b':
      return binary(value);
    case 'x':
      return hexadecimal(value, precision);
    case 'X':
      return hexadecimal(value, precision).toUpperCase();
    case 'e':
    case 'E': {
      const digits = precision === undefined ? shortest(value) : round(exact(value), precision + 1);
      return exponential(digits, precision ?? Math.max(digits.digits.length - 1, 0), verb);
    }
    case 'f': {
      const digits = precision === undefined ? shortest(value) : exact(value);
      const places = precision ?? Math.max(digits.digits.length - digits.point, 0);
      return positional(precision === undefined ? digits : round(digits, digits.point + places), places);
    }
    case 'g':
    case 'G':
      return general(value, verb, precision);
  }
}

/** Exponential where the exponent is below -4 or not below the precision, which is 6 for the shortest form. */
function general(value: number, verb: 'g' | 'G', precision: number | undefined): string {
  const wanted = precision === 0 ? 1 : precision;
  const digits = wanted === undefined ? shortest(value) : round(exact(value), wanted);
  const count = digits.digits.length;
  const enough = wanted !== undefined && wanted > count && count >= digits.point ? count : (wanted ?? 6);
  const exponent = digits.point - 1;
  if (exponent < -4 || exponent >= enough)
    return exponential(digits, Math.min(wanted ?? count, count) - 1, verb === 'g' ? 'e' : 'E');
  return positional(digits, Math.max(count - digits.point, 0));
}

function exponential({ digits, point }: Digits, places: number, verb: 'e' | 'E'): string {
  const exponent = digits === '' ? 0 : point - 1;
  const fraction = places > 0 ? `.${digits.slice(1, places + 1).padEnd(places, '0')}` : '';
  return `${digits.charAt(0) || '0'}${fraction}${verb}${signedExponent(exponent)}`;
}

const signedExponent = (exponent: number): string =>
  `${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;

function positional({ digits, point }: Digits, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, places)) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

/** JavaScript and Go agree on which digits those are. */
function shortest(value: number): Digits {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** `mantissa × 2^exponent`, as the double has it. */
function parts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & (2n ** 52n - 1n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction + 2n ** 52n, exponent: biased - 1075 };
}

function exact(value: number): Digits {
  if (value === 0) return { digits: '', point: 0 };
  const { mantissa, exponent } = parts(value);
  const [whole, places] =
    exponent >= 0 ? [mantissa << BigInt(exponent), 0] : [mantissa * 5n ** BigInt(-exponent), -exponent];
  const written = whole.toString();
  return { digits: written.replace(/0+$/, ''), point: written.length - places };
}

/** To so many digits; a number exactly between two goes to the even one. */
function round(given: Digits, count: number): Digits {
  const { digits, point } = given;
  if (count < 0 || count >= digits.length) return given;
  const kept = digits.slice(0, count);
  const next = digits.charAt(count);
  const half = next === '5' && digits.length === count + 1;
  const up = half ? count > 0 && Number(kept.at(-1)) % 2 === 1 : next >= '5';
  if (!up) {
    const rest = kept.replace(/0+$/, '');
    return { digits: rest, point: rest === '' ? 0 : point };
  }
  const nines = /9*$/.exec(kept)?.[0].length ?? 0;
  if (nines === kept.length) return { digits: '1', point: point + 1 };
  const last = kept.charAt(count - nines - 1);
  return { digits: `${kept.slice(0, count - nines - 1)}${Number(last) + 1}`, point };
}

function binary(value: number): string {
  const { mantissa, exponent } = parts(value);
  return `${mantissa.toString()}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** The leading digit is 1, so that at most 13 follow it. */
function hexadecimal(value: number, precision: number | undefined): string {
  let { mantissa, exponent } = parts(value);
  exponent += 52;
  if (mantissa === 0n) exponent = 0;
  else for (; mantissa < 2n ** 52n; mantissa <<= 1n) exponent--;
  let places = 13;
  if (precision !== undefined && precision < places) {
    const unit = 16n ** BigInt(places - precision);
    const [kept, rest] = [mantissa / unit, mantissa % unit];
    mantissa = rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n) ? kept + 1n : kept;
    places = precision;
    if (mantissa >= 2n ** BigInt(4 * places + 1)) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = mantissa.toString(16).padStart(places + 1, '0');
  const written = precision === undefined ? digits.slice(1).replace(/0+$/, '') : digits.slice(1);
  const fraction = written.padEnd(precision ?? 0, '0');
  return `0x${digits.charAt(0)}${fraction === '' ? '' : `.${fraction}`}p${signedExponent(exponent)}`;
}
