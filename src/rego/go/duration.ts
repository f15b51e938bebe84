import { BuiltinError } from '../value/builtin-error.js';
import { quoted } from './time-parse.js';

const NANOS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
/** OPA's units beyond Go's, in hours. */
const LONG_UNITS: ReadonlyMap<string, number> = new Map([
  ['d', 24],
  ['w', 7 * 24],
  ['y', 365 * 24],
]);
const LIMIT = 2n ** 63n;
/** More digits than any number that passes: what BigInt may be asked to read. */
const MANY_DIGITS = 20;

/** OPA's `time.parse_duration_ns`: Go's durations plus days, weeks and years. Throws `BuiltinError`. */
export function parseDuration(text: string): bigint {
  if (!/[dwy]/.test(text)) return parseGoDuration(text, text);
  const segments = [...text.matchAll(/([\d.]+)(ms|us|\u00b5s|ns|[a-z])/g)];
  const sign = /^[-+]?/.exec(text)?.[0] ?? '';
  if (sign + segments.map(([segment]) => segment).join('') !== text) throw invalid(text);
  const hours = segments.map(([segment, digits = '', unit = '']) => {
    const factor = LONG_UNITS.get(unit);
    if (factor === undefined) return segment;
    if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits) || !Number.isFinite(Number(digits))) throw invalid(text);
    return `${plain(Number(digits) * factor)}h`;
  });
  return parseGoDuration(sign + hours.join(''), text);
}

const invalid = (text: string): BuiltinError => new BuiltinError(`time: invalid duration ${quoted(text)}`);

/** Go's `time.ParseDuration`; `given` is what an error quotes. */
function parseGoDuration(text: string, given: string): bigint {
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid(given);
  let total = 0n;
  while (rest !== '') {
    const [, whole = '', fraction, unitName = ''] = /^(\d*)(?:\.(\d*))?([^.\d]*)/.exec(rest) ?? [];
    if (whole === '' && (fraction ?? '') === '') throw invalid(given);
    rest = rest.slice(whole.length + (fraction === undefined ? 0 : fraction.length + 1) + unitName.length);
    if (whole.replace(/^0+/, '').length > MANY_DIGITS || BigInt(whole) > LIMIT) throw invalid(given);
    if (unitName === '') throw new BuiltinError(`time: missing unit in duration ${quoted(given)}`);
    const unit = NANOS.get(unitName);
    if (unit === undefined)
      throw new BuiltinError(`time: unknown unit ${quoted(unitName)} in duration ${quoted(given)}`);
    if (BigInt(whole) > LIMIT / unit) throw invalid(given);
    total += BigInt(whole) * unit + fractionOf(fraction ?? '', unit);
    if (total > LIMIT) throw invalid(given);
  }
  if (negative) return -total;
  if (total === LIMIT) throw invalid(given);
  return total;
}

/** Go's `leadingFraction`: digits count as long as they fit 63 bits, and the product is a float's. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (LIMIT - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** The shortest decimal without an exponent. */
function plain(value: number): string {
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const [whole = '', fraction = ''] = digits.split('.');
  const power = Number(exponent);
  return power < 0 ? `0.${'0'.repeat(-power - 1)}${whole}${fraction}` : whole + fraction.padEnd(power, '0');
}
