import type { JsonObject } from '../kernel/canonical-json.js';
import { checkStatement, parseLeaf, type Leaf } from './leaf.js';
import { readStatement, type RecordedEntry } from './recorded-entry.js';
import type { SnapshotEntry } from './snapshot.read.js';
import { FACTS } from './statement.js';
import type { Finding } from './verify.js';

export interface EntryVerdict {
  readonly findings: readonly Finding[];
  /** Undefined when the statement cannot be read. */
  readonly recorded: RecordedEntry | undefined;
}

/**
 * Judges one entry by itself: leaf, signature, statement, and the rows beside it. `decisionKeys` are the known
 * signers: base64 of SubjectPublicKeyInfo.
 */
export function checkEntry(entry: SnapshotEntry, decisionKeys: ReadonlySet<string>): EntryVerdict {
  const { seq, fact } = entry;
  const leaf = parseLeaf(entry.leaf);
  const findings: Finding[] = leaf.ok
    ? checkSigner(leaf.value, seq, decisionKeys)
    : [{ what: 'leaf', seq, detail: `leaf is not a hashedrekord: ${leaf.problem.detail}` }];
  if (!fact)
    return {
      findings: [...findings, { what: 'fact', seq, detail: 'the statement is missing' }],
      recorded: undefined,
    };
  const fit = leaf.ok ? checkStatement(leaf.value, fact.statement) : 'fits';
  if (fit === 'other-statement') {
    findings.push({ what: 'fact', seq, detail: 'the statement is not the one that was signed' });
  }
  if (fit === 'bad-signature') findings.push({ what: 'leaf', seq, detail: 'the signature does not verify' });
  const recorded = readStatement(fact.statement);
  if (!recorded.ok) {
    if (fit === 'fits') findings.push({ what: 'fact', seq, detail: recorded.problem.detail });
    return { findings, recorded: undefined };
  }
  // Against a statement that was changed, its neighbours prove nothing.
  if (fit === 'fits') {
    const idempotency = checkIdempotency(entry, recorded.value);
    findings.push(...checkColumns(seq, fact), ...idempotency);
    findings.push(...checkBodies(entry, recorded.value, idempotency.length === 0));
  }
  return { findings, recorded: recorded.value };
}

function checkSigner(leaf: Leaf, seq: number, decisionKeys: ReadonlySet<string>): Finding[] {
  const key = leaf.publicKey.toString('base64');
  return decisionKeys.has(key) ? [] : [{ what: 'leaf', seq, detail: `signed with an unknown key ${key}` }];
}

/** The only one there is. */
const RETENTION_CLASS = 'standard';

/** `artefact_digest` must say what the statement's `artefactDigest` says, and so on. */
function checkColumns(seq: number, fact: { statement: string; columns: JsonObject }): Finding[] {
  const { predicate } = JSON.parse(fact.statement) as { predicate: { [FACTS]: JsonObject } };
  const stated = predicate[FACTS];
  return Object.entries(fact.columns).flatMap(([column, value]): Finding[] => {
    const member = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const [found, expected] = [JSON.stringify(value), JSON.stringify(stated[member] ?? null)];
    if (found === expected) return [];
    return [{ what: 'fact', seq, detail: `column ${column} is ${found}, the statement says ${expected}` }];
  });
}

function checkIdempotency({ seq, contentDigest, idem }: SnapshotEntry, recorded: RecordedEntry): Finding[] {
  const stated = recorded.contentDigest;
  const differs: (readonly [boolean, string])[] = [
    [contentDigest.toString('hex') !== stated, 'entry.content_digest is not the signed one'],
    [!idem, 'the row of its idempotency key is missing'],
    [idem?.contentDigest.toString('hex') !== (idem && stated), 'idem.content_digest is not the signed one'],
    [
      idem?.key.toString('hex') !== (idem && recorded.idempotencyKey),
      'the idempotency key is not the signed one',
    ],
  ];
  return differs.filter(([wrong]) => wrong).map(([, detail]) => ({ what: 'idempotency', seq, detail }));
}

/** Bodies open in the context of their entry's idempotency key: with another key there, only ciphertexts are compared. */
function checkBodies(
  { seq, bodies }: SnapshotEntry,
  { orgId, personal }: RecordedEntry,
  canOpen: boolean,
): Finding[] {
  const finding = (subject: string, detail: string): Finding => ({
    what: 'body',
    seq,
    detail: `${subject}: ${detail}`,
  });
  const changed = personal.flatMap(({ subject, ciphertext, commitment }): Finding[] => {
    const body = bodies.find((candidate) => candidate.subject === subject);
    if (!body) return [finding(subject, 'personal fields are missing')];
    if (body.orgId !== orgId || body.retentionClass !== RETENTION_CLASS)
      return [finding(subject, 'organisation or retention class was changed')];
    if (body.ciphertext === null) return []; // erased: the commitment remains, and says nothing without its salt
    if (body.ciphertext !== ciphertext) return [finding(subject, 'ciphertext is not the signed one')];
    if (canOpen && body.commitment !== null && body.commitment !== commitment) {
      return [finding(subject, 'personal fields do not open to what was signed')];
    }
    return [];
  });
  const unstated = bodies.filter((body) => !personal.some(({ subject }) => subject === body.subject));
  return [
    ...changed,
    ...unstated.map((body) => finding(body.subject, 'personal fields that no statement mentions')),
  ];
}
