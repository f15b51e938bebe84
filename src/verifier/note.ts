import { concat, encodeUtf8, equalBytes, fromBase64, fromHex } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal } from './finding.js';

/** Signature types of C2SP signed-note: who signs a note as its log, and who as a witness of it. */
export const LOG_SIGNATURE = 0x01;
export const COSIGNATURE = 0x04;

const MOST_SIGNATURES = 100;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** A verifier key: `name+hex(key id)+base64(type, key)`. Ed25519 only, as log or as witness. */
export interface Vkey {
  readonly name: string;
  readonly type: typeof LOG_SIGNATURE | typeof COSIGNATURE;
  /** 4 bytes: SHA-256(name, LF, type, key), cut. */
  readonly id: Uint8Array;
  /** SHA-256(name, LF, type, key), whole: what Sigstore calls the log id. */
  readonly fullId: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export interface NoteLine {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** The signed text, with its last newline. */
  readonly text: string;
  readonly lines: readonly NoteLine[];
}

/** Undefined when it is not a key of these types, or its key id is another one. */
export function parseVkey(text: string, sha256: Crypto['sha256']): Vkey | undefined {
  const [, name = '', hex = '', encoded = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  const id = fromHex(hex);
  const type = bytes?.[0];
  if (bytes?.length !== 33 || !id || (type !== LOG_SIGNATURE && type !== COSIGNATURE)) return undefined;
  const fullId = sha256(concat(encodeUtf8(`${name}\n`), bytes));
  return equalBytes(fullId.subarray(0, 4), id)
    ? { name, type, id, fullId, key: bytes.subarray(1) }
    : undefined;
}

/** C2SP signed-note, syntax only. Split at the last empty line; strict base64; no control characters. */
export function parseNote(note: string, path: string): Note {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  const malformed = (detail: string, line?: number) =>
    new Refusal('checkpoint-malformed', path, detail, line === undefined ? undefined : `line ${line}`);
  // eslint-disable-next-line no-control-regex -- control characters are what the format forbids
  const control = /[\u0000-\u0009\u000b-\u001f]/u.exec(note);
  if (control) throw malformed('a control character', note.slice(0, control.index).split('\n').length);
  if (split < 0) throw malformed('no empty line before signatures');
  const first = text.split('\n').length + 1;
  const rows = note.slice(split + 2).split('\n');
  if (rows.pop() !== '') throw malformed('does not end in a newline');
  if (rows.length === 0 || rows.length > MOST_SIGNATURES)
    throw malformed(`1 to ${MOST_SIGNATURES} signatures expected`);
  const lines = rows.map((row, i) => {
    const [, name, encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(row) ?? [];
    const bytes = fromBase64(encoded);
    if (name === undefined || !bytes || bytes.length < 5) throw malformed('not a signature line', first + i);
    return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  });
  return { text, lines };
}

export const isBy = (line: NoteLine, key: Vkey): boolean =>
  line.name === key.name && equalBytes(line.id, key.id);

/** Whether a line is a good signature of that key over that text; its type says over what exactly. */
export async function verifyLine(crypto: Crypto, text: string, line: NoteLine, key: Vkey): Promise<boolean> {
  if (key.type === LOG_SIGNATURE) return crypto.verifyEd25519(key.key, encodeUtf8(text), line.signature);
  if (line.signature.length !== TIME_BYTES + SIGNATURE_BYTES) return false;
  const time = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
  const signed = encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`);
  return crypto.verifyEd25519(key.key, signed, line.signature.subarray(TIME_BYTES));
}
