import {
  canonicalJson,
  canonicalMembers,
  mergeMembers,
  objectText,
  type CanonicalMember,
  type JsonObject,
} from '../kernel/canonical-json.js';
import { toRfc3339 } from '../kernel/clock.js';
import { algorithmOf, hexOf, type Digest } from '../kernel/digest.js';
import { canonicalFacts, type CanonicalFacts } from './draft-parts.js';
import type { EntryDraft, EntryKind } from './entry.js';
import { IMPLIED } from './kind-facts.js';
import type { Pseudonym } from './pseudonym.js';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** The predicate member that holds our facts, in every kind of entry, so that all are read the same way. */
export const FACTS = 'urn:assay:facts:v1';
const VERIFICATION_SUMMARY = 'https://slsa.dev/verification_summary/v1';

/** U+0000 in JSON text: jsonb cannot hold it, and the database derives its filter columns from the statement. */
const NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/** A decision is a SLSA verification summary, which strangers' tools read; every other kind is our own predicate. */
export const predicateTypeOf = (kind: EntryKind): string =>
  kind === 'decision.recorded' ? VERIFICATION_SUMMARY : `urn:assay:ledger:${kind}:v1`;

/** What a statement says of one person's sealed fields: enough to prove a change, nothing about the person. */
export interface PersonalCommitment {
  readonly subject: Pseudonym;
  /** SHA-256 of the salted plaintext. */
  readonly commitment: Digest;
  /** SHA-256 of the stored ciphertext, so that a change shows without any key. */
  readonly ciphertext: Digest;
}

/** What the ledger adds to a draft: the actor's pseudonym, and what its own rows hold beside the statement. */
export interface StatementExtras {
  readonly actor: Pseudonym | 'system';
  /** Of the draft's persons, by the part they play. */
  readonly persons: Readonly<Record<string, Pseudonym>>;
  readonly contentDigest: Buffer;
  readonly personal: readonly PersonalCommitment[];
}

const IMPLIED_MEMBERS = Object.fromEntries(
  Object.entries(IMPLIED).map(([kind, implied]) => [kind, canonicalMembers(implied)]),
) as Readonly<Record<EntryKind, readonly CanonicalMember[]>>;

/**
 * RFC 8785 text of the in-toto Statement v1 of an entry: what is signed, stored as the fact, and shown to auditors.
 * Put together from members that are canonical already; the spec holds it against a text made in one piece.
 */
export function statementText(
  draft: EntryDraft,
  extras: StatementExtras,
  { facts, summary }: CanonicalFacts = canonicalFacts(draft),
): string {
  if (draft.subjects.length === 0) throw new TypeError('a statement needs a subject');
  if ((draft.kind === 'decision.recorded') !== (draft.verdictSummary !== undefined)) {
    throw new TypeError('a verdict summary belongs to decision.recorded, and only there');
  }
  const known = mergeMembers(IMPLIED_MEMBERS[draft.kind], facts);
  const stated = objectText(mergeMembers(known, canonicalMembers(extraFacts(draft, extras))));
  const predicate = objectText(mergeMembers(summary, [{ name: FACTS, text: `"${FACTS}":${stated}` }]));
  const subjects = draft.subjects.map(({ name, digest }) => ({
    name,
    digest: { [algorithmOf(digest)]: hexOf(digest) },
  }));
  const text =
    `{"_type":"${STATEMENT_TYPE}","predicate":${predicate},` +
    `"predicateType":"${predicateTypeOf(draft.kind)}","subject":${canonicalJson(subjects)}}`;
  if (text.includes('\\u0000') && NUL.test(text)) throw new TypeError('U+0000 cannot be recorded');
  return text;
}

/** What the ledger adds to a draft's facts, and its times as text. */
function extraFacts(draft: EntryDraft, extras: StatementExtras): JsonObject {
  const { tsStart, tsEnd, asOf } = draft.facts;
  const added = {
    actor: extras.actor,
    contentDigest: extras.contentDigest.toString('hex'),
    idempotencyKey: draft.key.toString('hex'),
    kind: draft.kind,
    orgId: draft.orgId,
    personal: extras.personal.map((p) => ({ ...p })),
    tsEnd: toRfc3339(tsEnd),
    tsStart: toRfc3339(tsStart),
  };
  const persons = Object.keys(extras.persons).length > 0 ? { persons: extras.persons } : undefined;
  const judgedFor = asOf === undefined ? undefined : { asOf: toRfc3339(asOf) };
  return persons || judgedFor ? Object.assign(added, persons, judgedFor) : added; // a spread costs more, in every entry
}
