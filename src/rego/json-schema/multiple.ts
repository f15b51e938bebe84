import { asInteger, type RegoNumber } from '../value/rego-number.js';

/** Whether a number is a multiple of another, exactly. */
export function isMultiple(value: RegoNumber, of: RegoNumber): boolean {
  const [a, b] = [fraction(value), fraction(of)];
  return (
    (a.digits * 10n ** BigInt(Math.max(0, b.scale - a.scale))) %
      (b.digits * 10n ** BigInt(Math.max(0, a.scale - b.scale))) ===
    0n
  );
}

function fraction(value: RegoNumber): { digits: bigint; scale: number } {
  const whole = asInteger(value);
  if (whole !== undefined) return { digits: whole, scale: 0 };
  const [, sign = '', integer = '', part = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(value)) ?? [];
  return { digits: BigInt(sign + integer + part), scale: part.length - Number(exponent) };
}
