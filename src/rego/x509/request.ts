import { asSmallest } from '../value/rego-number.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import {
  constructedContextTag,
  DerReader,
  parseBitString,
  parseOid,
  rightAligned,
  TAG,
} from '../keys/der.js';
import { parseAlgorithm } from '../keys/public-keys.js';
import { readPublicKey } from './certificate.js';
import { type Extension, parseExtension } from './extensions.js';
import { EMPTY_NAMES, type GeneralNames, parseAlternativeNames } from './general-names.js';
import {
  type AnyAttribute,
  base64,
  extensionValue,
  generalNameMembers,
  nameValue,
  orNull,
  publicKeyValue,
} from './json.js';
import { parseText } from './names.js';
import { signatureAlgorithmOf } from './certificate-signatures.js';
import { parseGeneralizedTime, parseUtcTime } from './time.js';

/** A PKCS #10 certification request (RFC 2986) as the JSON of Go's x509.CertificateRequest. */
export function requestValue(der: Buffer): RegoObject {
  const outer = new DerReader(der);
  const { full: raw, value: content } = outer.element(TAG.sequence);
  if (!outer.empty) throw new BuiltinError('asn1: syntax error: trailing data');
  const request = new DerReader(content);
  const { full: rawTbs, value: body } = request.element(TAG.sequence);
  const tbs = new DerReader(body);
  const version = tbs.int64();
  const rawSubject = tbs.any().full;
  const rawPublicKeyInfo = tbs.element(TAG.sequence).full;
  const attributes = [...elements(tbs.read(constructedContextTag(0)))];
  const algorithm = signatureAlgorithmOf(parseAlgorithm(request.into(TAG.sequence)));
  const signature = rightAligned(request.bitString());
  const { publicKey, publicKeyAlgorithm } = readPublicKey(rawPublicKeyInfo);
  const extensions = requestedExtensions(attributes);
  return RegoObject.of({
    Raw: base64(raw),
    RawTBSCertificateRequest: base64(rawTbs),
    RawSubjectPublicKeyInfo: base64(rawPublicKeyInfo),
    RawSubject: base64(rawSubject),
    Version: asSmallest(version),
    Signature: base64(signature),
    SignatureAlgorithm: algorithm?.number ?? 0,
    PublicKeyAlgorithm: publicKeyAlgorithm,
    PublicKey: publicKeyValue(publicKey),
    Subject: nameValue(parseSubject(rawSubject)),
    Attributes: orNull(attributes.flatMap(attributeValue), (value) => value),
    Extensions: orNull(extensions, extensionValue),
    ExtraExtensions: null,
    ...generalNameMembers(namesOf(extensions)),
  });
}

function* elements(content: Buffer): Generator<Buffer> {
  const reader = new DerReader(content);
  while (!reader.empty) yield reader.any().full;
}

function parseSubject(der: Buffer): readonly AnyAttribute[] {
  const attributes: AnyAttribute[] = [];
  const sequence = new DerReader(der).into(TAG.sequence);
  while (!sequence.empty) {
    const set = sequence.into(TAG.set);
    while (!set.empty) attributes.push(anyAttribute(set.into(TAG.sequence)));
  }
  return attributes;
}

const anyAttribute = (reader: DerReader): AnyAttribute => ({ type: reader.oid(), value: anyValue(reader) });

/** What Go's asn1 makes of a value of any type; nothing of what it does not know. */
function anyValue(reader: DerReader): RegoValue {
  const { tag, value, full } = reader.any();
  const again = new DerReader(full);
  switch (tag) {
    case TAG.boolean:
      return again.boolean();
    case TAG.integer:
      return asSmallest(again.int64());
    case TAG.bitString: {
      const { bytes, bitLength } = parseBitString(value);
      return RegoObject.of({ Bytes: base64(bytes), BitLength: bitLength });
    }
    case TAG.octetString:
      return base64(value);
    case TAG.oid:
      return parseOid(value);
    case TAG.utcTime:
      return parseUtcTime(value.toString('latin1')).text;
    case TAG.generalizedTime:
      return parseGeneralizedTime(value.toString('latin1')).text;
    default:
      return STRINGS.has(tag) ? parseText(tag, value) : null;
  }
}

const STRINGS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.numericString,
  TAG.printableString,
  TAG.t61String,
  TAG.ia5String,
  TAG.bmpString,
]);

/** An attribute whose values are lists of typed values; Go leaves out all others. */
function attributeValue(der: Buffer): readonly RegoValue[] {
  try {
    const attribute = new DerReader(der).into(TAG.sequence);
    const type = attribute.oid();
    const lists: RegoValue[] = [];
    const set = attribute.into(TAG.set);
    while (!set.empty) {
      const list: RegoValue[] = [];
      const sequence = set.into(TAG.sequence);
      while (!sequence.empty) {
        const { type: id, value } = anyAttribute(sequence.into(TAG.sequence));
        list.push(RegoObject.of({ Type: id, Value: value }));
      }
      lists.push(list);
    }
    return [RegoObject.of({ Type: type, Value: lists })];
  } catch (error) {
    if (error instanceof BuiltinError) return [];
    throw error;
  }
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

function requestedExtensions(attributes: readonly Buffer[]): readonly Extension[] {
  const extensions: Extension[] = [];
  for (const attribute of attributes) {
    const list = extensionList(attribute);
    if (!list) continue;
    const reader = new DerReader(list).into(TAG.sequence);
    while (!reader.empty) extensions.push(parseExtension(reader.into(TAG.sequence)));
  }
  const ids = extensions.map(({ id }) => id.join('.'));
  if (new Set(ids).size < ids.length)
    throw new BuiltinError('x509: certificate request contains duplicate requested extensions');
  return extensions;
}

/** The first value of an attribute that requests extensions. */
function extensionList(attribute: Buffer): Buffer | undefined {
  try {
    const reader = new DerReader(attribute).into(TAG.sequence);
    const type = reader.oid().join('.');
    const [first] = elements(reader.read(TAG.set));
    return type === EXTENSION_REQUEST ? first : undefined;
  } catch (error) {
    if (error instanceof BuiltinError) return undefined;
    throw error;
  }
}

function namesOf(extensions: readonly Extension[]): GeneralNames {
  const names = extensions.find(({ id }) => id.join('.') === '2.5.29.17');
  return names ? parseAlternativeNames(names.value) : EMPTY_NAMES;
}
