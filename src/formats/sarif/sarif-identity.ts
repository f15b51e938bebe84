import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { hexOf, sha256 } from '../../kernel/digest.js';
import type { FindingIdentity } from '../model/finding.js';
import { objectIn } from '../read/json-view.js';

/** What of a finding its identity may rest on. */
export interface Traits {
  readonly tool: string;
  readonly rule: string;
  readonly anchor: string;
  readonly message: string;
  readonly isSecret: boolean;
  /** Code of the region; of a secret finding usually the masked value. */
  readonly snippet: string | undefined;
  readonly result: JsonObject;
}

type Fingerprints = readonly (readonly [name: string, value: string])[];

/**
 * Not fingerprints: a commit's data, which gitleaks puts there and which three secrets of one commit share, and
 * a column, which is a position.
 */
const NO_FINGERPRINTS: ReadonlySet<string> = new Set([
  ...['commitSha', 'commitMessage', 'author', 'email', 'date'],
  'primaryLocationStartColumnFingerprint',
]);
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['', '0', '-', 'n/a', 'none', 'null', 'undefined', 'unknown', 'requires login'],
]);
const MASK = /\[masked:[a-z0-9-]{1,40}:([0-9a-f]{16})\]/;

/**
 * Gives the findings of one run their identities (SARIF appendix B; formats.md §3). In order of trust: for a
 * secret its rule, path and keyed hash, so that it survives a moved line and dies with a changed value; the
 * tool's fingerprints, as far as they tell findings apart; the code of the region; the message with its
 * numbers blanked, which is weak. The value is a hash, so that no path or person can be read from it.
 */
export function identify(run: readonly Traits[], occurrences: OccurrenceCounter): readonly FindingIdentity[] {
  const constant = constantFingerprints(run);
  return run.map((traits) => {
    const { scheme, strength, parts } = basisOf(traits, constant);
    const value = hexOf(sha256(canonicalJson([traits.tool, traits.rule, traits.anchor, ...parts])));
    return { scheme, value, strength, occurrence: occurrences.next(`${scheme} ${value}`) };
  });
}

/** Counts equal findings from 0 across a whole file, since one tool may have several runs in it. */
export class OccurrenceCounter {
  private readonly seen = new Map<string, number>();

  next(key: string): number {
    const occurrence = this.seen.get(key) ?? 0;
    this.seen.set(key, occurrence + 1);
    return occurrence;
  }
}

interface Basis {
  readonly scheme: string;
  readonly strength: FindingIdentity['strength'];
  readonly parts: readonly string[];
}

function basisOf(traits: Traits, constant: ReadonlySet<string>): Basis {
  if (traits.isSecret) {
    const keyedHash = maskIn(traits);
    if (keyedHash !== undefined)
      return { scheme: 'rule+path+secret/1', strength: 'strong', parts: [keyedHash] };
  }
  const usable = fingerprintsOf(traits.result).filter(([name, value]) => !constant.has(`${name} ${value}`));
  if (usable.length > 0) {
    const names = usable.map(([name]) => name).join('+');
    const short = names.length > 120 ? `fingerprints-${hexOf(sha256(names)).slice(0, 16)}` : names;
    return { scheme: `rule+path+${short}/1`, strength: 'strong', parts: usable.flat() };
  }
  const code = traits.isSecret ? undefined : traits.snippet?.replace(/\s+/g, ' ').trim();
  if (code !== undefined && !PLACEHOLDERS.has(code.toLowerCase()))
    return { scheme: 'rule+path+snippet/1', strength: 'strong', parts: [code] };
  return { scheme: 'rule+path+message/1', strength: 'weak', parts: [withoutNumbers(traits.message)] };
}

/** Never a hash of an unmasked value: without our key it could be guessed. */
function maskIn({ snippet, message, result }: Traits): string | undefined {
  const offender = objectIn(result, 'properties')?.['offender'];
  for (const text of [snippet, offender, message]) {
    const keyedHash = typeof text === 'string' ? MASK.exec(text)?.[1] : undefined;
    if (keyedHash !== undefined) return keyedHash;
  }
  return undefined;
}

const withoutNumbers = (message: string): string => message.replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();

/** The result manager's fingerprints before the tool's partial ones; GitHub's line hash before other partials. */
function fingerprintsOf(result: JsonObject): Fingerprints {
  const full = greatestVersions(objectIn(result, 'fingerprints'));
  if (full.length > 0) return full;
  const partial = greatestVersions(objectIn(result, 'partialFingerprints'));
  const lineHash = partial.find(([name]) => name.startsWith('primaryLocationLineHash'));
  return lineHash ? [lineHash] : partial;
}

/** Names are versioned, `x/v2`: of each only the greatest, in the order of names. */
function greatestVersions(named: JsonObject | undefined): Fingerprints {
  const best = new Map<string, { version: number; entry: readonly [string, string] }>();
  for (const [name, value] of Object.entries(named ?? {})) {
    if (typeof value !== 'string' || PLACEHOLDERS.has(value.trim().toLowerCase())) continue;
    const [, base = name, version = '0'] = /^(.*)\/v(\d{1,4})$/.exec(name) ?? [];
    if (NO_FINGERPRINTS.has(base)) continue;
    const known = best.get(base);
    if (!known || known.version < Number(version))
      best.set(base, { version: Number(version), entry: [name, value] });
  }
  return [...best.values()].map(({ entry }) => entry).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Values that every finding of a run shares although the findings differ. */
function constantFingerprints(run: readonly Traits[]): ReadonlySet<string> {
  const kinds = new Set(run.map(({ rule, anchor, message }) => canonicalJson([rule, anchor, message])));
  if (kinds.size < 2) return new Set();
  const counts = new Map<string, number>();
  for (const { result } of run)
    for (const [name, value] of fingerprintsOf(result))
      counts.set(`${name} ${value}`, (counts.get(`${name} ${value}`) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count === run.length).map(([key]) => key));
}

/** How many fingerprints of a result are not texts (Black Duck writes objects). */
export const oddFingerprints = (result: JsonObject): number =>
  ['fingerprints', 'partialFingerprints'].reduce(
    (sum, key) =>
      sum + Object.values(objectIn(result, key) ?? {}).filter((value) => typeof value !== 'string').length,
    0,
  );
