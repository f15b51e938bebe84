/** A SemVer 2.0.0 version as OPA's `semver.*` reads it: a leading `v` is allowed, build metadata has no order. */
interface Version {
  readonly core: readonly bigint[];
  readonly preRelease: readonly string[];
}

const VERSION =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const MAX_INT64 = 2n ** 63n - 1n;
const isNumeric = (identifier: string): boolean => /^\d+$/.test(identifier);

export const isSemver = (text: string): boolean => parse(text) !== undefined;

/** SemVer §11: -1, 0 or 1; undefined when either text is not a version. */
export function compareSemver(a: string, b: string): -1 | 0 | 1 | undefined {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return undefined;
  for (const [index, part] of left.core.entries()) {
    const other = right.core[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  return comparePreRelease(left.preRelease, right.preRelease);
}

function parse(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (!match) return undefined;
  const core = [match[1], match[2], match[3]].map((part) => BigInt(part ?? 0));
  const preRelease = match[4]?.split('.') ?? [];
  if (core.some((part) => part > MAX_INT64)) return undefined;
  if (preRelease.some((identifier) => /^0\d+$/.test(identifier))) return undefined;
  return { core, preRelease };
}

function comparePreRelease(a: readonly string[], b: readonly string[]): -1 | 0 | 1 {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : a.length === 0 ? 1 : -1;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : 0;
}

function compareIdentifiers(a: string, b: string): -1 | 0 | 1 {
  if (isNumeric(a) !== isNumeric(b)) return isNumeric(a) ? -1 : 1;
  // OPA reads them as int64 and lets larger ones saturate.
  const [left, right] = isNumeric(a) ? [saturated(a), saturated(b)] : [a, b];
  return left === right ? 0 : left < right ? -1 : 1;
}

function saturated(digits: string): bigint {
  const value = BigInt(digits);
  return value > MAX_INT64 ? MAX_INT64 : value;
}
