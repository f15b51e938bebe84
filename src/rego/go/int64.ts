import type { RegoNumber } from '../value/rego-number.js';

/** Go's Atoi64 in OPA looks at no more characters, the point and the zeros after it included. */
const MAX_CHARACTERS = 19;

/** The number as OPA's `Number.Int64` has it: `1.0` is one, `1e3` is none. Undefined beyond 64 bits. */
export function asInt64(value: RegoNumber): bigint | undefined {
  const text = String(value);
  const digits = text.startsWith('-') ? text.slice(1) : text;
  const [whole = '', fraction = ''] = digits.split('.');
  if (digits.length > MAX_CHARACTERS || !isAll(whole, '0123456789') || !isAll(fraction, '0'))
    return undefined;
  const given = BigInt(whole) * (text.startsWith('-') ? -1n : 1n);
  return given === BigInt.asIntN(64, given) ? given : undefined;
}

const isAll = (text: string, allowed: string): boolean =>
  [...text].every((character) => allowed.includes(character));
