import { RegoObject, RegoSet, isArray, isNumber, type RegoValue } from '../value/rego-value.js';
import type { RegoNumber } from '../value/rego-number.js';
import type { BuiltinFamily } from './builtin.js';
import { goSprintf } from './go-printf.js';
import { quote } from './go-quote.js';
import { GoBigInt, GoInt, type GoValue } from './go-value.js';
import { list, text } from './operands.js';

/** Texts made of values. */
export const FORMATTING: BuiltinFamily = {
  sprintf: (_, format, operands) => goSprintf(text(format, 1), list(operands, 2).map(operandOf)),
};

/** Go's fmt is given numbers and texts; anything else is the text of its Rego notation. */
function operandOf(value: RegoValue): GoValue {
  if (typeof value === 'string') return value;
  return isNumber(value) ? numberOf(value) : notationOf(value);
}

/** A number is a float by its spelling. One that neither a float nor an integer holds is its text. */
function numberOf(value: RegoNumber): GoValue {
  const spelling = String(value);
  if (/[.eE]/.test(spelling)) {
    const float = Number(spelling);
    return Number.isFinite(float) ? float : spelling;
  }
  const whole = BigInt(spelling);
  return BigInt.asIntN(64, whole) === whole ? new GoInt(whole) : new GoBigInt(whole);
}

/** As OPA writes terms: sorted, with blanks, numbers as spelled, strings quoted as in Go. */
function notationOf(value: RegoValue): string {
  if (typeof value === 'string') return quote(value);
  if (isArray(value)) return `[${value.map(notationOf).join(', ')}]`;
  if (value instanceof RegoSet)
    return value.members.length === 0 ? 'set()' : `{${value.members.map(notationOf).join(', ')}}`;
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${notationOf(key)}: ${notationOf(item)}`).join(', ')}}`;
  return String(value);
}
