import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { TrustedKey } from '../reader.js';
import { preAuthenticationEncoding, type Envelope } from './envelope.js';

/** Names of the trusted keys that signed the envelope, each once, sorted: a threshold counts keys, not signatures. */
export function signersOf(envelope: Envelope, trusted: readonly TrustedKey[]): readonly string[] {
  const signed = preAuthenticationEncoding(envelope);
  const signers = trusted.filter(({ publicKeyPem }) => {
    const key = createPublicKey(publicKeyPem);
    return envelope.signatures.some((signature) => holds(key, signed, signature));
  });
  return [...new Set(signers.map(({ name }) => name))].sort();
}

/** ECDSA is written in DER by some (Sigstore) and as r‖s by others (the dsse vector); RSA with either padding. */
function holds(key: KeyObject, signed: Buffer, signature: Buffer): boolean {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return verify(null, signed, key, signature);
    case 'ec': {
      const hash = key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
      return (['der', 'ieee-p1363'] as const).some((dsaEncoding) =>
        verify(hash, signed, { key, dsaEncoding }, signature),
      );
    }
    case 'rsa':
      return [constants.RSA_PKCS1_PADDING, constants.RSA_PKCS1_PSS_PADDING].some((padding) =>
        verify('sha256', signed, { key, padding }, signature),
      );
    default:
      return false;
  }
}

/** Whether a key is one that `signersOf` can use; for the operator's configuration. */
export function isUsableKey(publicKeyPem: string): boolean {
  try {
    return ['ed25519', 'ec', 'rsa'].includes(createPublicKey(publicKeyPem).asymmetricKeyType ?? '');
  } catch {
    return false;
  }
}
