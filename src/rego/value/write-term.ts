import { isArray, RegoObject, RegoSet, type RegoValue } from './rego-value.js';

/** The value in Rego notation, which `opa_value_parse` reads: JSON plus sets and keys of any kind. */
export function writeTerm(value: RegoValue): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (isArray(value)) return `[${value.map(writeTerm).join(',')}]`;
  if (value instanceof RegoSet)
    return value.members.length === 0 ? 'set()' : `{${value.members.map(writeTerm).join(',')}}`;
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${writeTerm(key)}:${writeTerm(item)}`).join(',')}}`;
  return String(value);
}

/** JSON as a Rego value. */
export function fromJson(value: unknown): RegoValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === 'object' && value !== null)
    return new RegoObject(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value as RegoValue;
  throw new TypeError(`${typeof value} is not JSON`);
}
