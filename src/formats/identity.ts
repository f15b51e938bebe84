import { canonicalJson } from '../kernel/canonical-json.js';
import { hexOf, sha256 } from '../kernel/digest.js';
import { POSITION_ONLY_SCHEME } from '../kernel/finding-scheme.js';
import type { FindingIdentity } from './model/finding.js';

/**
 * What the identity of a finding rests on. `subject` is what was found (tool and rule, or the class of a
 * secret), `anchor` where (a path, or what stands in for one), `content` how it is told from others of its kind
 * there. No line, no column: these move.
 */
export interface IdentityBasis {
  /** Names the way of computing it; two identities of different schemes are never compared. */
  readonly scheme: string;
  readonly strength: FindingIdentity['strength'];
  readonly subject: readonly string[];
  readonly anchor: string;
  readonly content: readonly string[];
}

/** A fingerprint with its name; the names are part of the scheme. */
export type Fingerprints = readonly (readonly [name: string, value: string])[];

/** Values that tools write where they have none; compared trimmed and in lower case. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['', '0', '-', 'n/a', 'none', 'null', 'undefined', 'unknown', 'requires login'],
]);
export const isPlaceholder = (value: string): boolean =>
  (value.length <= LONGEST_PLACEHOLDER || isPadded(value)) && PLACEHOLDERS.has(value.trim().toLowerCase());
const LONGEST_PLACEHOLDER = 14;
/** Whether trimming may make it shorter. */
const isPadded = (value: string): boolean =>
  !isVisibleAscii(value.charCodeAt(0)) || !isVisibleAscii(value.charCodeAt(value.length - 1));
const isVisibleAscii = (code: number): boolean => code > 0x20 && code < 0x7f;

/** Counts equal findings from 0 across a whole file, since one tool may have several runs in it. */
export class OccurrenceCounter {
  private readonly seen = new Map<string, number>();

  next(key: string): number {
    const occurrence = this.seen.get(key) ?? 0;
    this.seen.set(key, occurrence + 1);
    return occurrence;
  }
}

/**
 * The identity itself: hashes, so that no path, code or person can be read from it. `content` leaves the
 * anchor out, so that a finding can be recognised in a renamed file; a weak one cannot.
 */
export function identityOf(basis: IdentityBasis, occurrences: OccurrenceCounter): FindingIdentity {
  const { scheme, strength, subject, anchor, content } = basis;
  const value = hexOf(sha256(canonicalJson([...subject, anchor, ...content])));
  return {
    scheme,
    value,
    strength,
    occurrence: occurrences.next(`${scheme} ${value}`),
    content:
      strength === 'weak'
        ? null
        : hexOf(sha256(canonicalJson([scheme, ...subject, ...content]))).slice(0, 32),
  };
}

/**
 * A secret: its class, its place and the keyed hash of its value. Neither the tool nor its rule takes part, so
 * that whoever finds it finds the same one.
 */
export const secretBasis = (ruleClass: string, anchor: string, keyedHash: string): IdentityBasis => ({
  scheme: 'class+path+secret/1',
  strength: 'strong',
  subject: ['secret', ruleClass],
  anchor,
  content: [keyedHash],
});

export const secretWithoutValue = (
  ruleClass: string,
  anchor: string,
  position: { readonly line: number | null; readonly column: number | null },
): IdentityBasis => ({
  scheme: POSITION_ONLY_SCHEME,
  strength: 'weak',
  subject: ['secret', ruleClass],
  anchor,
  content: [String(position.line), String(position.column)],
});

/** What a finding that is not a secret may be told by, best first; absent where the report has none. */
export interface FindingTraits {
  readonly tool: string;
  readonly rule: string;
  readonly anchor: string;
  /** As the tool gives them, already without those that say nothing. */
  readonly fingerprints?: Fingerprints;
  /** Code of the region, or its mask. */
  readonly code?: string | undefined;
  readonly message: string;
}

/**
 * In order of trust (formats.md §3): the tool's fingerprints; the code of the region, white space apart; the
 * message with its numbers blanked, which is weak.
 */
export function findingBasis(traits: FindingTraits): IdentityBasis {
  const { tool, rule, anchor, fingerprints = [], message } = traits;
  const base = { subject: [tool, rule], anchor };
  if (fingerprints.length > 0) {
    const names = fingerprints.map((one) => one[0]).join('+');
    const short = names.length > 120 ? `fingerprints-${hexOf(sha256(names)).slice(0, 16)}` : names;
    const content: string[] = []; // not flat() or spread: of a million findings each of them is seen
    for (const one of fingerprints) content.push(one[0], one[1]);
    return { subject: base.subject, anchor, scheme: `rule+path+${short}/1`, strength: 'strong', content };
  }
  const code = traits.code?.replace(/\s+/g, ' ').trim() ?? '';
  if (!isPlaceholder(code))
    return { ...base, scheme: 'rule+path+snippet/1', strength: 'strong', content: [code] };
  return { ...base, scheme: 'rule+path+message/1', strength: 'weak', content: [withoutNumbers(message)] };
}

const withoutNumbers = (message: string): string => message.replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();

/** The keyed hash of a mask in a text, unless it is of something that does not tell values apart. */
export function keyedHashIn(text: string | undefined): string | undefined {
  const found = text === undefined ? null : MASK.exec(text);
  return found && !VAGUE_CLASSES.has(found[1] ?? '') ? found[2] : undefined;
}
const MASK = /\[masked:([a-z0-9-]{1,40}):([0-9a-f]{16})\]/;
/** Part of a value, which the tool had cut: another value may begin alike. */
const VAGUE_CLASSES: ReadonlySet<string> = new Set(['partial']);
