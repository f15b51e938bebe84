import { sha256, type Digest } from './digest.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * RFC 8785 (JCS) text of a value. Throws on what JSON cannot say exactly: `undefined`, NaN, infinities, -0,
 * integers beyond 2^53, lone surrogates, and anything that is not a plain object or array.
 *
 * Written in one pass: the package `canonicalize` behind a check of its own took four times as long. The spec
 * holds this against that package.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value) ?? refuse(value);
}

/** One member of an object: its name, and `"name":value` in canonical form. */
export interface CanonicalMember {
  readonly name: string;
  readonly text: string;
}

/**
 * The members of an object in canonical order, for texts that share members: each is written once. Throws like
 * `canonicalJson`.
 */
export function canonicalMembers(object: JsonObject): readonly CanonicalMember[] {
  if (!isPlain(object)) return refuse(object);
  const members: CanonicalMember[] = [];
  for (const name of Object.keys(object).sort()) {
    const text = writeMember(name, object[name]);
    if (text === undefined) return refuse(object);
    members.push({ name, text });
  }
  return members;
}

/** The members of both, in canonical order; where both have one, that of `others`. Both are in canonical order. */
export function mergeMembers(
  members: readonly CanonicalMember[],
  others: readonly CanonicalMember[],
): readonly CanonicalMember[] {
  const merged: CanonicalMember[] = [];
  let next = 0;
  for (const member of members) {
    let other = others[next];
    for (; other && other.name < member.name; other = others[++next]) merged.push(other);
    if (other?.name !== member.name) merged.push(member);
  }
  return next < others.length ? merged.concat(others.slice(next)) : merged;
}

/** Canonical text of the object with these members, which are in canonical order. */
export function objectText(members: readonly CanonicalMember[]): string {
  let joined = '';
  for (const { text } of members) joined += joined === '' ? text : `,${text}`;
  return `{${joined}}`;
}

function refuse(value: unknown): never {
  refuseInexact(value, '$'); // slower, and says where
  throw new TypeError('value has no canonical JSON form');
}

export const digestOf = (value: JsonValue): Digest => sha256(canonicalJson(value));

/** Undefined when something in it is not exact JSON. */
function write(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return isExact(value) ? String(value) : undefined; // ECMAScript's own form is what RFC 8785 §3.2.2.3 asks for
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value) : writeObject(value);
    default:
      return undefined;
  }
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) &&
  !Object.is(value, -0) &&
  (!Number.isInteger(value) || Number.isSafeInteger(value));

function writeArray(items: readonly unknown[]): string | undefined {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    const item = write(items[index]);
    if (item === undefined) return undefined;
    text += index === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

function writeObject(value: object): string | undefined {
  if (!isPlain(value)) return undefined;
  let text = '{';
  // Sorted by UTF-16 code units (RFC 8785 §3.2.3), which is how JavaScript compares strings.
  for (const name of Object.keys(value).sort()) {
    const member = writeMember(name, (value as Record<string, unknown>)[name]);
    if (member === undefined) return undefined;
    text += text === '{' ? member : `,${member}`;
  }
  return `${text}}`;
}

function writeMember(name: string, value: unknown): string | undefined {
  const item = write(value);
  const quoted = item === undefined ? undefined : writeString(name);
  return quoted === undefined ? undefined : `${quoted}:${item}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What needs no escape, which is nearly everything: ASCII but for controls, quote and backslash. */
const PLAIN = /^[ !#-[\]-~]*$/;

const writeString = (text: string): string | undefined =>
  PLAIN.test(text) ? `"${text}"` : text.isWellFormed() ? JSON.stringify(text) : undefined;

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
    for (const [index, item] of value.entries()) refuseInexact(item, `${path}[${String(index)}]`);
    return;
  }
  if (!isPlain(value)) throw new TypeError(`${path}: not a plain object`);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new TypeError(`${path}: key with a lone surrogate`);
    refuseInexact(item, `${path}.${key}`);
  }
}
