import { constructedContextTag, DerReader, TAG } from '../keys/der.js';
import { type AlgorithmIdentifier, parseAlgorithm, type PublicKey } from '../keys/public-keys.js';
import { type Hash, verifyEcdsaDer, verifyEd25519, verifyRsa } from '../keys/signatures.js';

/** How a certificate is signed. `number` is Go's, which is what policies see. */
export interface SignatureAlgorithm {
  readonly number: number;
  readonly kind: 'rsa' | 'dsa' | 'ec' | 'ed25519';
  readonly hash: Hash | 'md5';
  readonly pss?: boolean;
}

const RSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';

const BY_OID: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { number: 2, kind: 'rsa', hash: 'md5' },
  '1.2.840.113549.1.1.5': { number: 3, kind: 'rsa', hash: 'sha1' },
  '1.3.14.3.2.29': { number: 3, kind: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { number: 4, kind: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { number: 5, kind: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { number: 6, kind: 'rsa', hash: 'sha512' },
  '1.2.840.10040.4.3': { number: 7, kind: 'dsa', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { number: 8, kind: 'dsa', hash: 'sha256' },
  '1.2.840.10045.4.1': { number: 9, kind: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { number: 10, kind: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { number: 11, kind: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { number: 12, kind: 'ec', hash: 'sha512' },
  [ED25519]: { number: 16, kind: 'ed25519', hash: 'sha512' },
};

/** RSASSA-PSS (RFC 4055) by its hash: only with the same hash for the mask and a salt as long as the hash. */
const PSS: Readonly<Record<string, { readonly salt: bigint; readonly algorithm: SignatureAlgorithm }>> = {
  '2.16.840.1.101.3.4.2.1': { salt: 32n, algorithm: { number: 13, kind: 'rsa', hash: 'sha256', pss: true } },
  '2.16.840.1.101.3.4.2.2': { salt: 48n, algorithm: { number: 14, kind: 'rsa', hash: 'sha384', pss: true } },
  '2.16.840.1.101.3.4.2.3': { salt: 64n, algorithm: { number: 15, kind: 'rsa', hash: 'sha512', pss: true } },
};

/** Undefined for what Go calls unknown. */
export function signatureAlgorithmOf(given: AlgorithmIdentifier): SignatureAlgorithm | undefined {
  if (given.oid === ED25519 && given.parameters.length > 0) return undefined;
  if (given.oid !== RSA_PSS) return BY_OID[given.oid];
  try {
    return pssOf(given.parameters);
  } catch {
    return undefined;
  }
}

function pssOf(parameters: Buffer): SignatureAlgorithm | undefined {
  const reader = new DerReader(parameters).into(TAG.sequence);
  const hash = parseAlgorithm(reader.into(constructedContextTag(0)).into(TAG.sequence));
  const mask = parseAlgorithm(reader.into(constructedContextTag(1)).into(TAG.sequence));
  const salt = reader.into(constructedContextTag(2)).int64();
  const trailer = reader.optional(constructedContextTag(3));
  const maskHash = parseAlgorithm(new DerReader(mask.parameters).into(TAG.sequence));
  if (!isPlain(hash) || !isPlain(maskHash) || maskHash.oid !== hash.oid) return undefined;
  if (mask.oid !== '1.2.840.113549.1.1.8') return undefined;
  if (trailer && new DerReader(trailer.value).int64() !== 1n) return undefined;
  const known = PSS[hash.oid];
  return known?.salt === salt ? known.algorithm : undefined;
}

const isPlain = ({ parameters }: AlgorithmIdentifier): boolean =>
  parameters.length === 0 || parameters.equals(Buffer.of(TAG.null, 0));

/** Whether the key has signed these bytes. MD5, SHA-1 and DSA no longer prove anything. */
export function verifyCertificateSignature(
  algorithm: SignatureAlgorithm | undefined,
  key: PublicKey,
  signed: Buffer,
  signature: Buffer,
): boolean {
  if (algorithm?.kind !== key.kind) return false;
  const { hash } = algorithm;
  if (hash === 'md5' || hash === 'sha1') return false;
  switch (key.kind) {
    case 'rsa':
      return verifyRsa(key, algorithm.pss ? 'pss' : 'pkcs1', hash, { signed, signature });
    case 'ec':
      return verifyEcdsaDer(key, hash, signed, signature);
    case 'ed25519':
      return verifyEd25519(key, signed, signature);
    default:
      return false;
  }
}
