import { RegoObject, RegoSet, isArray, isNumber, type RegoValue } from '../value/rego-value.js';
import type { RegoNumber } from '../value/rego-number.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { goSprintf } from '../go/printf.js';
import { quote } from '../go/quote.js';
import { GoBigInt, GoInt, JsonNumber, type GoValue } from '../go/value.js';
import { list, object, text } from './operands.js';
import { executeTemplate } from '../template/execution.js';
import { parseTemplate } from '../template/parser.js';

/** Texts made of values. */
export const FORMATTING: BuiltinFamily = {
  sprintf: (_, format, operands) => goSprintf(text(format, 1), list(operands, 2).map(operandOf)),
  'strings.render_template': (_, template, variables) =>
    render(text(template, 1), templateData(object(variables, 2))),
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

const render = (template: string, data: GoValue): string =>
  executeTemplate(parseTemplate(template), data).replaceAll('<no value>', '<undefined>');

/**
 * The data of a template: OPA reads the Rego notation of the variables as JSON. So there are no sets, no keys but
 * texts, and no text with a character for which Go has an escape that JSON has not.
 */
function templateData(value: RegoValue): GoValue {
  if (typeof value === 'string') return jsonText(value);
  if (isNumber(value)) return new JsonNumber(String(value));
  if (isArray(value)) return value.map(templateData);
  if (value instanceof RegoSet) throw new BuiltinError('a set cannot be a variable of a template');
  if (value instanceof RegoObject)
    return new Map(value.entries.map(([key, item]) => [textKey(key), templateData(item)]));
  return value;
}

function textKey(key: RegoValue): string {
  if (typeof key === 'string') return jsonText(key);
  throw new BuiltinError('the keys of template variables are strings');
}

function jsonText(text: string): string {
  try {
    return JSON.parse(quote(text)) as string;
  } catch (cause) {
    throw new BuiltinError('invalid character in string escape code', { cause });
  }
}
