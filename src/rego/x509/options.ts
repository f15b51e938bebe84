import { isArray, isNumber, type RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { asInt64 } from '../go/int64.js';
import type { VerifyOptions } from './verify.js';

/** OPA's names for Go's extended key usages, in the order of Go's numbers. */
const USAGES: readonly string[] = [
  'KeyUsageAny',
  'KeyUsageServerAuth',
  'KeyUsageClientAuth',
  'KeyUsageCodeSigning',
  'KeyUsageEmailProtection',
  'KeyUsageIPSECEndSystem',
  'KeyUsageIPSECTunnel',
  'KeyUsageIPSECUser',
  'KeyUsageTimeStamping',
  'KeyUsageOCSPSigning',
  'KeyUsageMicrosoftServerGatedCrypto',
  'KeyUsageNetscapeServerGatedCrypto',
  'KeyUsageMicrosoftCommercialCodeSigning',
  'KeyUsageMicrosoftKernelCodeSigning',
];

/** The options of `crypto.x509.parse_and_verify_certificates_with_options`. */
export function parseVerifyOptions(given: RegoObject, now: bigint): VerifyOptions {
  const options: { time: bigint; dnsName: string; usages: readonly number[] } = {
    time: now,
    dnsName: '',
    usages: [],
  };
  for (const [name, value] of given.entries) {
    if (name === 'DNSName') options.dnsName = parseDnsName(value);
    else if (name === 'CurrentTime') options.time = parseInt64('CurrentTime', value);
    // Checked and without effect, as in OPA: Go no longer counts, and we have a limit of our own.
    else if (name === 'MaxConstraintComparisons') parseInt64('MaxConstraintComparisons', value);
    else if (name === 'KeyUsages') options.usages = parseUsages(value);
    else if (typeof name === 'string') throw new BuiltinError('invalid key option');
  }
  return options;
}

function parseDnsName(value: RegoValue): string {
  if (typeof value !== 'string') throw new BuiltinError("'DNSName' should be a string");
  return unquoted(value);
}

function parseInt64(name: string, value: RegoValue): bigint {
  if (!isNumber(value)) throw new BuiltinError(`'${name}' should be a number`);
  const whole = asInt64(value);
  if (whole === undefined) throw new BuiltinError(`'${name}' should be a valid int64 number`);
  return whole;
}

function parseUsages(value: RegoValue): readonly number[] {
  const members = value instanceof RegoSet ? value.members : isArray(value) ? value : undefined;
  if (!members) throw new BuiltinError("'KeyUsages' should be an Array or Set");
  const names = members.filter((member) => typeof member === 'string').map(unquoted);
  const unknown = names.filter((name) => !USAGES.includes(name));
  if (unknown.length > 0)
    throw new BuiltinError(`invalid entries for 'KeyUsages' found: [${unknown.join(' ')}]`);
  return names.map((name) => USAGES.indexOf(name));
}

function unquoted(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === '"') start++;
  while (end > start && text[end - 1] === '"') end--;
  return text.slice(start, end);
}
