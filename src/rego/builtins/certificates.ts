import { RegoObject, type RegoValue } from '../value/rego-value.js';
import type { BuiltinContext, BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { decodeBase64, STD } from '../go/base64.js';
import { object, text } from './operands.js';
import { decodePem, decodePems } from '../keys/pem.js';
import {
  parsePkcs8,
  parseSec1,
  type PrivateKey,
  privateJwkValue,
  privateKeyValue,
} from '../x509/private-keys.js';
import { samePublicKey } from '../keys/public-keys.js';
import { parsePkcs1 } from '../keys/rsa-private-key.js';
import { type Certificate, parseCertificate, parseCertificates } from '../x509/certificate.js';
import { certificateValue, extendedCertificateValue } from '../x509/json.js';
import { requestValue } from '../x509/request.js';
import { parseVerifyOptions } from '../x509/options.js';
import { verifyChain } from '../x509/verify.js';

const BEGIN = '-----BEGIN';

/** Certificates from PEM, from base64 around PEM, or from base64 around DER. */
function readCertificates(source: string): readonly Certificate[] {
  if (source.startsWith(BEGIN)) return fromPem(source);
  const bytes = unbase64(source);
  const inner = bytes.toString('latin1');
  return inner.startsWith(BEGIN) ? fromPem(inner) : parseCertificates(bytes);
}

function fromPem(source: string): readonly Certificate[] {
  const blocks = decodePems(source);
  const other = blocks.find(({ type }) => type !== 'CERTIFICATE');
  if (other) throw new BuiltinError(`PEM block type is '${other.type}', expected CERTIFICATE`);
  return parseCertificates(Buffer.concat(blocks.map(({ bytes }) => bytes)));
}

function unbase64(source: string): Buffer {
  const bytes = decodeBase64(source, STD);
  if (!bytes) throw new BuiltinError('illegal base64 data');
  return bytes;
}

const NOT_VERIFIED: RegoValue = [false, []];

/** Undefined when the text holds no certificates: a chain of those does not verify. */
function certificatesOrNone(source: string): readonly Certificate[] | undefined {
  try {
    return readCertificates(source);
  } catch (error) {
    if (error instanceof BuiltinError) return undefined;
    throw error;
  }
}

/** OPA asks the wall clock here; a decision that is to be replayed asks its own instant. */
const timeOf = ({ instant }: BuiltinContext): bigint => BigInt(instant) * 1_000_000n;

function parseAndVerify(context: BuiltinContext, source: RegoValue | undefined): RegoValue {
  const certificates = certificatesOrNone(text(source, 1));
  const options = { time: timeOf(context), dnsName: '', usages: [] };
  const chain = certificates && verifyChain(certificates, options);
  return chain ? [true, chain.map(extendedCertificateValue)] : NOT_VERIFIED;
}

function parseAndVerifyWithOptions(
  context: BuiltinContext,
  source: RegoValue | undefined,
  given: RegoValue | undefined,
): RegoValue {
  const [certificates, demands] = [certificatesOrNone(text(source, 1)), object(given, 2)];
  if (!certificates) return NOT_VERIFIED;
  const chain = verifyChain(certificates, parseVerifyOptions(demands, timeOf(context)));
  return chain ? [true, chain.map(certificateValue)] : NOT_VERIFIED;
}

const REQUEST = 'CERTIFICATE REQUEST';

function parseRequest(source: string): RegoValue {
  const isPem = source.startsWith(`-----BEGIN ${REQUEST}-----`);
  const bytes = isPem ? Buffer.from(source) : unbase64(source);
  const block = decodePem(bytes.toString('latin1'))?.block;
  if (block && block.type !== REQUEST)
    throw new BuiltinError('invalid PEM-encoded certificate signing request');
  return requestValue(block?.bytes ?? bytes);
}

/** The private keys among the PEM blocks of a text, or of the text that its base64 stands for. */
function readPrivateKeys(source: string): readonly PrivateKey[] {
  const inner = decodeBase64(source, STD)?.toString('latin1') ?? source;
  return decodePems(inner).flatMap(({ type, bytes }): readonly PrivateKey[] => {
    if (type === 'RSA PRIVATE KEY') return [parsePkcs1(bytes)];
    if (type === 'PRIVATE KEY') return [parsePkcs8(bytes)];
    return type === 'EC PRIVATE KEY' ? [parseSec1(bytes)] : [];
  });
}

function parseRsaPrivateKey(source: string): RegoValue {
  if (source === '') throw new BuiltinError('input PEM data was empty');
  const [first] = readPrivateKeys(source.startsWith(BEGIN) ? source : unbase64(source).toString('latin1'));
  return first ? privateJwkValue(first) : null;
}

/** The DER of the wanted blocks of a PEM text, or of base64 around PEM or around DER. */
function blocksOf(source: string, wanted: (type: string) => boolean): readonly Buffer[] {
  const inner = source.startsWith(`${BEGIN} `) ? source : unbase64(source).toString('latin1');
  if (!inner.startsWith(`${BEGIN} `)) return [Buffer.from(inner, 'latin1')];
  return decodePems(inner)
    .filter(({ type }) => wanted(type))
    .map(({ bytes }) => bytes);
}

/** Go's tls.X509KeyPair: certificates and the private key of the first. */
function parseKeyPair(certificates: string, privateKey: string): RegoValue {
  const chain = blocksOf(certificates, (type) => type === 'CERTIFICATE');
  const [der] = chain;
  const [secret] = blocksOf(privateKey, (type) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'));
  if (!der || !secret) throw new BuiltinError('tls: failed to find any PEM data in certificate or key input');
  const leaf = parseCertificate(der);
  const key = anyPrivateKey(secret);
  if (!leaf.publicKey || !isPair(leaf, key))
    throw new BuiltinError('tls: private key does not match public key');
  return RegoObject.of({
    Certificate: chain.map((bytes) => bytes.toString('base64')),
    PrivateKey: privateKeyValue(key),
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: certificateValue(leaf),
  });
}

function isPair({ publicKey }: Certificate, key: PrivateKey): boolean {
  if (!publicKey) return false;
  if (key.kind === 'ed25519') return samePublicKey(publicKey, { kind: 'ed25519', bytes: key.bytes });
  return 'key' in key && samePublicKey(publicKey, key.key);
}

function anyPrivateKey(der: Buffer): PrivateKey {
  for (const parse of [parsePkcs1, parsePkcs8, parseSec1]) {
    try {
      return parse(der);
    } catch (error) {
      if (!(error instanceof BuiltinError)) throw error;
    }
  }
  throw new BuiltinError('tls: failed to parse private key');
}

/** X.509 certificates, requests and private keys, as OPA shows what Go's crypto/x509 reads. */
export const CERTIFICATES: BuiltinFamily = {
  'crypto.x509.parse_certificates': (_, source) =>
    readCertificates(text(source, 1)).map(extendedCertificateValue),
  'crypto.x509.parse_and_verify_certificates': parseAndVerify,
  'crypto.x509.parse_and_verify_certificates_with_options': parseAndVerifyWithOptions,
  'crypto.x509.parse_certificate_request': (_, source) => parseRequest(text(source, 1)),
  'crypto.x509.parse_keypair': (_, certificates, key) => parseKeyPair(text(certificates, 1), text(key, 1)),
  'crypto.x509.parse_rsa_private_key': (_, source) => parseRsaPrivateKey(text(source, 1)),
  'crypto.parse_private_keys': (_, source) => {
    const given = text(source, 1);
    return given === '' ? null : readPrivateKeys(given).map(privateKeyValue);
  },
};
