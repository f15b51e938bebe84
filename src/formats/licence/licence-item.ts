import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { readLicence } from './licence.js';

/** Why a text names no licence that a list of licences could hold. */
export type LicenceItemFault =
  /** `nearest`: the SPDX id it may have been meant for, in its modern form; absent where nothing is near. */
  | { readonly kind: 'unknown'; readonly nearest?: string }
  /** `MIT OR ISC`: which of them is meant, a list cannot say. */
  | { readonly kind: 'several' }
  /** NONE and NOASSERTION say that nothing is known, and are allowed or denied to nobody. */
  | { readonly kind: 'no-licence' };

/** Longer texts are no slips of the pen. */
const NEAR_LENGTH = 60;
const NEAREST_OF: readonly string[] = [...currentIds, ...deprecatedIds];

/**
 * Whether a text is an item of an allow or deny list: one SPDX identifier, with `+` or an exception where it has them, or
 * a LicenseRef. A misspelt item would allow nothing, which is seen, or deny nothing, which is not.
 */
export function licenceItemFault(text: string): LicenceItemFault | undefined {
  const { state, alternatives } = readLicence(text);
  if (state === 'OK') {
    const isOne = alternatives.length === 1 && alternatives[0]?.length === 1 && !/\s(?:AND|OR)\s/i.test(text);
    return isOne ? undefined : { kind: 'several' };
  }
  if (state !== 'UNKNOWN') return { kind: 'no-licence' };
  const nearest = nearestTo(text.trim());
  return nearest === undefined ? { kind: 'unknown' } : { kind: 'unknown', nearest };
}

/** At most a third of it is another letter; the first in the alphabet of those that are as near. */
function nearestTo(text: string): string | undefined {
  if (text.length > NEAR_LENGTH) return undefined;
  const wanted = folded(text);
  let least = Math.floor(wanted.length / 3) + 1;
  let nearest: string | undefined;
  for (const id of NEAREST_OF) {
    const distance = editDistance(wanted, folded(id), least + 1);
    const isNearer = distance < least || (distance === least && nearest !== undefined && id < nearest);
    if (!isNearer) continue;
    least = distance;
    nearest = id;
  }
  return nearest === undefined ? undefined : (readLicence(nearest).expression ?? undefined);
}

/** What people write otherwise without meaning anything by it. */
const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\blicen[cs]e\b/g, '')
    .replace(/\bv(?=\d)/g, '')
    .replace(/[\s_.-]+/g, '-')
    .replace(/^-|-$/g, '');

/** Letters added, left out or changed (Levenshtein); `limit` where there are as many or more. */
function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let to = 1; to <= other.length; to += 1)
      next.push(
        Math.min(
          (row[to] ?? 0) + 1,
          (next[to - 1] ?? 0) + 1,
          (row[to - 1] ?? 0) + (other[to - 1] === letter ? 0 : 1),
        ),
      );
    row = next;
  }
  return Math.min(row.at(-1) ?? limit, limit);
}
