import type { JsonValue } from '../../kernel/canonical-json.js';
import { asDouble, compareNumbers, type RegoNumber, RegoDecimal } from './rego-number.js';

/** A set: no member twice, in Rego's order. */
export class RegoSet {
  readonly members: readonly RegoValue[];
  constructor(members: readonly RegoValue[]) {
    this.members = inOrder(members, compareRego);
  }
}

type Entry = readonly [RegoValue, RegoValue];

/** An object, its keys in Rego's order; they may be any value. Of equal keys the last counts. */
export class RegoObject {
  readonly entries: readonly Entry[];
  constructor(entries: readonly Entry[]) {
    this.entries = inOrder(entries, ([a], [b]) => compareRego(a, b));
  }

  /** An object with text keys. */
  static of(members: Readonly<Record<string, RegoValue>>): RegoObject {
    return new RegoObject(Object.entries(members));
  }

  get(key: RegoValue): RegoValue | undefined {
    let low = 0;
    let high = this.entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle];
      if (!entry) break;
      const order = compareRego(entry[0], key);
      if (order === 0) return entry[1];
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}

export type RegoValue = null | boolean | RegoNumber | string | readonly RegoValue[] | RegoSet | RegoObject;

/**
 * The value as canonical JSON (RFC 8785) the way `opa eval -f json` puts it: sets are arrays in Rego's order, keys
 * that are not strings are their JSON text. Throws when two keys become one, and on numbers that JSON's readers
 * would take for others (`asDouble`).
 */
export function toJsonText(value: RegoValue): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof RegoObject) return objectText(value);
  if (!isNumber(value))
    return `[${(value instanceof RegoSet ? value.members : value).map(toJsonText).join(',')}]`;
  const double = asDouble(value);
  if (double === undefined)
    throw new Error(`${value.toString().slice(0, 40)} is not a number that a double holds`);
  return String(double);
}

export const toJson = (value: RegoValue): JsonValue => JSON.parse(toJsonText(value)) as JsonValue;

function objectText({ entries }: RegoObject): string {
  const named = entries.map(([key, item]): [string, string] => [
    typeof key === 'string' ? key : toJsonText(key),
    toJsonText(item),
  ]);
  // RFC 8785 sorts by UTF-16 units, as `<` does, and not by code points.
  named.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  if (named.some(([name], index) => name === named[index + 1]?.[0]))
    throw new Error('two keys have one JSON name');
  return `{${named.map(([name, item]) => `${JSON.stringify(name.toWellFormed())}:${item}`).join(',')}}`;
}

/** Rego's total order: null, booleans, numbers, strings (by code point), arrays, objects, sets. */
export function compareRego(a: RegoValue, b: RegoValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b);
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (isNumber(a)) return compareNumbers(a, b as RegoNumber);
  if (a instanceof RegoObject) return compareEntries(a.entries, (b as RegoObject).entries);
  if (a instanceof RegoSet) return compareLists(a.members, (b as RegoSet).members);
  return a === null ? 0 : compareLists(a as readonly RegoValue[], b as readonly RegoValue[]);
}

function rankOf(value: RegoValue): number {
  if (typeof value === 'string') return 3;
  if (isNumber(value)) return 2;
  if (typeof value === 'boolean') return 1;
  if (value === null) return 0;
  if (value instanceof RegoObject) return 5;
  return value instanceof RegoSet ? 6 : 4;
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
  let index = 0;
  for (const left of a) {
    const right = b[index++];
    if (right === undefined) break;
    const order = compareRego(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Key, its value, next key: as OPA does it. */
function compareEntries(a: readonly Entry[], b: readonly Entry[]): number {
  let index = 0;
  for (const left of a) {
    const right = b[index++];
    if (right === undefined) break;
    const order = compareLists(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * Go compares UTF-8 bytes, which is code point order; JavaScript's `<` compares UTF-16 units, which differs where
 * a surrogate meets a unit above them.
 */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return left < 0xd800 || right < 0xd800 ? left - right : lifted(left) - lifted(right);
  }
  return a.length - b.length;
}

const lifted = (unit: number): number => (unit < 0xe000 ? unit + 0x10000 : unit);

export const isArray = (value: RegoValue): value is readonly RegoValue[] => Array.isArray(value);

export const isNumber = (value: RegoValue): value is RegoNumber =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof RegoDecimal;

/** Sorted; of equal items the last. What a module dumps is in order already. */
function inOrder<T>(items: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (ascends(items, compare)) return items;
  const sorted = items.toSorted(compare);
  return sorted.filter((item, index) => {
    const next = sorted[index + 1];
    return next === undefined || compare(item, next) !== 0;
  });
}

function ascends<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  let [before] = items;
  for (let index = 1; index < items.length; index++) {
    const item = items[index];
    if (before === undefined || item === undefined || compare(before, item) >= 0) return false;
    before = item;
  }
  return true;
}
