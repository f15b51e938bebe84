import { BuiltinError } from '../value/builtin-error.js';
import { constructedContextTag, contextTag, DerReader, malformed, rightAligned, TAG } from '../keys/der.js';
import { OID, parseAlgorithm, parsePublicKey, type PublicKey } from '../keys/public-keys.js';
import { type Extension, type ExtensionValues, parseExtension, readExtensions } from './extensions.js';
import { type NameAttribute, parseName } from './names.js';
import { type SignatureAlgorithm, signatureAlgorithmOf } from './certificate-signatures.js';
import { type CertificateTime, readTime } from './time.js';

/** Go's numbers for the algorithms of keys; 0 is one it does not know. */
export type PublicKeyAlgorithm = 0 | 1 | 2 | 3 | 4;

/** A certificate as Go's x509.Certificate has it. */
export interface Certificate {
  readonly raw: Buffer;
  readonly rawTbs: Buffer;
  readonly rawPublicKeyInfo: Buffer;
  readonly rawSubject: Buffer;
  readonly rawIssuer: Buffer;
  readonly signature: Buffer;
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly publicKeyAlgorithm: PublicKeyAlgorithm;
  /** Absent when the algorithm is not known. */
  readonly publicKey: PublicKey | undefined;
  /** From 1. */
  readonly version: number;
  readonly serialNumber: bigint;
  readonly issuer: readonly NameAttribute[];
  readonly subject: readonly NameAttribute[];
  readonly notBefore: CertificateTime;
  readonly notAfter: CertificateTime;
  readonly extensions: readonly Extension[];
  readonly values: ExtensionValues;
}

/** Exactly one certificate, DER. */
export function parseCertificate(der: Buffer): Certificate {
  const certificate = readCertificate(der);
  if (certificate.raw.length !== der.length) throw new BuiltinError('x509: trailing data');
  return certificate;
}

/** Certificates one after the other without anything between them. */
export function parseCertificates(der: Buffer): readonly Certificate[] {
  const certificates: Certificate[] = [];
  let rest = der;
  while (rest.length > 0) {
    const certificate = readCertificate(rest);
    certificates.push(certificate);
    rest = rest.subarray(certificate.raw.length);
  }
  return certificates;
}

function readCertificate(der: Buffer): Certificate {
  const { full: raw, value } = new DerReader(der).element(TAG.sequence);
  const outer = new DerReader(value);
  const { full: rawTbs, value: body } = outer.element(TAG.sequence);
  const tbs = new DerReader(body);
  const version = readVersion(tbs);
  const serialNumber = tbs.integer();
  if (serialNumber < 0n) throw new BuiltinError('x509: negative serial number');
  const algorithm = tbs.read(TAG.sequence);
  if (!outer.read(TAG.sequence).equals(algorithm))
    throw new BuiltinError("x509: inner and outer signature algorithm identifiers don't match");
  const signatureAlgorithm = signatureAlgorithmOf(parseAlgorithm(new DerReader(algorithm)));
  const rawIssuer = tbs.element(TAG.sequence).full;
  const issuer = parseName(rawIssuer);
  const validity = tbs.into(TAG.sequence);
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const rawSubject = tbs.element(TAG.sequence).full;
  const subject = parseName(rawSubject);
  const rawPublicKeyInfo = tbs.element(TAG.sequence).full;
  const key = readPublicKey(rawPublicKeyInfo);
  const extensions = version > 1 ? readTail(tbs, version) : [];
  const values = readExtensions(extensions);
  const signature = rightAligned(outer.bitString());
  const raws = { raw, rawTbs, rawPublicKeyInfo, rawSubject, rawIssuer };
  const names = { issuer, subject, notBefore, notAfter };
  return {
    ...raws,
    ...names,
    ...key,
    signature,
    signatureAlgorithm,
    version,
    serialNumber,
    extensions,
    values,
  };
}

function readVersion(tbs: DerReader): number {
  const tagged = tbs.optional(constructedContextTag(0));
  if (!tagged) return 1;
  const reader = new DerReader(tagged.value);
  const version = reader.int64() + 1n;
  if (!reader.empty || version < 1n || version > 3n) throw malformed('version');
  return Number(version);
}

/** The key of a SubjectPublicKeyInfo, when its algorithm is one that Go knows. */
export function readPublicKey(info: Buffer): Pick<Certificate, 'publicKey' | 'publicKeyAlgorithm'> {
  const reader = new DerReader(info).into(TAG.sequence);
  const algorithm = parseAlgorithm(reader.into(TAG.sequence));
  const bits = reader.bitString();
  const publicKeyAlgorithm = KEY_ALGORITHMS.get(algorithm.oid) ?? 0;
  const publicKey = publicKeyAlgorithm === 0 ? undefined : parsePublicKey(algorithm, bits);
  return { publicKeyAlgorithm, publicKey };
}

const KEY_ALGORITHMS: ReadonlyMap<string, PublicKeyAlgorithm> = new Map([
  [OID.rsa, 1],
  [OID.dsa, 2],
  [OID.ec, 3],
  [OID.ed25519, 4],
]);

function readTail(tbs: DerReader, version: number): readonly Extension[] {
  tbs.optional(contextTag(1));
  tbs.optional(contextTag(2));
  const tagged = version === 3 ? tbs.optional(constructedContextTag(3)) : undefined;
  if (!tagged) return [];
  const sequence = new DerReader(tagged.value).into(TAG.sequence);
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  while (!sequence.empty) {
    const extension = parseExtension(sequence.into(TAG.sequence));
    const id = extension.id.join('.');
    if (seen.has(id))
      throw new BuiltinError(`x509: certificate contains duplicate extension with OID "${id}"`);
    seen.add(id);
    extensions.push(extension);
  }
  return extensions;
}
