import { RegoDecimal } from './rego-number.js';
import { isArray, RegoObject, RegoSet, type RegoValue } from './rego-value.js';

/**
 * The value in Rego notation, which `opa_value_parse` reads: JSON plus sets and keys of any kind. Throws on what is
 * no Rego value, e.g. a promise: nothing may become a value by being printed.
 */
export function writeTerm(value: RegoValue): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value === 'boolean' || typeof value === 'bigint' || value === null) return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof RegoDecimal) return value.text;
  if (value instanceof RegoSet) return value.members.length === 0 ? 'set()' : `{${list(value.members)}}`;
  if (value instanceof RegoObject) return `{${entries(value)}}`;
  if (isArray(value)) return `[${list(value)}]`;
  throw new TypeError(`${Object.prototype.toString.call(value)} is not a Rego value`);
}

function list(values: readonly RegoValue[]): string {
  let text = '';
  for (const value of values) text += text === '' ? writeTerm(value) : `,${writeTerm(value)}`;
  return text;
}

function entries({ entries: pairs }: RegoObject): string {
  let text = '';
  for (const [key, value] of pairs) text += `${text === '' ? '' : ','}${writeTerm(key)}:${writeTerm(value)}`;
  return text;
}

/** JSON as a Rego value. */
export function fromJson(value: unknown): RegoValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === 'object' && value !== null)
    return new RegoObject(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value as RegoValue;
  throw new TypeError(`${typeof value} is not JSON`);
}
