import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { failed, ok, type Result } from '../kernel/result.js';
import { decodeBase64 } from './base64.js';

/** C2SP signed-note, Ed25519 (algorithm byte 0x01). https://c2sp.org/signed-note */
const ED25519 = 0x01;
const MAX_SIGNATURES = 16;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;
/** DER that precedes the 32 raw bytes of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteSigner {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface NoteVerifier {
  readonly name: string;
  /** First four bytes of SHA-256(name, LF, 0x01, key). */
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface SignedNote {
  /** The signed text, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export type NoteProblem =
  | { readonly kind: 'NoteMalformed'; readonly detail: string }
  | { readonly kind: 'NoteKeyUnknown'; readonly names: readonly string[] }
  | { readonly kind: 'NoteSignatureInvalid'; readonly name: string };

/** The 32 raw bytes of an Ed25519 public key, given that or its private key. */
export function rawEd25519(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
}

/** SHA-256(name, LF, 0x01, key): its first four bytes are the note's key id, all of it is a Sigstore log id. */
export function logId(name: string, key: KeyObject): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(rawEd25519(key)).digest();
}

/** `name+hex(key id)+base64(0x01, key)`: the public half, as other people's tools want it. */
export function formatVkey(name: string, key: KeyObject): string {
  const id = logId(name, key).toString('hex', 0, 4);
  return `${name}+${id}+${Buffer.concat([Buffer.of(ED25519), rawEd25519(key)]).toString('base64')}`;
}

export function parseVkey(vkey: string): Result<NoteVerifier, NoteProblem> {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(vkey) ?? [];
  const bytes = decodeBase64(encoded ?? '');
  if (!name || !id || bytes?.length !== 33 || bytes[0] !== ED25519) return malformed('not an Ed25519 vkey');
  const der = Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const keyId = logId(name, publicKey).subarray(0, 4);
  return keyId.toString('hex') === id
    ? ok({ name, keyId, publicKey })
    : malformed('vkey with another key id');
}

/** Signs a text that ends in a newline. Ed25519 is deterministic: same text and key, same note. */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isNoteText(text)) throw new TypeError('not a note text');
  const keyId = logId(signer.name, signer.privateKey).subarray(0, 4);
  const signature = sign(null, Buffer.from(text), signer.privateKey);
  return `${text}\n— ${signer.name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/** Syntax only: nothing is authenticated. Split at the last empty line, for the text may hold others. */
export function parseNote(note: string): Result<SignedNote, NoteProblem> {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  if (split < 0 || !isNoteText(text)) return malformed('no text before an empty line, or control characters');
  const lines = note.slice(split + 2).split('\n');
  if (lines.pop() !== '') return malformed('does not end in a newline');
  if (lines.length < 1 || lines.length > MAX_SIGNATURES) return malformed('1 to 16 signature lines expected');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(encoded ?? '');
    if (!name || name.includes('+') || !bytes || bytes.length < 5)
      return malformed('malformed signature line');
    signatures.push({ name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return ok({ text, signatures });
}

/**
 * Opens a note: unknown keys are ignored, one failing signature of a known key rejects it, and so does the lack
 * of any good one.
 */
export function openNote(note: string, known: readonly NoteVerifier[]): Result<SignedNote, NoteProblem> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, signatures } = parsed.value;
  let good = 0;
  for (const { name, keyId, signature } of signatures) {
    const verifier = known.find((v) => v.name === name && v.keyId.equals(keyId));
    if (!verifier) continue;
    if (!verify(null, Buffer.from(text), verifier.publicKey, signature)) {
      return failed({ kind: 'NoteSignatureInvalid', name });
    }
    good += 1;
  }
  return good > 0 ? parsed : failed({ kind: 'NoteKeyUnknown', names: signatures.map((s) => s.name) });
}

/** Newlines at the end, no other control characters, and text that UTF-8 can carry. */
const isNoteText = (text: string): boolean =>
  // eslint-disable-next-line no-control-regex -- control characters are what the format forbids
  text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/u.test(text);

const malformed = (detail: string) => failed({ kind: 'NoteMalformed', detail } as const);
