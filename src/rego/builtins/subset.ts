import { compareRego, isArray, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { occurrences } from './text-search.js';

/** Whether one collection is part of another. */
export const SUBSET: BuiltinFamily = {
  'object.subset': (_, whole = null, part = null) => {
    const answer = isPart(whole, part);
    if (answer !== undefined) return answer;
    if (isArray(whole) && part instanceof RegoSet) return holdsMembers(whole, part);
    throw new BuiltinError('both arguments object.subset must be of the same type or array and set');
  },
};

const equal = (a: RegoValue, b: RegoValue): boolean => compareRego(a, b) === 0;

/** Undefined unless both are objects, both sets or both arrays. */
function isPart(whole: RegoValue, part: RegoValue): boolean | undefined {
  if (whole instanceof RegoObject && part instanceof RegoObject)
    return alongside(whole.entries, part.entries, ([a], [b]) => compareRego(a, b)).every(
      ([found, wanted]) =>
        found !== undefined && (equal(found[1], wanted[1]) || isPart(found[1], wanted[1]) === true),
    );
  if (whole instanceof RegoSet && part instanceof RegoSet)
    return alongside(whole.members, part.members, compareRego).every(([found]) => found !== undefined);
  if (!isArray(whole) || !isArray(part)) return undefined;
  return part.length === 0 || occurrences(whole, part, equal).length > 0;
}

/** Each of the wanted with its like among the given; both are sorted. */
function alongside<T>(
  given: readonly T[],
  wanted: readonly T[],
  compare: (a: T, b: T) => number,
): readonly (readonly [T | undefined, T])[] {
  let at = 0;
  return wanted.map((each) => {
    while (at < given.length && compare(given[at] as T, each) < 0) at++;
    const found = given[at];
    return [found !== undefined && compare(found, each) === 0 ? found : undefined, each];
  });
}

/** OPA counts members of the array that are in the set, so that one that comes twice counts twice. */
function holdsMembers(whole: readonly RegoValue[], part: RegoSet): boolean {
  let unmatched = part.members.length;
  return whole.some((member) => {
    if (has(part.members, member)) unmatched--;
    return unmatched === 0;
  });
}

function has(sorted: readonly RegoValue[], wanted: RegoValue): boolean {
  let [low, high] = [0, sorted.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareRego(sorted[middle] ?? null, wanted);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
