import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';

/** Looks into JSON of unknown make: what is not of the wanted type is simply not there. */

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export function objectIn(parent: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = own(parent, key);
  return isObject(value) ? value : undefined;
}

export function listIn(parent: JsonObject | undefined, key: string): readonly JsonValue[] | undefined {
  const value = own(parent, key);
  return isList(value) ? value : undefined;
}

/** The objects of a list; other members are left out. */
export function objectsIn(parent: JsonObject | undefined, key: string): readonly JsonObject[] {
  const list = listIn(parent, key);
  return list ? list.filter(isObject) : NONE; // most members of most findings are absent
}
const NONE: readonly JsonObject[] = [];

/** The first of `objectsIn`. */
export const firstObjectIn = (parent: JsonObject | undefined, key: string): JsonObject | undefined =>
  listIn(parent, key)?.find(isObject);

export function textIn(parent: JsonObject | undefined, key: string): string | undefined {
  const value = own(parent, key);
  return typeof value === 'string' ? value : undefined;
}

/** Text that says something: empty text is absent. */
export function filledTextIn(parent: JsonObject | undefined, key: string): string | undefined {
  const text = textIn(parent, key);
  return text === '' ? undefined : text;
}

/** An integer from 0 that a double holds exactly. */
export function countIn(parent: JsonObject | undefined, key: string): number | undefined {
  const value = own(parent, key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export const has = (parent: JsonObject, key: string): boolean => Object.hasOwn(parent, key);

export function hasIn(parent: JsonObject, key: string, inner: string): boolean {
  const object = objectIn(parent, key);
  return object !== undefined && has(object, inner);
}

/** Whether the first member of the list under `key` is an object with `inner`. */
export function firstHas(parent: JsonObject, key: string, inner: string): boolean {
  const first = listIn(parent, key)?.[0];
  return isObject(first) && has(first, inner);
}

/** The first member of a list of objects. */
export function firstItem(value: JsonValue): JsonObject | undefined {
  const first = isList(value) ? value[0] : undefined;
  return isObject(first) ? first : undefined;
}

/** Never an inherited member, whatever the key. Most members are absent, which the first look tells at once. */
function own(parent: JsonObject | undefined, key: string): JsonValue | undefined {
  if (parent === undefined) return undefined;
  const value = parent[key];
  return value !== undefined && Object.hasOwn(parent, key) ? value : undefined;
}
