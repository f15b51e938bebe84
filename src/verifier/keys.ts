import { equalBytes, fromBase64, fromHex, toBase64 } from './bytes.js';
import { Refusal } from './finding.js';

/** DER before the 32 bytes of an Ed25519 key (RFC 8410), and before the 65 of an uncompressed P-256 point (RFC 5480). */
const ED25519_SPKI = fromHex('302a300506032b6570032100') ?? new Uint8Array();
const P256_SPKI = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200') ?? new Uint8Array();
const UNCOMPRESSED = 0x04;

const PEM = /-----BEGIN PUBLIC KEY-----\n((?:[A-Za-z0-9+/=]{1,64}\n)+)-----END PUBLIC KEY-----\n/y;

/** SubjectPublicKeyInfo (DER) of every PEM block of a file that holds nothing else, in OpenSSL's own form. */
function pemKeys(text: string, path: string): Uint8Array[] {
  const keys: Uint8Array[] = [];
  PEM.lastIndex = 0;
  while (PEM.lastIndex < text.length || keys.length === 0) {
    const start = PEM.lastIndex;
    const [block, body = ''] = PEM.exec(text) ?? [];
    const der = block === undefined ? undefined : fromBase64(body.replaceAll('\n', ''));
    if (!der || block !== toPem(der)) {
      throw new Refusal('key-malformed', path, 'not a PEM public key and nothing else', `character ${start}`);
    }
    keys.push(der);
  }
  return keys;
}

function toPem(der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
}

/** SPKI of an Ed25519 key, given its 32 bytes. */
export function ed25519Spki(key: Uint8Array): Uint8Array {
  const spki = new Uint8Array(ED25519_SPKI.length + key.length);
  spki.set(ED25519_SPKI);
  spki.set(key, ED25519_SPKI.length);
  return spki;
}

/** The 32 bytes of the one Ed25519 key in a PEM text. */
export function ed25519Of(text: string, path: string): Uint8Array {
  const [spki, ...more] = pemKeys(text, path);
  const key = spki?.subarray(ED25519_SPKI.length) ?? new Uint8Array();
  if (!spki || more.length > 0 || key.length !== 32 || !equalBytes(spki, ed25519Spki(key))) {
    throw new Refusal('key-malformed', path, 'not one Ed25519 key');
  }
  return key;
}

/** Base64 of the SPKI of each P-256 key in a PEM text. None twice. */
export function p256Of(text: string, path: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const spki of pemKeys(text, path)) {
    const isP256 =
      spki.length === P256_SPKI.length + 65 &&
      equalBytes(spki.subarray(0, P256_SPKI.length), P256_SPKI) &&
      spki[P256_SPKI.length] === UNCOMPRESSED;
    if (!isP256) throw new Refusal('key-malformed', path, 'not a P-256 key', `key ${keys.size + 1}`);
    const text64 = toBase64(spki);
    if (keys.has(text64))
      throw new Refusal('key-malformed', path, 'the same key twice', `key ${keys.size + 1}`);
    keys.add(text64);
  }
  return keys;
}
