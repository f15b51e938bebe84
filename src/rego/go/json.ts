import { parseRego } from '../value/read-dump.js';
import { isArray, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';

/** Go's decoder stops there; ours would run out of stack somewhere beyond. */
const MAX_DEPTH = 10_000;

/** JSON text as Go's `encoding/json` reads it for Rego: numbers keep their precision, of equal keys the last counts. */
export function readJson(text: string): RegoValue {
  try {
    // JSON.parse is the judge of the syntax, which is narrower than that of a dump.
    JSON.parse(text);
    return parseRego(text);
  } catch (cause) {
    throw new BuiltinError('invalid JSON', { cause });
  }
}

/**
 * JSON text as Go's `json.Marshal` writes what `ast.JSON` makes of a value: keys sorted, no blanks, `<`, `>` and `&`
 * escaped, numbers as spelled.
 */
export function writeJson(value: RegoValue, depth = 0): string {
  if (depth > MAX_DEPTH) throw new BuiltinError('value nested too deeply');
  if (typeof value === 'string') return quote(value);
  if (value instanceof RegoSet)
    return `[${value.members.map((member) => writeJson(member, depth + 1)).join(',')}]`;
  if (isArray(value)) return `[${value.map((member) => writeJson(member, depth + 1)).join(',')}]`;
  if (value instanceof RegoObject) return writeObject(value, depth + 1);
  return String(value);
}

function writeObject(value: RegoObject, depth: number): string {
  const members = new Map(
    value.entries.map(([key, item]) => [typeof key === 'string' ? key : writeJson(key, depth), item]),
  );
  // As an object of text keys, so that they come in Go's order.
  const sorted = new RegoObject([...members]).entries as readonly (readonly [string, RegoValue])[];
  return `{${sorted.map(([key, item]) => `${quote(key)}:${writeJson(item, depth)}`).join(',')}}`;
}

function quote(text: string): string {
  return JSON.stringify(text.toWellFormed())
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
