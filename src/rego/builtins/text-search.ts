/**
 * Every position at which `wanted` occurs in `given`, overlapping ones included, ascending. Knuth, Morris and Pratt's
 * way: linear, however both repeat themselves. `wanted` is not empty.
 */
export function occurrences<T>(
  given: ArrayLike<T>,
  wanted: ArrayLike<T>,
  equal: (a: T, b: T) => boolean,
): readonly number[] {
  const borders = bordersOf(wanted, equal);
  const found: number[] = [];
  let matched = 0;
  for (let at = 0; at < given.length; at++) {
    matched = extend(matched, given[at] as T, { wanted, borders, equal });
    if (matched < wanted.length) continue;
    found.push(at - wanted.length + 1);
    matched = borders[matched - 1] ?? 0;
  }
  return found;
}

interface Search<T> {
  readonly wanted: ArrayLike<T>;
  /** For each prefix, the length of its longest proper prefix that also ends it. */
  readonly borders: readonly number[];
  readonly equal: (a: T, b: T) => boolean;
}

function extend<T>(matched: number, next: T, { wanted, borders, equal }: Search<T>): number {
  let length = matched;
  while (length > 0 && !equal(wanted[length] as T, next)) length = borders[length - 1] ?? 0;
  return equal(wanted[length] as T, next) ? length + 1 : 0;
}

function bordersOf<T>(wanted: ArrayLike<T>, equal: (a: T, b: T) => boolean): readonly number[] {
  const borders = [0];
  for (let at = 1; at < wanted.length; at++)
    borders.push(extend(borders[at - 1] ?? 0, wanted[at] as T, { wanted, borders, equal }));
  return borders;
}
