import type { RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { int64, text, texts, wrongType } from './operands.js';
import { occurrences } from './text-search.js';

/** Texts. Positions count code points, as Go's runes do. */
export const STRINGS: BuiltinFamily = {
  'strings.any_prefix_match': (_, all, wanted) => anyPrefixMatch(oneOrMore(all, 1), oneOrMore(wanted, 2)),
  'strings.any_suffix_match': (_, all, wanted) =>
    anyPrefixMatch(oneOrMore(all, 1).map(backwards), oneOrMore(wanted, 2).map(backwards)),
  'strings.count': (_, given, wanted) => countOf(text(given, 1), text(wanted, 2)),
  'strings.split_n': (_, given, separator, count) =>
    splitN(text(given, 1), text(separator, 2), int64(count, 3)),
  indexof_n: (_, given, wanted) => positionsOf(text(given, 1), text(wanted, 2)),
  'glob.quote_meta': (_, pattern) => text(pattern, 1).replace(GLOB_SYNTAX, '\\$&'),
};

function oneOrMore(value: RegoValue | undefined, position: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object') return texts(value, position);
  throw wrongType(position, value, 'string', 'set', 'array');
}

/** By unit rather than code point: both sides of a comparison are turned alike. */
const backwards = (given: string): string => given.split('').reverse().join('');

/**
 * Strings that share a prefix sort directly after it, so that only the first one at or after each prefix needs to be
 * looked at: the time does not grow with the product of both.
 */
function anyPrefixMatch(all: readonly string[], prefixes: readonly string[]): boolean {
  if (all.length === 1) return prefixes.some((prefix) => all[0]?.startsWith(prefix));
  const sorted = all.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return prefixes.some((prefix) => sorted[firstNotBefore(sorted, prefix)]?.startsWith(prefix));
}

function firstNotBefore(sorted: readonly string[], wanted: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countOf(given: string, wanted: string): number {
  if (wanted === '') return Array.from(given).length + 1;
  let count = 0;
  for (let at = given.indexOf(wanted); at !== -1; at = given.indexOf(wanted, at + wanted.length)) count++;
  return count;
}

/** The first `count` parts, or the last when it is negative. */
function splitN(given: string, separator: string, count: bigint): readonly string[] {
  const parts = separator === '' ? Array.from(given) : given.split(separator);
  const length = BigInt(parts.length);
  if (count < 0n) return parts.slice(Number(length + count > 0n ? length + count : 0n));
  return parts.slice(0, Number(count < length ? count : length));
}

function positionsOf(given: string, wanted: string): readonly number[] {
  if (wanted === '') throw new BuiltinError('empty search character');
  return occurrences(Array.from(given), Array.from(wanted), (a, b) => a === b);
}

const GLOB_SYNTAX = /[*?\\[\]{}]/g;
