import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.js';
import { sha256, type Digest } from '../kernel/digest.js';

/** Names and free text about one person, in one entry. */
export interface PersonalRecord {
  readonly principalId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A personal record as stored, and what the signed statement commits to. */
export interface SealedRecord {
  readonly ciphertext: Buffer;
  /** SHA-256 over the salted record: no guess can be tested against it once the salt is destroyed. */
  readonly commitment: Digest;
}

const VERSION = 0x01;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** AES-256-GCM: version (0x01), 12-byte nonce, 16-byte tag, ciphertext. `context` is authenticated, not stored. */
export function seal(key: Buffer, plaintext: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]);
}

/** Undefined when the bytes, the key or the context are not those of `seal`. */
export function unseal(key: Buffer, sealed: Buffer, context: string): Buffer | undefined {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(1 + IV_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A fresh 32-byte data key, one per person. Destroying it erases all that was sealed with it. */
export const newDataKey = (): Buffer => randomBytes(32);

export function sealRecord(dataKey: Buffer, record: PersonalRecord, context: string): SealedRecord {
  const salted = canonicalJson({
    fields: record.fields,
    principalId: record.principalId,
    salt: randomBytes(32).toString('hex'),
  });
  return { ciphertext: seal(dataKey, Buffer.from(salted), context), commitment: sha256(salted) };
}

/** The record and its commitment; undefined when it cannot be opened (changed bytes, other key, other place). */
export function openRecord(
  dataKey: Buffer,
  ciphertext: Buffer,
  context: string,
): { readonly record: PersonalRecord; readonly commitment: Digest } | undefined {
  const salted = unseal(dataKey, ciphertext, context);
  if (!salted) return undefined;
  const { principalId, fields } = JSON.parse(salted.toString('utf8')) as PersonalRecord;
  return { record: { principalId, fields }, commitment: sha256(salted) };
}

/** Ties a ciphertext to its entry and person: moved elsewhere, it no longer opens. */
export const recordContext = (subject: string, idempotencyKey: Buffer): string =>
  `assay/personal/1\n${subject}\n${idempotencyKey.toString('hex')}`;

/** Ties a wrapped data key to its person. */
export const dataKeyContext = (subject: string, keyId: string): string =>
  `assay/data-key/1\n${subject}\n${keyId}`;
