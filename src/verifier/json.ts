import { Refusal } from './finding.js';

/** What JSON.parse answers, under a name of our own. Objects may carry any key, `__proto__` too. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMembers;
export type JsonMembers = { readonly [key: string]: Json };

const DEEPEST = 64;

/**
 * RFC 8785. Numbers and strings are ECMAScript's own forms, which the RFC prescribes; keys by UTF-16 code units.
 * Throws a RangeError for what no canonical text can hold: lone surrogates, infinite numbers, depth beyond 64.
 */
export function canonical(value: Json, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}`);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a number beyond the doubles');
    return String(value === 0 ? 0 : value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${canonicalString(key)}:${canonical(value[key] ?? null, depth + 1)}`).join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('a lone surrogate');
  return JSON.stringify(text);
}

/**
 * Reads text that must be in RFC 8785 form. Writing it again and comparing refuses everything else in one go:
 * white space, key order, a key twice, other escapes, other forms of a number.
 */
export function parseCanonical(text: string, path: string, where = ''): Json {
  const at = (offset: number): string => `${where}character ${offset}`;
  let value: Json;
  let again: string;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const offset = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new Refusal('encoding-json', path, 'not JSON', at(Number(offset ?? text.length)));
  }
  try {
    again = canonical(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal('encoding-json', path, error.message, where.replace(/, $/, '') || undefined);
  }
  if (again === text) return value;
  let offset = 0;
  while (again[offset] === text[offset]) offset += 1;
  throw new Refusal('encoding-json', path, 'not the RFC 8785 form', at(offset));
}

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isMembers = (value: Json | undefined): value is JsonMembers =>
  typeof value === 'object' && value !== null && !isArray(value);

export const memberOf = (value: Json | undefined, key: string): Json | undefined =>
  isMembers(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Whether the object has exactly these members, `optional` ones aside. */
export function hasExactly(
  value: JsonMembers,
  required: readonly string[],
  optional: readonly string[] = [],
): boolean {
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.keys(value).every((key) => required.includes(key) || optional.includes(key))
  );
}

/** Path of the first place, in canonical order, where two documents differ: `$.a[3].b`. Undefined when equal. */
export function firstDifferingMember(
  actual: Json | undefined,
  expected: Json | undefined,
  path = '$',
): string | undefined {
  if (isArray(actual) && isArray(expected)) {
    for (let i = 0; i < Math.max(actual.length, expected.length); i += 1) {
      const found = firstDifferingMember(actual[i], expected[i], `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isMembers(actual) && isMembers(expected)) {
    for (const key of [...new Set([...Object.keys(actual), ...Object.keys(expected)])].sort()) {
      const found = firstDifferingMember(memberOf(actual, key), memberOf(expected, key), `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return actual === expected ? undefined : path;
}
