import { asSmallest } from '../value/rego-number.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import type { FullUrl } from '../go/full-url.js';
import type { PublicKey } from '../keys/public-keys.js';
import type { Certificate } from './certificate.js';
import type { Extension } from './extensions.js';
import { addressText, type GeneralNames } from './general-names.js';
import type { AddressRange } from './name-constraints.js';

/** A certificate as Go's `encoding/json` writes its x509.Certificate: what OPA hands to policies. */
export function certificateValue(certificate: Certificate): RegoObject {
  return RegoObject.of(certificateMembers(certificate));
}

/** OPA adds the URIs as texts, except where it forgot to (see parse_and_verify_certificates_with_options). */
export function extendedCertificateValue(certificate: Certificate): RegoObject {
  const uris = certificate.values.names.uris;
  return RegoObject.of({
    ...certificateMembers(certificate),
    URIStrings: orNull(uris, ({ text }) => text),
  });
}

type Members = Readonly<Record<string, RegoValue>>;

function certificateMembers(certificate: Certificate): Members {
  return {
    Raw: base64(certificate.raw),
    RawTBSCertificate: base64(certificate.rawTbs),
    RawSubjectPublicKeyInfo: base64(certificate.rawPublicKeyInfo),
    RawSubject: base64(certificate.rawSubject),
    RawIssuer: base64(certificate.rawIssuer),
    Signature: base64(certificate.signature),
    SignatureAlgorithm: certificate.signatureAlgorithm?.number ?? 0,
    PublicKeyAlgorithm: certificate.publicKeyAlgorithm,
    PublicKey: publicKeyValue(certificate.publicKey),
    Version: certificate.version,
    SerialNumber: asSmallest(certificate.serialNumber),
    Issuer: nameValue(certificate.issuer),
    Subject: nameValue(certificate.subject),
    NotBefore: certificate.notBefore.text,
    NotAfter: certificate.notAfter.text,
    Extensions: orNull(certificate.extensions, extensionValue),
    ExtraExtensions: null,
    ...usageMembers(certificate),
    ...generalNameMembers(certificate.values.names),
    ...constraintMembers(certificate),
    ...policyMembers(certificate),
  };
}

function usageMembers({ values }: Certificate): Members {
  return {
    UnhandledCriticalExtensions: orNull(values.unhandled, oidValue),
    KeyUsage: values.keyUsage,
    ExtKeyUsage: orNull(values.extendedUsages, same),
    UnknownExtKeyUsage: orNull(values.unknownUsages, oidValue),
    BasicConstraintsValid: values.basicConstraints,
    IsCA: values.isCa,
    MaxPathLen: asSmallest(values.maxPathLength),
    MaxPathLenZero: values.basicConstraints && values.maxPathLength === 0n,
    SubjectKeyId: values.subjectKeyId ? base64(values.subjectKeyId) : null,
    AuthorityKeyId: values.authorityKeyId ? base64(values.authorityKeyId) : null,
    OCSPServer: orNull(values.ocspServers, same),
    IssuingCertificateURL: orNull(values.issuerUrls, same),
    CRLDistributionPoints: orNull(values.crlDistributionPoints, same),
  };
}

export const generalNameMembers = (names: GeneralNames): Members => ({
  DNSNames: orNull(names.dns, same),
  EmailAddresses: orNull(names.emails, same),
  IPAddresses: orNull(names.addresses, addressText),
  URIs: orNull(names.uris, urlValue),
});

function constraintMembers({ values: { constraints } }: Certificate): Members {
  const { permitted, excluded } = constraints;
  return {
    PermittedDNSDomainsCritical: constraints.critical,
    PermittedDNSDomains: orNull(permitted.dns, same),
    ExcludedDNSDomains: orNull(excluded.dns, same),
    PermittedIPRanges: orNull(permitted.addresses, rangeValue),
    ExcludedIPRanges: orNull(excluded.addresses, rangeValue),
    PermittedEmailAddresses: orNull(permitted.emails, same),
    ExcludedEmailAddresses: orNull(excluded.emails, same),
    PermittedURIDomains: orNull(permitted.uris, same),
    ExcludedURIDomains: orNull(excluded.uris, same),
  };
}

/** Go's `asn1.ObjectIdentifier` holds arcs of up to 31 bits; other policies are left out of PolicyIdentifiers. */
const MAX_ARC = 2n ** 31n - 1n;

