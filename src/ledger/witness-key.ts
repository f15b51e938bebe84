import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { failed, ok, type Result } from '../kernel/result.js';
import { decodeBase64 } from './base64.js';
import { parseNote, type NoteSignature } from './signed-note.js';

/** C2SP tlog-cosignature, Ed25519 (algorithm byte 0x04). https://c2sp.org/tlog-cosignature */
const COSIGNATURE_V1 = 0x04;
const TIME_BYTES = 8;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The public half of a witness. */
export interface WitnessKey {
  /** As in its signature lines: the witness's own name, a schema-less URL. */
  readonly name: string;
  /** First four bytes of SHA-256(name, LF, 0x04, key). */
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

export interface WitnessKeyInvalid {
  readonly kind: 'WitnessKeyInvalid';
  readonly detail: string;
}

/** Reads the vkey of a witness: cosignature/v1 with Ed25519 and nothing else. */
export function parseWitnessKey(vkey: string): Result<WitnessKey, WitnessKeyInvalid> {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(vkey) ?? [];
  const bytes = decodeBase64(encoded ?? '');
  if (!name || !id || !bytes) return invalid('not a vkey: expected <name>+<8 hex digits>+<base64>');
  if (bytes[0] !== COSIGNATURE_V1 || bytes.length !== 33)
    return invalid('only Ed25519 cosignature keys (algorithm 0x04) are supported');
  const keyId = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  if (keyId.toString('hex') !== id) return invalid('the key id is not the one of this name and key');
  const der = Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]);
  return ok({ name, keyId, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) });
}

export interface Cosignature {
  readonly name: string;
  /** Seconds since 1970, by the witness's clock. */
  readonly time: number;
}

/** The first good cosignature of `key` under a note text; undefined when there is none. */
export function cosignatureOf(
  text: string,
  signatures: readonly NoteSignature[],
  key: WitnessKey,
): Cosignature | undefined {
  for (const { name, keyId, signature } of signatures) {
    if (name !== key.name || !keyId.equals(key.keyId) || signature.length !== TIME_BYTES + 64) continue;
    const time = Number(signature.readBigUInt64BE());
    const message = Buffer.from(`cosignature/v1\ntime ${String(time)}\n${text}`);
    if (Number.isSafeInteger(time) && verify(null, message, key.publicKey, signature.subarray(TIME_BYTES)))
      return { name, time };
  }
  return undefined;
}

/**
 * The line of a witness's answer that is its good cosignature over `note`; undefined when none is. Others' lines,
 * such as those of a key that is being rotated in, are left out: a note has room for 16.
 */
export function cosignatureLine(note: string, answer: string, key: WitnessKey): string | undefined {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  for (const line of answer.split('\n').filter((each) => each !== '')) {
    const parsed = parseNote(`${text}\n${line}\n`);
    if (parsed.ok && cosignatureOf(text, parsed.value.signatures, key)) return line;
  }
  return undefined;
}

const invalid = (detail: string) => failed({ kind: 'WitnessKeyInvalid', detail } as const);
