import { fromBase64, tryUtf8 } from './bytes.js';
import { Refusal } from './finding.js';

/** What a leaf holds; texts in canonical base64, as they come again in the bundle. */
export interface Leaf {
  /** SHA-256 of the signed bytes. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly signature64: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly key: Uint8Array;
  readonly key64: string;
}

const B64 = '([A-Za-z0-9+/]+={0,2})';
/** RFC 8785 leaves this record no freedom but its three texts, none of which needs an escape. */
const FORM = new RegExp(
  `^\\{"apiVersion":"0\\.0\\.2","kind":"hashedrekord","spec":\\{"hashedRekordV002":\\{"data":\\{"algorithm":"SHA2_256",` +
    `"digest":"${B64}"\\},"signature":\\{"content":"${B64}","verifier":\\{"keyDetails":"PKIX_ECDSA_P256_SHA_256",` +
    `"publicKey":\\{"rawBytes":"${B64}"\\}\\}\\}\\}\\}\\}$`,
);

/** Reads a canonical hashedrekord 0.0.2 (Rekor v2). */
export function readLeaf(bytes: Uint8Array, path: string): Leaf {
  const text = tryUtf8(bytes);
  const [, digest64 = '', signature64 = '', key64 = ''] = FORM.exec(text ?? '') ?? [];
  const digest = fromBase64(digest64);
  const signature = fromBase64(signature64);
  const key = fromBase64(key64);
  if (digest?.length !== 32 || !signature?.length || !key?.length) {
    throw new Refusal('leaf-form', path, 'not a canonical hashedrekord 0.0.2');
  }
  return { digest, signature, signature64, key, key64 };
}
