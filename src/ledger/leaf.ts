import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { failed, ok, type Result } from '../kernel/result.js';
import { decodeBase64 } from './base64.js';
import { IN_TOTO_PAYLOAD, pae } from './pae.js';

/** What a leaf holds: the digest of a statement's PAE, who signed it, and the signature. Nothing personal. */
export interface Leaf {
  /** SHA-256 of the PAE, 32 bytes. */
  readonly digest: Buffer;
  /** ECDSA P-256 over SHA-256, ASN.1 DER. Randomised: signing again makes another leaf. */
  readonly signature: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
}

export interface LeafInvalid {
  readonly kind: 'LeafInvalid';
  readonly detail: string;
}

const KEY_DETAILS = 'PKIX_ECDSA_P256_SHA_256';

/** Signs a statement and makes its leaf (hashedrekord 0.0.2 of Rekor v2 over the DSSE of the statement). */
export function signStatement(statement: string, decisionKey: KeyObject): string {
  const bytes = pae(IN_TOTO_PAYLOAD, statement);
  return encodeLeaf({
    digest: hash('sha256', bytes, 'buffer'),
    signature: sign('sha256', bytes, decisionKey),
    publicKey: spkiOf(decisionKey),
  });
}

/** Exporting a key takes longer than signing with it. */
const spkis = new WeakMap<KeyObject, Buffer>();

/** SubjectPublicKeyInfo (DER) of a P-256 key, given that or its private key. */
export function spkiOf(key: KeyObject): Buffer {
  const known = spkis.get(key);
  if (known) return known;
  const spki = exportSpki(key);
  spkis.set(key, spki);
  return spki;
}

function exportSpki(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('not a P-256 key');
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** RFC 8785 text of the leaf: what the tree hashes, byte for byte. Base64 needs no escape, and no sorting. */
export function encodeLeaf({ digest, signature, publicKey }: Leaf): string {
  return (
    '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"' +
    digest.toString('base64') +
    '"},"signature":{"content":"' +
    signature.toString('base64') +
    `","verifier":{"keyDetails":"${KEY_DETAILS}","publicKey":{"rawBytes":"` +
    publicKey.toString('base64') +
    '"}}}}}}'
  );
}

const base64 = z.string().transform((text, context) => {
  const bytes = decodeBase64(text);
  if (bytes) return bytes;
  context.addIssue({ code: 'custom', message: 'not canonical base64' });
  return z.NEVER;
});

const LEAF = z.strictObject({
  apiVersion: z.literal('0.0.2'),
  kind: z.literal('hashedrekord'),
  spec: z.strictObject({
    hashedRekordV002: z.strictObject({
      data: z.strictObject({ algorithm: z.literal('SHA2_256'), digest: base64 }),
      signature: z.strictObject({
        content: base64,
        verifier: z.strictObject({
          keyDetails: z.literal(KEY_DETAILS),
          publicKey: z.strictObject({ rawBytes: base64 }),
        }),
      }),
    }),
  }),
});

/** Strict: every member known, and the text is the canonical form of what it says. */
export function parseLeaf(text: string): Result<Leaf, LeafInvalid> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failed({ kind: 'LeafInvalid', detail: 'not JSON' });
  }
  const parsed = LEAF.safeParse(json);
  if (!parsed.success) return failed({ kind: 'LeafInvalid', detail: z.prettifyError(parsed.error) });
  const { data, signature } = parsed.data.spec.hashedRekordV002;
  const leaf = {
    digest: data.digest,
    signature: signature.content,
    publicKey: signature.verifier.publicKey.rawBytes,
  };
  return encodeLeaf(leaf) === text ? ok(leaf) : failed({ kind: 'LeafInvalid', detail: 'not canonical JSON' });
}

/** Whether the leaf is of this statement: says which of digest and signature does not fit. */
export function checkStatement(leaf: Leaf, statement: string): 'fits' | 'other-statement' | 'bad-signature' {
  const bytes = pae(IN_TOTO_PAYLOAD, statement);
  if (!hash('sha256', bytes, 'buffer').equals(leaf.digest)) return 'other-statement';
  return hasGoodSignature(bytes, leaf) ? 'fits' : 'bad-signature';
}

function hasGoodSignature(bytes: Buffer, leaf: Leaf): boolean {
  try {
    const key = p256Key(leaf.publicKey);
    return key !== undefined && verify('sha256', bytes, key, leaf.signature);
  } catch {
    return false; // bytes that are no key at all: a stranger's, or a damaged leaf
  }
}

/** A log is signed with a handful of keys, and reading one takes three times as long as a verification. */
const READ_KEYS = new Map<string, KeyObject | undefined>();
const READ_KEYS_LIMIT = 64;

/** `undefined` for a key of another kind or curve. Throws on bytes that are no key. */
function p256Key(spki: Buffer): KeyObject | undefined {
  const name = spki.toString('latin1');
  if (READ_KEYS.has(name)) return READ_KEYS.get(name);
  const read = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const key = read.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? read : undefined;
  if (READ_KEYS.size >= READ_KEYS_LIMIT) READ_KEYS.clear(); // a log full of strangers' keys must not fill the memory
  READ_KEYS.set(name, key);
  return key;
}
