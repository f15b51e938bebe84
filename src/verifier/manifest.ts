import {
  base64Length,
  concat,
  decodeBase64Into,
  encodeUtf8,
  fromBase64,
  fromHex,
  HASH_BYTES,
  utf8,
} from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal } from './finding.js';
import { parseCanonical, type Json } from './json.js';
import { MANIFEST } from './names.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const HEAD = encodeUtf8('{"payload":"');
const QUOTE = 0x22;
const TAIL =
  /^","payloadType":"application\/vnd\.in-toto\+json","signatures":\[\{"keyid":"","sig":"([A-Za-z0-9+/=]+)"\}\]\}$/;
const SUBJECTS = ',"predicateType":"urn:assay:evidence-pack:v1","subject":[';
const SUBJECT = /\{"digest":\{"sha256":"([0-9a-f]{64})"\},"name":"([!#-[\]-~]+)"\}/y;

/** DSSE pre-authentication encoding: the bytes that are signed. */
export const pae = (payload: Uint8Array): Uint8Array =>
  concat(encodeUtf8(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload);

/** The manifest: what the maker of the pack claims, and the digest of every other file. */
export interface Manifest {
  readonly predicate: Json | undefined;
  readonly files: FileDigests;
}

/** Names in ascending order with their digests; the one thing that grows with the number of files. */
export class FileDigests {
  private readonly names: string[] = [];
  private digests = new Uint8Array(HASH_BYTES * 64);

  get length(): number {
    return this.names.length;
  }

  /** False unless the name sorts behind all before. */
  add(name: string, digest: Uint8Array): boolean {
    if (name <= (this.names.at(-1) ?? '')) return false;
    const at = this.names.length * HASH_BYTES;
    if (at >= this.digests.length) {
      const larger = new Uint8Array(this.digests.length * 2);
      larger.set(this.digests);
      this.digests = larger;
    }
    this.digests.set(digest, at);
    this.names.push(name);
    return true;
  }

  nameAt(index: number): string {
    return this.names[index] ?? '';
  }

  digestAt(index: number): Uint8Array {
    return this.digests.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }

  /** -1 when it is not listed. */
  indexOf(name: string): number {
    let low = 0;
    let high = this.names.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.nameAt(middle) < name) low = middle + 1;
      else high = middle;
    }
    return this.names[low] === name ? low : -1;
  }
}

/** What was signed, and the signature over it. */
export interface Envelope {
  readonly payload: Uint8Array;
  /** The payload in DSSE's encoding: the signed bytes. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes the DSSE envelope apart. Canonical JSON with these members in this order leaves no freedom but the two
 * texts, so the frame is compared and not parsed: a payload may be as long as a pack is large.
 */
export function openEnvelope(bytes: Uint8Array): Envelope {
  const refuse = (detail: string, at?: number) =>
    new Refusal('manifest-malformed', MANIFEST, detail, at === undefined ? undefined : `byte ${at}`);
  const wrong = HEAD.findIndex((byte, i) => byte !== bytes[i]);
  if (wrong >= 0) throw refuse('does not begin as a DSSE envelope', wrong);
  const end = bytes.indexOf(QUOTE, HEAD.length);
  if (end < 0) throw refuse('the payload has no end');
  const [, encoded = ''] = TAIL.exec(utf8(bytes.subarray(end), MANIFEST)) ?? [];
  const signature = fromBase64(encoded);
  if (signature?.length !== 64)
    throw refuse('does not end as a DSSE envelope with one Ed25519 signature', end);
  const chars = bytes.subarray(HEAD.length, end);
  const length = base64Length(chars);
  if (length === undefined) throw refuse('the payload is not canonical base64', end);
  const frame = pae(new Uint8Array()).length - 1 + String(length).length;
  const signed = new Uint8Array(frame + length);
  signed.set(encodeUtf8(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${length} `));
  const payload = signed.subarray(frame);
  const bad = decodeBase64Into(chars, payload);
  if (bad >= 0) throw refuse('the payload is not canonical base64', HEAD.length + bad);
  return { payload, signed, signature };
}

export const verifyEnvelope = (
  crypto: Crypto,
  { signed, signature }: Envelope,
  key: Uint8Array,
): Promise<boolean> => crypto.verifyEd25519(key, signed, signature);

/** Reads the in-toto statement: `_type`, `predicate`, `predicateType`, and the subjects, one by one. */
export function readManifest(payload: Uint8Array): Manifest {
  const text = utf8(payload, MANIFEST);
  const split = text.indexOf(SUBJECTS);
  if (split < 0)
    throw new Refusal('manifest-malformed', MANIFEST, 'not an in-toto statement of a pack of format 1');
  const head = parseCanonical(`${text.slice(0, split)}}`, MANIFEST, 'payload, ');
  const { _type: type, predicate, ...others } = head as Record<string, Json>;
  if (type !== 'https://in-toto.io/Statement/v1' || Object.keys(others).length > 0) {
    throw new Refusal('manifest-malformed', MANIFEST, 'not an in-toto statement v1', 'payload');
  }
  return { predicate, files: readSubjects(text, split + SUBJECTS.length) };
}

function readSubjects(text: string, from: number): FileDigests {
  const files = new FileDigests();
  let at = from;
  for (;;) {
    SUBJECT.lastIndex = at;
    const [subject = '', hex = '', name = ''] = SUBJECT.exec(text) ?? [];
    const digest = fromHex(hex);
    const where = `payload, character ${at}`;
    if (!subject || !digest)
      throw new Refusal('manifest-malformed', MANIFEST, 'not a subject in canonical form', where);
    if (!files.add(name, digest)) {
      throw new Refusal('manifest-malformed', MANIFEST, `${name} is listed twice or out of order`, where);
    }
    at += subject.length;
    if (text[at] !== ',') break;
    at += 1;
  }
  if (text.slice(at) === ']}') return files;
  throw new Refusal(
    'manifest-malformed',
    MANIFEST,
    'not the end of the list of files',
    `payload, character ${at}`,
  );
}
