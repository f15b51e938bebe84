import { BuiltinError } from '../value/builtin-error.js';
import { constructedContextTag, contextTag, DerReader, malformed, TAG } from '../keys/der.js';
import { EMPTY_NAMES, type GeneralNames, parseAlternativeNames } from './general-names.js';
import { NO_CONSTRAINTS, type NameConstraints, parseNameConstraints } from './name-constraints.js';
import { parsePolicies, parsePolicyMappings, type PolicyMapping, type PolicyOid } from './policy-oids.js';

export interface Extension {
  readonly id: readonly number[];
  readonly critical: boolean;
  readonly value: Buffer;
}

/** A skip count and whether the certificate says it: Go's pairs of `…` and `…Zero`. */
export interface SkipCount {
  readonly value: bigint;
  readonly zero: boolean;
}

/** What Go makes of a certificate's extensions; `undefined` is Go's nil. */
export interface ExtensionValues {
  keyUsage: number;
  isCa: boolean;
  basicConstraints: boolean;
  /** -1 when not said, 0 also without the extension. */
  maxPathLength: bigint;
  names: GeneralNames;
  constraints: NameConstraints;
  crlDistributionPoints: readonly string[] | undefined;
  authorityKeyId: Buffer | undefined;
  subjectKeyId: Buffer | undefined;
  /** Go's numbers of the extended usages it knows. */
  extendedUsages: readonly number[] | undefined;
  unknownUsages: readonly (readonly number[])[] | undefined;
  policies: readonly PolicyOid[] | undefined;
  policyMappings: readonly PolicyMapping[] | undefined;
  requireExplicitPolicy: SkipCount;
  inhibitPolicyMapping: SkipCount;
  inhibitAnyPolicy: SkipCount;
  ocspServers: readonly string[] | undefined;
  issuerUrls: readonly string[] | undefined;
  /** Ids of critical extensions that nobody here understands: such a certificate never verifies. */
  unhandled: readonly (readonly number[])[] | undefined;
}

const NO_COUNT: SkipCount = { value: 0n, zero: false };

const noValues = (): ExtensionValues => ({
  keyUsage: 0,
  isCa: false,
  basicConstraints: false,
  maxPathLength: 0n,
  names: EMPTY_NAMES,
  constraints: NO_CONSTRAINTS,
  crlDistributionPoints: undefined,
  authorityKeyId: undefined,
  subjectKeyId: undefined,
  extendedUsages: undefined,
  unknownUsages: undefined,
  policies: undefined,
  policyMappings: undefined,
  requireExplicitPolicy: NO_COUNT,
  inhibitPolicyMapping: NO_COUNT,
  inhibitAnyPolicy: NO_COUNT,
  ocspServers: undefined,
  issuerUrls: undefined,
  unhandled: undefined,
});

export function parseExtension(reader: DerReader): Extension {
  const id = reader.oid();
  const critical = reader.peeks(TAG.boolean) && reader.boolean();
  return { id, critical, value: reader.read(TAG.octetString) };
}

/** Reads one extension into the values; false when it says nothing that is understood. */
type Handler = (values: ExtensionValues, extension: Extension) => boolean;

