import type { Certificate } from './certificate.js';
import { addressBytes } from './addresses.js';

/** Go's VerifyHostname: addresses against addresses, names against names, never the common name. */
export function isForHost({ values: { names } }: Certificate, host: string): boolean {
  const bracketed = host.length >= 3 && host.startsWith('[') && host.endsWith(']');
  const address = addressBytes(bracketed ? host.slice(1, -1) : host);
  if (address) return names.addresses?.some((candidate) => sameAddress(candidate, address)) ?? false;
  const name = lower(host);
  return names.dns?.some((pattern) => matches(pattern, name)) ?? false;
}

/** IPv4 in IPv6 is IPv4. */
function sameAddress(a: Buffer, b: Buffer): boolean {
  return asIPv6(a).equals(asIPv6(b));
}

const asIPv6 = (address: Buffer): Buffer =>
  address.length === 16 ? address : Buffer.concat([Buffer.from('00000000000000000000ffff', 'hex'), address]);

function matches(pattern: string, name: string): boolean {
  const host = name.endsWith('.') ? name.slice(0, -1) : name;
  if (!isHostname(host, false) || !isHostname(pattern, true))
    return name !== '' && name !== '.' && lower(pattern) === name;
  const [wanted, given] = [lower(pattern).split('.'), host.split('.')];
  if (wanted.length !== given.length) return false;
  return wanted.every((part, index) => (index === 0 && part === '*') || part === given[index]);
}

/** RFC 6125's names, with `_`; in a pattern the whole first label may be `*`. */
function isHostname(name: string, pattern: boolean): boolean {
  if (name === '' || name === '*') return false;
  return name.split('.').every((label, index) => (pattern && index === 0 && label === '*') || isLabel(label));
}

function isLabel(label: string): boolean {
  if (label === '' || label.startsWith('-')) return false;
  return [...label].every(
    (character) =>
      (character >= 'a' && character <= 'z') ||
      (character >= 'A' && character <= 'Z') ||
      (character >= '0' && character <= '9') ||
      character === '-' ||
      character === '_',
  );
}

/** ASCII only, so that no other letter becomes one. */
export function lower(text: string): string {
  return [...text]
    .map((character) => (character >= 'A' && character <= 'Z' ? character.toLowerCase() : character))
    .join('');
}
