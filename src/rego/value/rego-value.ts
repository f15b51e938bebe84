import type { JsonValue } from '../../kernel/canonical-json.js';
import { asDouble, compareNumbers, type RegoNumber, RegoDecimal } from './rego-number.js';

/** A set: no member twice, in Rego's order. */
export class RegoSet {
  readonly members: readonly RegoValue[];
  constructor(members: readonly RegoValue[]) {
    this.members = withoutRepeats(members.toSorted(compareRego));
  }
}

/** An object, its keys in Rego's order; they may be any value. Of equal keys the last counts. */
export class RegoObject {
  readonly entries: readonly (readonly [RegoValue, RegoValue])[];
  constructor(entries: readonly (readonly [RegoValue, RegoValue])[]) {
    const sorted = entries.toSorted(([a], [b]) => compareRego(a, b));
    this.entries = sorted.filter(([key], index) => {
      const next = sorted[index + 1];
      return next === undefined || compareRego(key, next[0]) !== 0;
    });
  }

  /** An object with text keys. */
  static of(members: Readonly<Record<string, RegoValue>>): RegoObject {
    return new RegoObject(Object.entries(members));
  }

  get(key: RegoValue): RegoValue | undefined {
    return this.entries.find(([known]) => compareRego(known, key) === 0)?.[1];
  }
}

export type RegoValue = null | boolean | RegoNumber | string | readonly RegoValue[] | RegoSet | RegoObject;

/**
 * The value as JSON the way `opa eval -f json` writes it: sets become arrays in Rego's order, keys that are not
 * strings become their JSON text. Throws when two keys become one.
 */
export function toJson(value: RegoValue): JsonValue {
  if (value instanceof RegoSet) return value.members.map(toJson);
  if (value instanceof RegoObject) {
    const entries = value.entries.map(([key, item]): [string, JsonValue] => [
      typeof key === 'string' ? key : JSON.stringify(toJson(key)),
      toJson(item),
    ]);
    if (new Set(entries.map(([key]) => key)).size < entries.length)
      throw new Error('two keys have one JSON name');
    return Object.fromEntries(entries);
  }
  if (isNumber(value)) {
    const double = asDouble(value);
    if (double !== undefined) return double;
    throw new Error(`${value.toString().slice(0, 40)} is not a number that a double holds`);
  }
  return isArray(value) ? value.map(toJson) : value;
}

/** Rego's total order: null, booleans, numbers, strings (by code point), arrays, objects, sets. */
export function compareRego(a: RegoValue, b: RegoValue): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'string') return compareCodePoints(a, b as string);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (isNumber(a)) return compareNumbers(a, b as RegoNumber);
  return compareLists(flat(a), flat(b));
}

function flat(value: RegoValue): readonly RegoValue[] {
  if (value instanceof RegoSet) return value.members;
  if (value instanceof RegoObject) return value.entries.flat();
  return isArray(value) ? value : [];
}

function rankOf(value: RegoValue): number {
  if (value === null) return 0;
  if (value instanceof RegoSet) return 6;
  if (value instanceof RegoObject) return 5;
  if (isNumber(value)) return 2;
  return ['boolean', 'number', 'string', 'object'].indexOf(typeof value) + 1;
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const order = compareRego(a[index] as RegoValue, b[index] as RegoValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Go compares UTF-8 bytes, which is code point order; JavaScript's `<` compares UTF-16 units, which is not. */
function compareCodePoints(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export const isArray = (value: RegoValue): value is readonly RegoValue[] => Array.isArray(value);

export const isNumber = (value: RegoValue): value is RegoNumber =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof RegoDecimal;

function withoutRepeats(sorted: readonly RegoValue[]): readonly RegoValue[] {
  return sorted.filter((member, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareRego(before, member) !== 0;
  });
}
