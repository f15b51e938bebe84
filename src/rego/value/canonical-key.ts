import { asInteger, type RegoNumber } from './rego-number.js';
import { isArray, isNumber, RegoObject, RegoSet, type RegoValue } from './rego-value.js';

/** A text that two values share exactly when Rego holds them for equal: for maps with keys of any kind. */
export function canonicalKey(value: RegoValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalKey).join()}]`;
  if (value instanceof RegoSet) return `<${value.members.map(canonicalKey).join()}>`;
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${canonicalKey(key)}:${canonicalKey(item)}`).join()}}`;
  return isNumber(value) ? numberKey(value) : String(value);
}

function numberKey(value: RegoNumber): string {
  const whole = asInteger(value);
  if (whole !== undefined) return String(whole);
  const [, sign = '', integer = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(value.toString()) ?? [];
  const digits = (integer + fraction).replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + (integer.length + fraction.length - digits.length);
  return `${sign}${digits.replace(/^0+/, '')}e${power}`;
}
