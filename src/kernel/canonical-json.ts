import canonicalize from 'canonicalize';
import { sha256, type Digest } from './digest.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * RFC 8785 (JCS) text of a value. Throws on what JSON cannot say exactly: `undefined`, NaN, infinities, -0,
 * integers beyond 2^53, lone surrogates, and anything that is not a plain object or array. `canonicalize`
 * alone drops or alters several of these in silence.
 */
export function canonicalJson(value: JsonValue): string {
  refuseInexact(value, '$');
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no canonical JSON form');
  return text;
}

export const digestOf = (value: JsonValue): Digest => sha256(canonicalJson(value));

function refuseInexact(value: unknown, path: string): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!value.isWellFormed()) throw new TypeError(`${path}: lone surrogate`);
      return;
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0))
        throw new TypeError(`${path}: ${String(value)} is not exact`);
      if (Number.isInteger(value) && !Number.isSafeInteger(value))
        throw new TypeError(`${path}: beyond 2^53`);
      return;
    case 'object':
      break;
    default:
      throw new TypeError(`${path}: ${typeof value} is not JSON`);
  }
  if (value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseInexact(item, `${path}[${String(index)}]`);
    });
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`${path}: not a plain object`);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new TypeError(`${path}: key with a lone surrogate`);
    refuseInexact(item, `${path}.${key}`);
  }
}