function policyMembers({ values }: Certificate): Members {
  const { policies, policyMappings } = values;
  const { requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = values;
  const identifiers = policies
    ?.map(({ arcs }) => arcs)
    .filter((arcs) => arcs.every((arc) => arc <= MAX_ARC))
    .map((arcs) => arcs.map(asSmallest));
  return {
    PolicyIdentifiers: identifiers ?? null,
    Policies: orNull(policies, String),
    PolicyMappings: orNull(policyMappings, ({ issuer, subject }) =>
      RegoObject.of({ IssuerDomainPolicy: String(issuer), SubjectDomainPolicy: String(subject) }),
    ),
    InhibitAnyPolicy: asSmallest(inhibitAnyPolicy.value),
    InhibitAnyPolicyZero: inhibitAnyPolicy.zero,
    InhibitPolicyMapping: asSmallest(inhibitPolicyMapping.value),
    InhibitPolicyMappingZero: inhibitPolicyMapping.zero,
    RequireExplicitPolicy: asSmallest(requireExplicitPolicy.value),
    RequireExplicitPolicyZero: requireExplicitPolicy.zero,
  };
}

/** A key as Go marshals it: numbers as numbers, Ed25519 as base64, a curve as the empty object it has. */
export function publicKeyValue(key: PublicKey | undefined): RegoValue {
  switch (key?.kind) {
    case undefined:
      return null;
    case 'rsa':
      return RegoObject.of({ N: asSmallest(key.n), E: asSmallest(key.e) });
    case 'ec':
      return RegoObject.of({ Curve: RegoObject.of({}), X: asSmallest(key.x), Y: asSmallest(key.y) });
    case 'ed25519':
      return base64(key.bytes);
    case 'x25519':
      return RegoObject.of({});
    case 'dsa':
      return RegoObject.of({
        P: asSmallest(key.p),
        Q: asSmallest(key.q),
        G: asSmallest(key.g),
        Y: asSmallest(key.y),
      });
  }
}

/** An attribute of a name; those of certification requests may hold any value. */
export interface AnyAttribute {
  readonly type: readonly number[];
  readonly value: RegoValue;
}

const LISTS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.6', 'Country'],
  ['2.5.4.7', 'Locality'],
  ['2.5.4.8', 'Province'],
  ['2.5.4.9', 'StreetAddress'],
  ['2.5.4.10', 'Organization'],
  ['2.5.4.11', 'OrganizationalUnit'],
  ['2.5.4.17', 'PostalCode'],
]);

/** Go's pkix.Name: the usual attributes by name, and all of them in order. */
export function nameValue(attributes: readonly AnyAttribute[]): RegoObject {
  const texts = attributes.filter(({ value }) => typeof value === 'string');
  const all = (id: string): readonly RegoValue[] =>
    texts.filter(({ type }) => type.join('.') === id).map(({ value }) => value);
  const lists = [...LISTS].map(([id, name]): [string, RegoValue] => [name, orNull(all(id), same)]);
  return RegoObject.of({
    ...Object.fromEntries(lists),
    SerialNumber: all('2.5.4.5').at(-1) ?? '',
    CommonName: all('2.5.4.3').at(-1) ?? '',
    Names: orNull(attributes, ({ type, value }) => RegoObject.of({ Type: type, Value: value })),
    ExtraNames: null,
  });
}

export const extensionValue = ({ id, critical, value }: Extension): RegoValue =>
  RegoObject.of({ Id: id, Critical: critical, Value: base64(value) });

const rangeValue = ({ address, mask }: AddressRange): RegoValue =>
  RegoObject.of({ IP: addressText(address), Mask: base64(mask) });

function urlValue(url: FullUrl): RegoValue {
  return RegoObject.of({
    Scheme: url.scheme,
    Opaque: url.opaque,
    User: url.user === undefined ? null : RegoObject.of({}),
    Host: url.host,
    Path: url.path,
    RawPath: url.rawPath,
    OmitHost: url.omitHost,
    ForceQuery: url.forceQuery,
    RawQuery: url.rawQuery,
    Fragment: url.fragment,
    RawFragment: url.rawFragment,
  });
}

export const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** Go's nil slices become null: nothing is not an empty list. */
export function orNull<T>(items: readonly T[] | undefined, write: (item: T) => RegoValue): RegoValue {
  return items === undefined || items.length === 0 ? null : items.map((item) => write(item));
}

const same = <T extends RegoValue>(value: T): T => value;
const oidValue = (id: readonly number[]): RegoValue => id;
