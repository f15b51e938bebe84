import { toBase64 } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { sha256, startSha256 } from './sha256.js';

/** Keys of leaves in a hostile pack could be as many as its decisions. */
const MOST_KEYS = 100;
const SCALAR_BYTES = 32;

/** Of WebCrypto's `SubtleCrypto`, what is needed here. `Key` is whatever its `importKey` answers. */
export interface Subtle<Key> {
  importKey(
    format: 'raw' | 'spki',
    key: Uint8Array,
    algorithm: { readonly name: string; readonly namedCurve?: string },
    extractable: false,
    usages: ['verify'],
  ): Promise<Key>;
  verify(
    algorithm: { readonly name: string; readonly hash?: string },
    key: Key,
    signature: Uint8Array,
    message: Uint8Array,
  ): Promise<boolean>;
}

/** A browser's cryptography: signatures by WebCrypto (Ed25519 and ECDSA P-256), hashes by our own SHA-256. */
export function webCrypto<Key>(subtle: Subtle<Key>): Crypto {
  const keys = new Map<string, Promise<Key | undefined>>();
  const keyOf = (format: 'raw' | 'spki', key: Uint8Array): Promise<Key | undefined> => {
    const id = `${format} ${toBase64(key)}`;
    const known = keys.get(id);
    if (known) return known;
    if (keys.size >= MOST_KEYS) keys.clear();
    const algorithm = format === 'raw' ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256' };
    const imported = subtle.importKey(format, key, algorithm, false, ['verify']).catch(() => undefined);
    keys.set(id, imported);
    return imported;
  };
  return {
    sha256,
    startSha256,
    verifyEd25519: async (key, message, signature) => {
      const known = key.length === 32 ? await keyOf('raw', key) : undefined;
      return known !== undefined && subtle.verify({ name: 'Ed25519' }, known, signature, message);
    },
    verifyP256: async (spki, message, signature) => {
      const pair = fromDer(signature);
      const known = pair && (await keyOf('spki', spki));
      return (
        known !== undefined &&
        pair !== undefined &&
        subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, known, pair, message)
      );
    },
  };
}

/** DER `SEQUENCE { r INTEGER, s INTEGER }` as the 64 bytes that WebCrypto wants; undefined unless it is the one form. */
function fromDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 0x7f) return undefined;
  const pair = new Uint8Array(2 * SCALAR_BYTES);
  let at = 2;
  for (const end of [SCALAR_BYTES, 2 * SCALAR_BYTES]) {
    const length = der[at + 1] ?? 0;
    const integer = der.subarray(at + 2, at + 2 + length);
    const [first = 0x80, second = 0x80] = integer;
    if (der[at] !== 0x02 || integer.length !== length || first >= 0x80) return undefined;
    if (first === 0 && length > 1 && second < 0x80) return undefined;
    const digits = first === 0 ? integer.subarray(1) : integer;
    if (digits.length > SCALAR_BYTES) return undefined;
    pair.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? pair : undefined;
}
