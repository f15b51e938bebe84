import { createPrivateKey, createPublicKey } from 'node:crypto';
import { BuiltinError } from '../value/builtin-error.js';
import { bytesOf, integerOf } from './der.js';
import { decodeAnyBase64 } from '../go/base64.js';
import { CURVES, type Curve, ecKey, type EcKey, type EdwardsKey, type RsaKey } from './public-keys.js';

/** What a key of a JWK holds: its numbers, and the private ones when there are any. */
export type JwkMaterial =
  | { readonly kind: 'secret'; readonly bytes: Buffer }
  | { readonly kind: 'x25519' }
  | { readonly kind: 'rsa'; readonly key: RsaKey; readonly secret?: RsaSecret | undefined }
  | { readonly kind: 'ec'; readonly key: EcKey; readonly secret?: Buffer | undefined }
  | { readonly kind: 'ed25519'; readonly key: EdwardsKey; readonly secret?: Buffer | undefined };

export interface RsaSecret {
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
}

export interface Jwk {
  readonly alg: string;
  readonly kid: string;
  readonly material: JwkMaterial;
}

/** Algorithms a key may name: JWA's, as jwx registers them. A key with any other spoils the whole set. */
const ALGORITHMS: ReadonlySet<string> = new Set(
  `ES256 ES256K ES384 ES512 EdDSA Ed25519 HS256 HS384 HS512 none PS256 PS384 PS512 RS256 RS384 RS512
  A128GCMKW A128KW A192GCMKW A192KW A256GCMKW A256KW dir ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW
  PBES2-HS256+A128KW PBES2-HS384+A192KW PBES2-HS512+A256KW RSA1_5 RSA-OAEP RSA-OAEP-256 RSA-OAEP-384 RSA-OAEP-512
  A128CBC-HS256 A128GCM A192CBC-HS384 A192GCM A256CBC-HS512 A256GCM`.split(/\s+/),
);

/** jwx takes no more from one set. */
const MAX_KEYS = 1000;

/** A JWK or a JWK Set (RFC 7517), as strictly as jwx's `jwk.Parse`: one bad key refuses all. */
export function parseJwks(text: string): readonly Jwk[] {
  const document = asObject(parseJson(text));
  if (!('keys' in document)) return [parseJwk(document)];
  const { keys } = document;
  if (!Array.isArray(keys)) throw invalid('"keys" must be an array');
  if (keys.length > MAX_KEYS) throw invalid(`too many keys in "keys" array: max ${MAX_KEYS}`);
  return keys.map((key) => parseJwk(asObject(key)));
}

type Members = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('not JSON');
  }
}

function asObject(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('not an object');
  return value as Members;
}

function parseJwk(members: Members): Jwk {
  const alg = optionalText(members, 'alg') ?? '';
  if ('alg' in members && !ALGORITHMS.has(alg)) throw invalid(`invalid key value for "alg": ${alg}`);
  for (const name of ['use', 'x5t', 'x5t#S256', 'x5u']) optionalText(members, name);
  return { alg, kid: optionalText(members, 'kid') ?? '', material: materialOf(members) };
}

function materialOf(members: Members): JwkMaterial {
  switch (members['kty']) {
    case 'RSA':
      return rsa(members);
    case 'EC':
      return elliptic(members);
    case 'OKP':
      return edwards(members);
    case 'oct': {
      const bytes = required(members, 'k');
      if (bytes.length === 0) throw invalid('missing "k" field');
      return { kind: 'secret', bytes };
    }
    default:
      throw invalid('invalid key type from JSON');
  }
}

function rsa(members: Members): JwkMaterial {
  const [n, e] = [integerOf(required(members, 'n')), integerOf(required(members, 'e'))];
  if (n === 0n) throw invalid('missing "n" value');
  if (e % 2n !== 1n) throw invalid('invalid rsa public exponent: must be a positive odd integer');
  if (e >= 1n << 63n) throw invalid('rsa public exponent too large');
  const key: RsaKey = { kind: 'rsa', n, e };
  if (!('d' in members)) return { kind: 'rsa', key };
  const [d, p, q] = ['d', 'p', 'q'].map((name) => integerOf(required(members, name)));
  for (const name of ['dp', 'dq', 'qi']) if (name in members) required(members, name);
  return { kind: 'rsa', key, secret: { d: d ?? 0n, p: p ?? 0n, q: q ?? 0n } };
}

function elliptic(members: Members): JwkMaterial {
  const name = members['crv'];
  // jwx knows no P-224.
  if (name !== 'P-256' && name !== 'P-384' && name !== 'P-521') throw invalid('invalid curve algorithm');
  const curve: Curve = name;
  const [x, y] = [coordinate(members, 'x', curve), coordinate(members, 'y', curve)];
  const key = ecKey(curve, integerOf(x), integerOf(y));
  return { kind: 'ec', key, secret: 'd' in members ? coordinate(members, 'd', curve) : undefined };
}

function coordinate(members: Members, name: string, curve: Curve): Buffer {
  const bytes = required(members, name);
  if (bytes.length !== CURVES[curve].size)
    throw invalid(`invalid "${name}" length (${bytes.length}) for curve "${curve}"`);
  return bytes;
}

function edwards(members: Members): JwkMaterial {
  const curve = members['crv'];
  if (curve !== 'Ed25519' && curve !== 'X25519') throw invalid('invalid curve algorithm');
  const x = required(members, 'x');
  const secret = 'd' in members ? required(members, 'd') : undefined;
  if (x.length !== 32 || (secret && secret.length !== 32)) throw invalid('wrong key size');
  if (curve === 'X25519') return { kind: 'x25519' };
  if (secret && !edwardsPublic(secret).equals(x)) throw invalid('ed25519: invalid x value given d value');
  return { kind: 'ed25519', key: { kind: 'ed25519', bytes: x }, secret };
}

/** The public key of an Ed25519 seed (RFC 8410's PKCS #8 around it). */
export function edwardsPublic(seed: Buffer): Buffer {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x ?? '', 'base64url');
}

function required(members: Members, name: string): Buffer {
  const value = members[name];
  const bytes = typeof value === 'string' ? decodeAnyBase64(value) : undefined;
  if (!bytes) throw invalid(`missing or malformed "${name}" value`);
  return bytes;
}

function optionalText(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`"${name}" must be a string`);
  return value;
}

const invalid = (why: string): BuiltinError => new BuiltinError(`failed to parse a JWK key (set): ${why}`);

/** The members of a private RSA key that `node:crypto` wants beside those a JWK must have. */
export function rsaSecretMembers({ n, e }: RsaKey, { d, p, q }: RsaSecret): Record<string, string> {
  const text = (value: bigint): string => bytesOf(value).toString('base64url');
  const members = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, text(value)]));
}

/** The inverse of `value` modulo `modulus`: extended Euclid. Throws when there is none. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [before, now] = [0n, 1n];
  while (current > 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [before, now] = [now, before - quotient * now];
  }
  if (previous !== 1n) throw new BuiltinError('crypto/rsa: prime factors are not relatively prime');
  return before < 0n ? before + modulus : before;
}