const HANDLERS: Readonly<Record<string, Handler>> = {
  '2.5.29.14': (values, extension) => {
    neverCritical(extension, 'subject key identifier');
    values.subjectKeyId = new DerReader(extension.value).read(TAG.octetString);
    return true;
  },
  '2.5.29.15': (values, { value }) => {
    const { bytes } = new DerReader(value).bitString();
    const bit = (index: number): number => ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1;
    values.keyUsage = Array.from({ length: 9 }, (_, index) => bit(index) << index).reduce((a, b) => a | b, 0);
    return true;
  },
  '2.5.29.17': (values, { value }) => {
    values.names = parseAlternativeNames(value);
    return values.names !== EMPTY_NAMES;
  },
  '2.5.29.19': (values, { value }) => {
    const reader = new DerReader(value).into(TAG.sequence);
    values.isCa = reader.peeks(TAG.boolean) && reader.boolean();
    const length = reader.peeks(TAG.integer) ? reader.int64() : undefined;
    if (length !== undefined && length < 0n) throw malformed('basic constraints');
    values.maxPathLength = length ?? -1n;
    values.basicConstraints = true;
    return true;
  },
  '2.5.29.30': (values, { value, critical }) => {
    const { constraints, unhandled } = parseNameConstraints(value, critical);
    values.constraints = constraints;
    return !unhandled;
  },
  '2.5.29.31': (values, { value }) => {
    values.crlDistributionPoints = orNil(distributionPoints(value));
    return true;
  },
  '2.5.29.32': (values, { value }) => {
    values.policies = parsePolicies(value);
    return true;
  },
  '2.5.29.33': (values, { value }) => {
    values.policyMappings = orNil(parsePolicyMappings(value));
    return true;
  },
  '2.5.29.35': (values, extension) => {
    neverCritical(extension, 'authority key identifier');
    values.authorityKeyId = new DerReader(extension.value).into(TAG.sequence).optional(contextTag(0))?.value;
    return true;
  },
  '2.5.29.36': (values, { value }) => {
    const reader = new DerReader(value).into(TAG.sequence);
    if (reader.peeks(contextTag(0))) values.requireExplicitPolicy = skipCount(reader.int64(contextTag(0)));
    if (reader.peeks(contextTag(1))) values.inhibitPolicyMapping = skipCount(reader.int64(contextTag(1)));
    return true;
  },
  '2.5.29.37': (values, { value }) => {
    const reader = new DerReader(value).into(TAG.sequence);
    const [known, unknown]: [number[], (readonly number[])[]] = [[], []];
    while (!reader.empty) {
      const id = reader.oid();
      const usage = EXTENDED_USAGES.indexOf(id.join('.'));
      if (usage < 0) unknown.push(id);
      else known.push(usage);
    }
    values.extendedUsages = orNil(known);
    values.unknownUsages = orNil(unknown);
    return true;
  },
  '2.5.29.54': (values, { value }) => {
    values.inhibitAnyPolicy = skipCount(new DerReader(value).int64());
    return true;
  },
  '1.3.6.1.5.5.7.1.1': (values, extension) => {
    neverCritical(extension, 'authority info access');
    const access = authorityAccess(extension.value);
    values.ocspServers = orNil(access.ocsp);
    values.issuerUrls = orNil(access.issuers);
    return true;
  },
};

/** In the order of Go's ExtKeyUsage, whose numbers policies see. */
const EXTENDED_USAGES: readonly string[] = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.3',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.5',
  '1.3.6.1.5.5.7.3.6',
  '1.3.6.1.5.5.7.3.7',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.311.10.3.3',
  '2.16.840.1.113730.4.1',
  '1.3.6.1.4.1.311.2.1.22',
  '1.3.6.1.4.1.311.61.1.1',
];

export function readExtensions(extensions: readonly Extension[]): ExtensionValues {
  const values = noValues();
  const unhandled: (readonly number[])[] = [];
  for (const extension of extensions) {
    const id = extension.id.join('.');
    const handler = Object.hasOwn(HANDLERS, id) ? HANDLERS[id] : undefined;
    const understood = handler?.(values, extension) ?? false;
    if (extension.critical && !understood) unhandled.push(extension.id);
  }
  values.unhandled = orNil(unhandled);
  return values;
}

function neverCritical({ critical }: Extension, name: string): void {
  if (critical) throw new BuiltinError(`x509: ${name} incorrectly marked critical`);
}

const skipCount = (value: bigint): SkipCount => ({ value, zero: value === 0n });

const orNil = <T>(items: readonly T[]): readonly T[] | undefined => (items.length === 0 ? undefined : items);

const URI = contextTag(6);

/** The leading URIs of each point's full name. */
function distributionPoints(value: Buffer): readonly string[] {
  const urls: string[] = [];
  const points = new DerReader(value).into(TAG.sequence);
  while (!points.empty) {
    const name = points.into(TAG.sequence).optional(constructedContextTag(0));
    if (!name) continue;
    const full = new DerReader(name.value).into(constructedContextTag(0));
    while (full.peeks(URI)) urls.push(full.read(URI).toString());
  }
  return urls;
}

function authorityAccess(value: Buffer): { readonly ocsp: string[]; readonly issuers: string[] } {
  const access: { ocsp: string[]; issuers: string[] } = { ocsp: [], issuers: [] };
  const descriptions = new DerReader(value).into(TAG.sequence);
  while (!descriptions.empty) {
    const description = descriptions.into(TAG.sequence);
    const method = description.oid().join('.');
    const url = description.optional(URI)?.value.toString();
    if (url === undefined) continue;
    if (method === '1.3.6.1.5.5.7.48.1') access.ocsp.push(url);
    if (method === '1.3.6.1.5.5.7.48.2') access.issuers.push(url);
  }
  return access;
}
