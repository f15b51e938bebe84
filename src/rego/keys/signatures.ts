import { constants, verify } from 'node:crypto';
import { bytesOf, DerReader, integerOf, TAG } from './der.js';
import { CURVES, type EcKey, type EdwardsKey, type RsaKey, toKeyObject } from './public-keys.js';

export type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How an RSA signature is padded; `pss-any-salt` finds the salt's length in the signature, as Go does by default. */
export type RsaPadding = 'pkcs1' | 'pss' | 'pss-any-salt';

/** Go refuses shorter keys, and OpenSSL longer ones; what lies between is checked in bounded time. */
const RSA_BITS = { least: 1024, most: 16_384 };
const MAX_EXPONENT = 2n ** 31n - 1n;

export function verifyRsa(
  key: RsaKey,
  padding: RsaPadding,
  hash: Hash,
  message: { readonly signed: Buffer; readonly signature: Buffer },
): boolean {
  const bits = key.n.toString(2).length;
  if (bits < RSA_BITS.least || bits > RSA_BITS.most || key.n % 2n === 0n) return false;
  if (key.e < 2n || key.e % 2n === 0n || key.e > MAX_EXPONENT) return false;
  const options =
    padding === 'pkcs1'
      ? { padding: constants.RSA_PKCS1_PADDING }
      : {
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: padding === 'pss' ? constants.RSA_PSS_SALTLEN_DIGEST : constants.RSA_PSS_SALTLEN_AUTO,
        };
  return soundly(() =>
    verify(hash, message.signed, { key: toKeyObject(key), ...options }, message.signature),
  );
}

/** The signature as two numbers, which may be of any size: too large ones do not verify. */
export function verifyEcdsa(
  key: EcKey,
  hash: Hash,
  signed: Buffer,
  { r, s }: { readonly r: bigint; readonly s: bigint },
): boolean {
  const { size } = CURVES[key.curve];
  const limit = 1n << BigInt(size * 8);
  if (r <= 0n || s <= 0n || r >= limit || s >= limit) return false;
  const signature = Buffer.concat([bytesOf(r, size), bytesOf(s, size)]);
  return soundly(() => verify(hash, signed, { key: toKeyObject(key), dsaEncoding: 'ieee-p1363' }, signature));
}

/** The signature as certificates carry it: a DER sequence of two integers, and nothing after it. */
export function verifyEcdsaDer(key: EcKey, hash: Hash, signed: Buffer, signature: Buffer): boolean {
  try {
    const outer = new DerReader(signature);
    const pair = outer.into(TAG.sequence);
    const [r, s] = [pair.integer(), pair.integer()];
    return outer.empty && pair.empty && verifyEcdsa(key, hash, signed, { r, s });
  } catch {
    return false;
  }
}

/** The signature as two halves, as `io.jwt.verify_es*` splits it: whatever its length. */
export function verifyEcdsaHalves(key: EcKey, hash: Hash, signed: Buffer, signature: Buffer): boolean {
  const half = Math.trunc(signature.length / 2);
  // Leading zeros aside, longer halves cannot be below the curve's order: not worth their conversion.
  if (half > 1024) return false;
  const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
  return verifyEcdsa(key, hash, signed, { r: integerOf(r), s: integerOf(s) });
}

export const verifyEd25519 = (key: EdwardsKey, signed: Buffer, signature: Buffer): boolean =>
  signature.length === 64 && soundly(() => verify(null, signed, toKeyObject(key), signature));

/** OpenSSL throws on keys and signatures it finds unreasonable; none of them verifies. */
function soundly(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
