import { createPublicKey, type KeyObject } from 'node:crypto';
import { BuiltinError } from '../value/builtin-error.js';
import { bytesOf, type BitString, DerReader, encodeDer, integerOf, rightAligned, TAG } from './der.js';

/** The curves Go knows, with the length of a coordinate in bytes. */
export const CURVES = {
  'P-224': { size: 28, oid: '1.3.132.0.33', der: '2b81040021' },
  'P-256': { size: 32, oid: '1.2.840.10045.3.1.7', der: '2a8648ce3d030107' },
  'P-384': { size: 48, oid: '1.3.132.0.34', der: '2b81040022' },
  'P-521': { size: 66, oid: '1.3.132.0.35', der: '2b81040023' },
} as const;
export type Curve = keyof typeof CURVES;

/** A public key by its numbers: what it may be used for follows from its kind, never from a token or header. */
export type PublicKey = RsaKey | EcKey | EdwardsKey | DsaKey | { readonly kind: 'x25519' };
export interface RsaKey {
  readonly kind: 'rsa';
  readonly n: bigint;
  readonly e: bigint;
}
export interface EcKey {
  readonly kind: 'ec';
  readonly curve: Curve;
  readonly x: bigint;
  readonly y: bigint;
}
export interface EdwardsKey {
  readonly kind: 'ed25519';
  readonly bytes: Buffer;
}
interface DsaKey {
  readonly kind: 'dsa';
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

export const OID = {
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  x25519: '1.3.101.110',
  dsa: '1.2.840.10040.4.1',
} as const;

export interface AlgorithmIdentifier {
  readonly oid: string;
  /** DER of the parameters, tag included; empty when absent. */
  readonly parameters: Buffer;
}

export function parseAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const oid = reader.oid().join('.');
  return { oid, parameters: reader.empty ? Buffer.alloc(0) : reader.any().full };
}

/** Go's x509.ParsePKIXPublicKey. */
export function parsePublicKeyInfo(der: Buffer): PublicKey {
  const outer = new DerReader(der);
  const info = outer.into(TAG.sequence);
  if (!outer.empty) throw new BuiltinError('x509: trailing data after ASN.1 of public-key');
  const algorithm = parseAlgorithm(info.into(TAG.sequence));
  return parsePublicKey(algorithm, info.bitString());
}

/** Go's parsePublicKey: the key of a certificate, by its algorithm. */
export function parsePublicKey({ oid, parameters }: AlgorithmIdentifier, bits: BitString): PublicKey {
  const data = rightAligned(bits);
  switch (oid) {
    case OID.rsa:
      return parseRsa(parameters, data);
    case OID.ec:
      return parsePoint(curveOf(new DerReader(parameters).oid()), data);
    case OID.ed25519:
      if (parameters.length > 0 || data.length !== 32)
        throw new BuiltinError('x509: wrong Ed25519 public key size');
      return { kind: 'ed25519', bytes: data };
    case OID.x25519:
      if (parameters.length > 0 || data.length !== 32) throw new BuiltinError('x509: invalid X25519 key');
      return { kind: 'x25519' };
    case OID.dsa:
      return parseDsa(parameters, data);
    default:
      throw new BuiltinError('x509: unknown public key algorithm');
  }
}

function parseRsa(parameters: Buffer, data: Buffer): RsaKey {
  if (!parameters.equals(Buffer.of(TAG.null, 0)))
    throw new BuiltinError('x509: RSA key missing NULL parameters');
  const reader = new DerReader(data).into(TAG.sequence);
  const [n, e] = [reader.integer(), reader.int64()];
  if (n <= 0n) throw new BuiltinError('x509: RSA modulus is not a positive number');
  if (e <= 0n) throw new BuiltinError('x509: RSA public exponent is not a positive number');
  return { kind: 'rsa', n, e };
}

function parseDsa(parameters: Buffer, data: Buffer): DsaKey {
  const y = new DerReader(data).integer();
  const reader = new DerReader(parameters).into(TAG.sequence);
  const [p, q, g] = [reader.integer(), reader.integer(), reader.integer()];
  if ([y, p, q, g].some((number) => number <= 0n))
    throw new BuiltinError('x509: zero or negative DSA parameter');
  return { kind: 'dsa', p, q, g, y };
}

export function curveOf(oid: readonly number[]): Curve {
  const name = (Object.keys(CURVES) as Curve[]).find((curve) => CURVES[curve].oid === oid.join('.'));
  if (!name) throw new BuiltinError('x509: unsupported elliptic curve');
  return name;
}

/** An uncompressed point that lies on the curve. */
export function parsePoint(curve: Curve, point: Buffer): EcKey {
  const { size } = CURVES[curve];
  if (point.length !== 1 + 2 * size || point[0] !== 4)
    throw new BuiltinError('ecdsa: invalid uncompressed public key');
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return ecKey(curve, integerOf(x), integerOf(y));
}

/** Throws on a point that is not on the curve. */
export function ecKey(curve: Curve, x: bigint, y: bigint): EcKey {
  const key: EcKey = { kind: 'ec', curve, x, y };
  try {
    toKeyObject(key);
  } catch {
    throw new BuiltinError(`invalid ECDSA public key: point is not on curve "${curve}"`);
  }
  return key;
}

/** The key for `node:crypto`, made of the numbers that were read, so that nothing is parsed twice. */
export function toKeyObject(key: RsaKey | EcKey | EdwardsKey): KeyObject {
  const base64 = (bytes: Buffer): string => bytes.toString('base64url');
  switch (key.kind) {
    case 'rsa':
      return createPublicKey({
        format: 'jwk',
        key: { kty: 'RSA', n: base64(bytesOf(key.n)), e: base64(bytesOf(key.e)) },
      });
    case 'ed25519':
      return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: base64(key.bytes) } });
    case 'ec':
      return createPublicKey({ format: 'der', type: 'spki', key: ecInfo(key) });
  }
}

function ecInfo({ curve, x, y }: EcKey): Buffer {
  const { size, der } = CURVES[curve];
  const algorithm = encodeDer(
    TAG.sequence,
    encodeDer(TAG.oid, Buffer.from('2a8648ce3d0201', 'hex')),
    encodeDer(TAG.oid, Buffer.from(der, 'hex')),
  );
  const point = Buffer.concat([Buffer.of(0, 4), bytesOf(x, size), bytesOf(y, size)]);
  return encodeDer(TAG.sequence, algorithm, encodeDer(TAG.bitString, point));
}

export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  if (a.kind === 'rsa' && b.kind === 'rsa') return a.n === b.n && a.e === b.e;
  if (a.kind === 'ec' && b.kind === 'ec') return a.curve === b.curve && a.x === b.x && a.y === b.y;
  return a.kind === 'ed25519' && b.kind === 'ed25519' && a.bytes.equals(b.bytes);
}
