import { BuiltinError } from '../value/builtin-error.js';
import { parseJwks } from '../keys/jwk.js';
import { JWS_ALGORITHMS, type VerificationKey } from './jws.js';
import { decodePem } from '../keys/pem.js';
import { parsePublicKeyInfo } from '../keys/public-keys.js';
import { parseCertificate } from '../x509/certificate.js';

/** A key to verify tokens with. `alg` and `kid` come from a JWK and are empty otherwise. */
export interface TokenKey {
  readonly alg: string;
  readonly kid: string;
  /** Absent for certificates whose algorithm Go does not know: they verify nothing. */
  readonly key: VerificationKey | undefined;
}

/** The keys of a PEM certificate, a PEM public key, a JWK or a JWK Set: OPA's second operand. */
export function parseTokenKeys(source: string): readonly TokenKey[] {
  const pem = decodePem(source);
  if (!pem)
    return parseJwks(source)
      .filter(({ alg }) => alg === '' || Object.hasOwn(JWS_ALGORITHMS, alg))
      .map(({ alg, kid, material }) => ({ alg, kid, key: material }));
  if (pem.rest !== '') throw new BuiltinError('extra data after a PEM certificate block');
  const { type, bytes } = pem.block;
  if (type === 'CERTIFICATE') return [{ alg: '', kid: '', key: parseCertificate(bytes).publicKey }];
  if (type === 'PUBLIC KEY') return [{ alg: '', kid: '', key: parsePublicKeyInfo(bytes) }];
  throw new BuiltinError('failed to extract a Key from the PEM certificate');
}

/**
 * Whether some key verifies: the one the header names by `kid` and no other, or, when none bears that name, any that
 * is not reserved for another algorithm.
 */
export function someKeyVerifies(
  keys: readonly TokenKey[],
  header: { readonly kid: string; readonly alg: string },
  verifies: (key: VerificationKey) => boolean,
): boolean {
  const named = header.kid === '' ? undefined : keys.find(({ kid }) => kid === header.kid);
  const candidates = named ? [named] : keys.filter(({ alg }) => alg === '' || alg === header.alg);
  return candidates.some(({ key }) => key !== undefined && verifies(key));
}
