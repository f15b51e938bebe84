import { sha256 } from '../kernel/digest.js';
import { contentDigest } from './content-digest.js';
import { draftParts } from './draft-parts.js';
import type { EntryDraft, PersonalFields } from './entry.js';
import type { LedgerKeys } from './keys.js';
import { signStatement } from './leaf.js';
import { recordContext, sealRecord, type SealedRecord } from './personal.js';
import { pseudonymOf, type Pseudonym } from './pseudonym.js';
import { statementText } from './statement.js';

/** A person's data key, unwrapped. */
export interface DataKey {
  readonly keyId: string;
  readonly key: Buffer;
}

/** An entry as the database takes it, but for its number. */
export interface SealedEntry {
  readonly leaf: string;
  readonly statement: string;
  readonly bodies: readonly {
    readonly subject: Pseudonym;
    readonly keyId: string;
    readonly ciphertext: Buffer;
  }[];
  readonly key: Buffer;
  readonly contentDigest: Buffer;
}

/** What the database's functions take for the bodies of one entry: a line of JSON. */
export const bodiesLine = ({ bodies }: SealedEntry): string =>
  JSON.stringify(
    bodies.map(({ subject, keyId, ciphertext }) => ({
      subject,
      key_id: keyId,
      ciphertext: ciphertext.toString('base64'),
    })),
  );

const NOBODY: ReadonlyMap<Pseudonym, PersonalFields> = new Map();

/** The people whose fields a draft carries, by pseudonym, in one order for all callers so that locks are too. */
export function peopleOf(draft: EntryDraft, pseudonymKey: Buffer): ReadonlyMap<Pseudonym, PersonalFields> {
  if (!draft.personal?.length) return NOBODY;
  const people = draft.personal.map(
    (person) => [pseudonymOf(pseudonymKey, draft.orgId, person.principalId), person] as const,
  );
  const byPseudonym = new Map(people.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (byPseudonym.size !== people.length) throw new TypeError('personal fields of one person stated twice');
  return byPseudonym;
}

/** Seals, states and signs a draft. `dataKeys` has a key for everyone in `peopleOf(draft)`. */
export function sealEntry(
  draft: EntryDraft,
  keys: LedgerKeys,
  dataKeys: ReadonlyMap<Pseudonym, DataKey>,
): SealedEntry {
  if (draft.key.length !== 16) throw new TypeError('an idempotency key is 16 bytes');
  const bodies = [...peopleOf(draft, keys.pseudonym)].map(([subject, person]) => {
    const dataKey = dataKeys.get(subject);
    if (!dataKey) throw new Error(`no data key for ${subject}`);
    const sealed: SealedRecord = sealRecord(dataKey.key, person, recordContext(subject, draft.key));
    return { subject, keyId: dataKey.keyId, ...sealed };
  });
  const parts = draftParts(draft, keys.pseudonym);
  const digest = contentDigest(draft, keys.pseudonym, parts);
  const extras = {
    persons: parts.persons,
    actor: parts.actor,
    contentDigest: digest,
    personal: bodies.map(({ subject, commitment, ciphertext }) => ({
      subject,
      commitment,
      ciphertext: sha256(ciphertext),
    })),
  };
  const statement = statementText(draft, extras, parts);
  const leaf = signStatement(statement, keys.decision);
  return { leaf, statement, bodies, key: draft.key, contentDigest: digest };
}
