import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import {
  findingBasis,
  identityOf,
  isPlaceholder,
  keyedHashIn,
  secretBasis,
  secretWithoutValue,
  type Fingerprints,
  type IdentityBasis,
  type OccurrenceCounter,
} from '../identity.js';
import type { FindingIdentity } from '../model/finding.js';
import { objectIn } from '../read/json-view.js';
import { ruleClassOf } from '../secrets/rule-class.js';

/** What of a finding its identity may rest on. */
export interface Traits {
  readonly tool: string;
  readonly rule: string;
  readonly anchor: string;
  readonly message: string;
  readonly isSecret: boolean;
  /** Code of the region; of a secret finding usually the masked value. */
  readonly snippet: string | undefined;
  readonly startLine: number | null;
  readonly startColumn: number | null;
  readonly result: JsonObject;
}

/**
 * Not fingerprints: a commit's data, which gitleaks puts there and which three secrets of one commit share, and
 * a column, which is a position.
 */
const NO_FINGERPRINTS: ReadonlySet<string> = new Set([
  ...['commitSha', 'commitMessage', 'author', 'email', 'date'],
  'primaryLocationStartColumnFingerprint',
]);

/**
 * Gives a finding its identity (SARIF appendix B; formats.md §3): for a secret its class, path and keyed hash;
 * for others what identity.ts says, with the tool's fingerprints as far as they tell findings apart.
 */
export const identify = (
  traits: Traits,
  constant: ConstantFingerprints,
  occurrences: OccurrenceCounter,
): FindingIdentity => identityOf(basisOf(traits, constant), occurrences);

function basisOf(traits: Traits, constant: ConstantFingerprints): IdentityBasis {
  const { tool, rule, anchor, message, snippet, startLine, startColumn } = traits;
  if (traits.isSecret) {
    const keyedHash = maskIn(traits);
    const ruleClass = ruleClassOf(rule);
    return keyedHash === undefined
      ? secretWithoutValue(ruleClass, anchor, { line: startLine, column: startColumn })
      : secretBasis(ruleClass, anchor, keyedHash);
  }
  const given = fingerprintsOf(traits.result);
  const fingerprints = constant.isEmpty ? given : given.filter((one) => !constant.has(one));
  return findingBasis({ tool, rule, anchor, message, code: snippet, fingerprints });
}

/** Never a hash of an unmasked value: without our key it could be guessed. */
function maskIn({ snippet, message, result }: Traits): string | undefined {
  const offender = objectIn(result, 'properties')?.['offender'];
  for (const text of [snippet, offender, message]) {
    const keyedHash = typeof text === 'string' ? keyedHashIn(text) : undefined;
    if (keyedHash !== undefined) return keyedHash;
  }
  return undefined;
}

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
  if (!named) return NONE;
  const names = Object.keys(named);
  if (names.length === 1) return onlyOne(names[0] ?? '', named); // as most have it
  const best = new Map<string, { version: number; entry: readonly [string, string] }>();
  for (const name of names) {
    const value = named[name];
    if (typeof value !== 'string' || isPlaceholder(value)) continue;
    const versioned = VERSIONED.exec(name);
    const base = versioned?.[1] ?? name;
    const version = Number(versioned?.[2] ?? 0);
    if (NO_FINGERPRINTS.has(base)) continue;
    const known = best.get(base);
    if (!known || known.version < version) best.set(base, { version, entry: [name, value] });
  }
  return [...best.values()].map(({ entry }) => entry).sort(([a], [b]) => (a < b ? -1 : 1));
}

function onlyOne(name: string, named: JsonObject): Fingerprints {
  const value = named[name];
  if (typeof value !== 'string' || isPlaceholder(value)) return NONE;
  const base = name.includes('/v') ? (VERSIONED.exec(name)?.[1] ?? name) : name;
  return NO_FINGERPRINTS.has(base) ? NONE : [[name, value]];
}

const VERSIONED = /^(.*)\/v(\d{1,4})$/;
const NONE: Fingerprints = [];

/**
 * Fingerprints that every finding of a run shares although the findings differ: they tell nothing. Sees results
 * one by one; what it holds only gets less, so that it is soon done with a run whose fingerprints are honest.
 */
export class ConstantFingerprints {
  /** Of every result so far. */
  private shared: ReadonlySet<string> | undefined;
  private first: string | undefined;
  private differ = false;

  /** False once nothing that comes can make a difference. */
  see(result: JsonObject, traits: () => Traits): boolean {
    if (this.shared?.size === 0) return false;
    const mine = fingerprintsOf(result).map(keyOf);
    const known = this.shared;
    this.shared = new Set(known ? mine.filter((key) => known.has(key)) : mine);
    if (this.shared.size === 0) return false;
    if (!this.differ) {
      const { rule, anchor, message } = traits();
      const kind = canonicalJson([rule, anchor, message]);
      this.first ??= kind;
      this.differ = kind !== this.first;
    }
    return true;
  }

  /** Whether `has` is of nothing: so of every honest run. */
  get isEmpty(): boolean {
    return !this.differ || this.shared === undefined || this.shared.size === 0;
  }

  has(fingerprint: Fingerprints[number]): boolean {
    return this.differ && (this.shared?.has(keyOf(fingerprint)) ?? false);
  }
}

const keyOf = ([name, value]: Fingerprints[number]): string => `${name} ${value}`;

/** How many fingerprints of a result are not texts (Black Duck writes objects). */
export const oddFingerprints = (result: JsonObject): number =>
  oddIn(objectIn(result, 'fingerprints')) + oddIn(objectIn(result, 'partialFingerprints'));

function oddIn(named: JsonObject | undefined): number {
  if (!named) return 0;
  let odd = 0;
  for (const name of Object.keys(named)) if (typeof named[name] !== 'string') odd += 1;
  return odd;
}
