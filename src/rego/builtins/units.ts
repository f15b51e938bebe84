import { RegoDecimal, type RegoNumber } from '../value/rego-number.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { fromDecimal, times, truncated } from '../go/big-float.js';
import { fromInteger, text } from './operands.js';

/** Amounts with units, such as `10Ki` and `1.5GB`. */
export const UNITS: BuiltinFamily = {
  'units.parse': (_, given) => parseUnits(text(given, 1)),
  'units.parse_bytes': (_, given) => parseBytes(text(given, 1)),
};

interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  /** Of ten. */
  readonly exponent: number;
}

/** Multiples by the prefix's first letter. */
const PREFIXES = 'kmgtpe';
const thousands = (prefix: string): bigint => 1000n ** BigInt(PREFIXES.indexOf(prefix) + 1);
const kibis = (prefix: string): bigint => 1024n ** BigInt(PREFIXES.indexOf(prefix) + 1);

/** A double's 0.001, which is what OPA multiplies by: 1152921504606847 / 2^60. */
const MILLI = { factor: 1_152_921_504_606_847n, divisor: 2n ** 60n };

function parseUnits(given: string): RegoNumber {
  const { amount, unit } = splitAmount(given, 'units.parse', 'no amount provided');
  // The case of the first letter tells milli from mega.
  const { factor, divisor } = unitFactor(unit.slice(0, 1) + lower(unit.slice(1)));
  const decimal = parseDecimal(amount);
  // Go refuses to build powers beyond.
  if (!decimal || (decimal.digits !== 0n && Math.abs(decimal.exponent) > 1_000_000))
    throw new BuiltinError('units.parse: could not parse amount to a number');
  if (decimal.digits === 0n) return 0;
  const power = 10n ** BigInt(Math.abs(decimal.exponent));
  const whole = decimal.digits * factor * (decimal.exponent > 0 ? power : 1n);
  const parts = divisor * (decimal.exponent < 0 ? power : 1n);
  if (whole % parts === 0n) return fromInteger(signed(decimal, whole / parts));
  return new RegoDecimal(tenPlaces(decimal.negative, whole, parts));
}

function unitFactor(unit: string): { readonly factor: bigint; readonly divisor: bigint } {
  if (unit === '') return { factor: 1n, divisor: 1n };
  if (unit === 'm') return MILLI;
  const prefix = unit.charAt(0).toLowerCase();
  if (/^[kKMgGtTpPeE]$/.test(unit)) return { factor: thousands(prefix), divisor: 1n };
  if (/^[kKmMgGtTpPeE]i$/.test(unit)) return { factor: kibis(prefix), divisor: 1n };
  throw new BuiltinError(`units.parse: unit ${unit} not recognized`);
}

/** Rounded half away from zero, all ten written. */
function tenPlaces(negative: boolean, whole: bigint, parts: bigint): string {
  const scaled = (whole * 2n * 10n ** 10n + parts) / (2n * parts);
  const digits = scaled.toString().padStart(11, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`;
}

function parseBytes(given: string): RegoNumber {
  const { amount, unit } = splitAmount(lower(given), 'units.parse_bytes', 'no byte amount provided');
  const match = /^(?:([kmgtpe])(i?)b?)?$/.exec(unit);
  if (!match) throw new BuiltinError(`units.parse_bytes: byte unit ${unit} not recognized`);
  const [, prefix, binary] = match;
  const factor = prefix === undefined ? 1n : binary === 'i' ? kibis(prefix) : thousands(prefix);
  const decimal = parseDecimal(amount);
  if (!decimal) throw new BuiltinError('units.parse_bytes: could not parse byte amount to a number');
  const product = times(fromDecimal(decimal.digits, decimal.exponent), factor);
  return fromInteger(signed(decimal, truncated(product)));
}

const signed = ({ negative }: Decimal, value: bigint): bigint => (negative ? -value : value);

/** Go's lower case: of the letters that become an ASCII one, JavaScript's differs in this one. */
const lower = (given: string): string => given.replaceAll('\u0130', 'i').toLowerCase();

function parseDecimal(amount: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(amount);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') return undefined;
  return {
    negative: sign === '-',
    digits: BigInt(whole + fraction),
    exponent: Number(exponent) - fraction.length,
  };
}

/** Where the unit begins: Go's extractNumAndUnit, which takes an `e` for an exponent only before a digit or sign. */
function splitAmount(
  quoted: string,
  name: string,
  nothing: string,
): { readonly amount: string; readonly unit: string } {
  const given = quoted.replaceAll('"', '');
  if (given.includes(' ')) throw new BuiltinError(`${name}: spaces not allowed in resource strings`);
  const [amount = ''] = /^(?:[\d.+-]|e[+-]|e(?=\d))*/i.exec(given) ?? [];
  if (/e[+-]?\d{7}/i.test(amount)) throw new BuiltinError(`${name}: exponent too large`);
  if (amount === '') throw new BuiltinError(`${name}: ${nothing}`);
  return { amount, unit: given.slice(amount.length) };
}
