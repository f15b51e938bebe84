import { createHmac, createPrivateKey, constants, sign, timingSafeEqual, type KeyObject } from 'node:crypto';
import { BuiltinError } from '../value/builtin-error.js';
import { bytesOf, integerOf } from '../keys/der.js';
import { type JwkMaterial, rsaSecretMembers } from '../keys/jwk.js';
import { CURVES, type PublicKey } from '../keys/public-keys.js';
import { type Hash, verifyEcdsa, verifyEd25519, verifyRsa } from '../keys/signatures.js';

/** A key as a verifier holds it: from a certificate or PEM, or from a JWK, where it may be private or a secret. */
export type VerificationKey = PublicKey | JwkMaterial;

/** The key as a public one; nothing for secrets and for private keys. */
export function publicKeyOf(key: VerificationKey): PublicKey | undefined {
  if (key.kind === 'secret') return undefined;
  if (!('key' in key)) return key;
  return key.secret === undefined ? key.key : undefined;
}

interface JwsAlgorithm {
  readonly kind: 'secret' | 'rsa' | 'ec' | 'ed25519';
  readonly hash: Hash;
  readonly pss?: boolean;
}

/** The JWS algorithms (RFC 7518, RFC 8037) with the one kind of key each of them works with. */
export const JWS_ALGORITHMS: Readonly<Record<string, JwsAlgorithm>> = {
  HS256: { kind: 'secret', hash: 'sha256' },
  HS384: { kind: 'secret', hash: 'sha384' },
  HS512: { kind: 'secret', hash: 'sha512' },
  RS256: { kind: 'rsa', hash: 'sha256' },
  RS384: { kind: 'rsa', hash: 'sha384' },
  RS512: { kind: 'rsa', hash: 'sha512' },
  PS256: { kind: 'rsa', hash: 'sha256', pss: true },
  PS384: { kind: 'rsa', hash: 'sha384', pss: true },
  PS512: { kind: 'rsa', hash: 'sha512', pss: true },
  ES256: { kind: 'ec', hash: 'sha256' },
  ES384: { kind: 'ec', hash: 'sha384' },
  ES512: { kind: 'ec', hash: 'sha512' },
  EdDSA: { kind: 'ed25519', hash: 'sha512' },
};

const algorithmOf = (name: string): JwsAlgorithm | undefined =>
  Object.hasOwn(JWS_ALGORITHMS, name) ? JWS_ALGORITHMS[name] : undefined;

/**
 * Whether the signature is this key's under the algorithm that a header names. The kind of key decides what may be
 * done with it: a public key never serves as an HMAC secret, and what is no JWS algorithm (`none`) verifies nothing.
 */
export function verifyJws(key: VerificationKey, alg: string, signed: Buffer, signature: Buffer): boolean {
  // RFC 9864's name for the only curve there is.
  const algorithm = algorithmOf(alg === 'Ed25519' ? 'EdDSA' : alg);
  if (algorithm?.kind !== key.kind) return false;
  const material = 'key' in key ? key.key : key;
  const { hash, pss } = algorithm;
  switch (material.kind) {
    case 'secret':
      return material.bytes.length > 0 && verifyHmac(hash, material.bytes, signed, signature);
    case 'rsa':
      return verifyRsa(material, pss ? 'pss' : 'pkcs1', hash, { signed, signature });
    case 'ec': {
      const { size } = CURVES[material.curve];
      if (signature.length !== size * 2) return false;
      const [r, s] = [signature.subarray(0, size), signature.subarray(size)];
      return verifyEcdsa(material, hash, signed, { r: integerOf(r), s: integerOf(s) });
    }
    case 'ed25519':
      return verifyEd25519(material, signed, signature);
    default:
      return false;
  }
}

/** Compared in constant time. */
export function verifyHmac(hash: Hash, secret: Buffer | string, signed: Buffer, signature: Buffer): boolean {
  const expected = createHmac(hash, secret).update(signed).digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

/** A signature with the key of a JWK. ECDSA and RSA-PSS are randomised: see refused.ts. */
export function signJws(key: JwkMaterial, alg: string, signed: Buffer): Buffer {
  const algorithm = algorithmOf(alg);
  if (!algorithm) throw new BuiltinError(`unknown JWS algorithm: ${alg}`);
  if (algorithm.kind !== key.kind) throw new BuiltinError(`${alg} does not work with this key`);
  if (key.kind === 'secret') return createHmac(algorithm.hash, key.bytes).update(signed).digest();
  try {
    const secret = privateKeyOf(key);
    if (algorithm.kind === 'ed25519') return sign(null, signed, secret);
    if (algorithm.kind === 'ec')
      return sign(algorithm.hash, signed, { key: secret, dsaEncoding: 'ieee-p1363' });
    const padding = algorithm.pss
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { padding: constants.RSA_PKCS1_PADDING };
    return sign(algorithm.hash, signed, { key: secret, ...padding });
  } catch (cause) {
    if (cause instanceof BuiltinError) throw cause;
    throw new BuiltinError('failed to sign payload', { cause });
  }
}

function privateKeyOf(material: JwkMaterial): KeyObject {
  if (!('secret' in material) || material.secret === undefined)
    throw new BuiltinError('a private key is required');
  return createPrivateKey({ format: 'jwk', key: privateJwk(material) });
}

function privateJwk(material: JwkMaterial): Record<string, string> {
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  switch (material.kind) {
    case 'rsa':
      return material.secret ? { kty: 'RSA', ...rsaSecretMembers(material.key, material.secret) } : {};
    case 'ec': {
      const { curve, x, y } = material.key;
      const { size } = CURVES[curve];
      const d = text(material.secret ?? Buffer.alloc(0));
      return { kty: 'EC', crv: curve, x: text(bytesOf(x, size)), y: text(bytesOf(y, size)), d };
    }
    case 'ed25519':
      return {
        kty: 'OKP',
        crv: 'Ed25519',
        x: text(material.key.bytes),
        d: text(material.secret ?? Buffer.alloc(0)),
      };
    default:
      return {};
  }
}
