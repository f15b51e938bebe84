import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { asSmallest } from '../value/rego-number.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import {
  bytesOf,
  constructedContextTag,
  type DerElement,
  DerReader,
  integerOf,
  malformed,
  parseBitString,
  TAG,
} from '../keys/der.js';
import { rsaSecretMembers } from '../keys/jwk.js';
import {
  CURVES,
  type Curve,
  curveOf,
  type EcKey,
  OID,
  parseAlgorithm,
  parsePoint,
} from '../keys/public-keys.js';
import { parsePkcs1, type RsaPrivateKey } from '../keys/rsa-private-key.js';
import { publicKeyValue } from './json.js';

export type PrivateKey =
  | RsaPrivateKey
  | { readonly kind: 'ec'; readonly key: EcKey; readonly d: bigint }
  | { readonly kind: 'ed25519' | 'x25519'; readonly secret: Buffer; readonly bytes: Buffer };

/** Go's x509.ParsePKCS8PrivateKey. What follows the key is ignored. */
export function parsePkcs8(der: Buffer): PrivateKey {
  const reader = new DerReader(der).into(TAG.sequence);
  reader.int64();
  const { oid, parameters } = parseAlgorithm(reader.into(TAG.sequence));
  const content = reader.read(TAG.octetString);
  switch (oid) {
    case OID.rsa:
      return parsePkcs1(content);
    case OID.ec:
      return parseSec1(content, new DerReader(parameters));
    case OID.ed25519:
    case OID.x25519: {
      const secret = new DerReader(content).read(TAG.octetString);
      if (parameters.length > 0 || secret.length !== 32)
        throw new BuiltinError('x509: invalid private key length or parameters');
      const kind = oid === OID.ed25519 ? 'ed25519' : 'x25519';
      return { kind, secret, bytes: publicBytes(kind, secret) };
    }
    default:
      throw new BuiltinError(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${oid}`);
  }
}

/** Go's x509.ParseECPrivateKey; the curve may be named around it instead of in it. */
export function parseSec1(der: Buffer, outer?: DerReader): PrivateKey {
  const reader = new DerReader(der).into(TAG.sequence);
  if (reader.int64() !== 1n) throw new BuiltinError('x509: unknown EC private key version');
  const d = integerOf(reader.read(TAG.octetString));
  const inner = optionalMember(reader.rest, constructedContextTag(0), TAG.oid);
  const point = optionalMember(inner.rest, constructedContextTag(1), TAG.bitString);
  if (point.element) parseBitString(point.element.value);
  const named = outer?.peeks(TAG.oid) ? outer : new DerReader(inner.element?.full ?? Buffer.alloc(0));
  if (named.empty) throw new BuiltinError('x509: unknown elliptic curve');
  const curve = curveOf(named.oid());
  return { kind: 'ec', key: ecPublic(curve, d), d };
}

/**
 * An optional, explicitly tagged member as Go's encoding/asn1 reads it, which this part of Go still uses: it ignores
 * members with other tags, and the length of the outer tag, but refuses garbage. An RSA key's have no such tags.
 */
function optionalMember(
  bytes: Buffer,
  outer: number,
  inner: number,
): { readonly element?: DerElement; readonly rest: Buffer } {
  if (bytes.length === 0) return { rest: bytes };
  const end = headerEnd(bytes) ?? Infinity;
  if (end >= bytes.length) throw malformed('EC private key');
  if (bytes[0] !== outer) return { rest: bytes };
  const content = bytes.subarray(end);
  if (bytes[1] === 0 || headerEnd(content) === undefined) throw malformed('EC private key');
  if (content[0] !== inner) return { rest: bytes };
  const reader = new DerReader(content);
  return { element: reader.element(inner), rest: reader.rest };
}

/** Where a tag and a length that begin there end; undefined when encoding/asn1 would refuse them. */
function headerEnd(bytes: Buffer): number | undefined {
  let at = 1;
  if (((bytes[0] ?? 0) & 0x1f) === 0x1f) {
    while ((bytes[at] ?? 0) >= 0x80) at++;
    if (bytes[1] === 0x80 || at > 5 || (at === 1 && (bytes[1] ?? 0) < 0x1f)) return undefined;
    at++;
  }
  const first = bytes[at++];
  if (first === undefined || first === 0x80) return undefined;
  let length = first < 0x80 ? 0x80 : 0;
  for (let count = first < 0x80 ? 0 : first & 0x7f; count > 0; count--) {
    length = length * 256 + (bytes[at++] ?? 0);
    if (length === 0 || length >= 2 ** 31) return undefined;
  }
  return length >= 0x80 ? at : undefined;
}

const OPENSSL_CURVES: Readonly<Record<Curve, string>> = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

function ecPublic(curve: Curve, d: bigint): EcKey {
  const bytes = bytesOf(d, CURVES[curve].size);
  if (bytes.length > CURVES[curve].size) throw new BuiltinError('x509: invalid private key length');
  try {
    const pair = createECDH(OPENSSL_CURVES[curve]);
    pair.setPrivateKey(bytes);
    return parsePoint(curve, pair.getPublicKey());
  } catch (cause) {
    throw new BuiltinError('ecdsa: invalid private key', { cause });
  }
}

function publicBytes(kind: 'ed25519' | 'x25519', secret: Buffer): Buffer {
  const head = kind === 'ed25519' ? '302e020100300506032b657004220420' : '302e020100300506032b656e04220420';
  const key = Buffer.concat([Buffer.from(head, 'hex'), secret]);
  const { x } = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x ?? '', 'base64url');
}

/** As Go's `encoding/json` writes its private keys: X25519 keeps everything to itself. */
export function privateKeyValue(key: PrivateKey): RegoValue {
  switch (key.kind) {
    case 'x25519':
      return RegoObject.of({});
    case 'ed25519':
      return Buffer.concat([key.secret, key.bytes]).toString('base64');
    case 'ec':
      return extended(publicKeyValue(key.key), { D: asSmallest(key.d) });
    case 'rsa': {
      const { p, q, dp, dq, qInv } = key;
      const precomputed = { Dp: dp, Dq: dq, Qinv: qInv };
      const values = Object.entries(precomputed).map(([name, value]) => [name, asSmallest(value)]);
      return extended(publicKeyValue(key.key), {
        D: asSmallest(key.d),
        Primes: [asSmallest(p), asSmallest(q)],
        Precomputed: RegoObject.of({ ...(Object.fromEntries(values) as object), CRTValues: [] }),
      });
    }
  }
}

const extended = (value: RegoValue, members: Readonly<Record<string, RegoValue>>): RegoObject =>
  new RegoObject([...(value instanceof RegoObject ? value.entries : []), ...Object.entries(members)]);

/** As jwx writes it. It knows no P-224. */
export function privateJwkValue(key: PrivateKey): RegoObject {
  switch (key.kind) {
    case 'rsa':
      return RegoObject.of({
        kty: 'RSA',
        ...rsaSecretMembers(key.key, key),
        dp: base64Url(bytesOf(key.dp)),
        dq: base64Url(bytesOf(key.dq)),
        qi: base64Url(bytesOf(key.qInv)),
      });
    case 'ec': {
      const { curve, x, y } = key.key;
      const { size } = CURVES[curve];
      if (curve === 'P-224') throw new BuiltinError('failed to get algorithm for elliptic curve P-224');
      const [xText, yText, d] = [x, y, key.d].map((value) => base64Url(bytesOf(value, size)));
      return new RegoObject([
        ['kty', 'EC'],
        ['crv', curve],
        ['x', xText ?? ''],
        ['y', yText ?? ''],
        ['d', d ?? ''],
      ]);
    }
    default: {
      const crv = key.kind === 'ed25519' ? 'Ed25519' : 'X25519';
      return RegoObject.of({ kty: 'OKP', crv, d: base64Url(key.secret), x: base64Url(key.bytes) });
    }
  }
}

const base64Url = (bytes: Buffer): string => bytes.toString('base64url');
