/** An IP address: 32 or 128 bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A network: an address whose host bits are zero, and how many leading bits count. */
export interface Network extends Address {
  readonly prefix: number;
}

const MAPPED = 0xffffn << 32n;
const LOW_32 = 0xffff_ffffn;

/** Addresses and networks as Go reads them (package net/netip): no leading zeros, no zone, no spaces. */
export function parseAddress(text: string): Address | undefined {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') {
    const value = ipv4(text);
    return value === undefined ? undefined : { bits: 32, value };
  }
  const value = first === ':' ? ipv6(text) : undefined;
  return value === undefined ? undefined : { bits: 128, value };
}

/** Go's `net.ParseCIDR`: the network without its host bits. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  // Go takes leading zeros here, and any number of them.
  if (!address || !/^\d+$/.test(digits)) return undefined;
  const prefix = Number(digits.replace(/^0+(?=\d)/, '').slice(0, 4));
  return prefix > address.bits ? undefined : network(address, prefix);
}

export function network({ bits, value }: Address, prefix: number): Network {
  const host = BigInt(bits - prefix);
  return { bits, prefix, value: (value >> host) << host };
}

/** The last address of a network. */
export const lastOf = ({ bits, value, prefix }: Network): Address => ({
  bits,
  value: value | ((1n << BigInt(bits - prefix)) - 1n),
});

/** Go's `To4`: an IPv6 address that maps an IPv4 address stands for it. */
export function asIpv4({ bits, value }: Address): bigint | undefined {
  if (bits === 32) return value;
  return value >> 32n === MAPPED >> 32n ? value & LOW_32 : undefined;
}

/** The same in 128 bits: an IPv4 address mapped. */
export const wide = ({ bits, value }: Address): bigint => (bits === 32 ? MAPPED | value : value);

export const isMapped = (value: bigint): boolean => value >> 32n === MAPPED >> 32n;

/** Go's `IPNet.Contains`: an IPv4 address is in no IPv6 network, except in one of mapped addresses. */
export function contains(outer: Network, address: Address): boolean {
  const four = asIpv4(address);
  const outerFour = asIpv4(outer);
  if ((four === undefined) !== (outerFour === undefined)) return false;
  if (four !== undefined && outerFour !== undefined) {
    const prefix = outer.bits === 32 ? outer.prefix : Math.max(0, outer.prefix - 96);
    return same(outerFour, four, 32 - prefix);
  }
  return same(outer.value, address.value, 128 - outer.prefix);
}

const same = (a: bigint, b: bigint, hostBits: number): boolean =>
  a >> BigInt(hostBits) === b >> BigInt(hostBits);

/** RFC 5952, and a mapped address as the IPv4 address it stands for. */
export function addressText(address: Address): string {
  const four = asIpv4(address);
  if (four !== undefined) return [24n, 16n, 8n, 0n].map((shift) => String((four >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((address.value >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  const zeros = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
}

export function networkText(given: Network): string {
  const prefix = given.bits === 128 && isMapped(given.value) ? Math.max(0, given.prefix - 96) : given.prefix;
  return `${addressText(given)}/${prefix}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index + 1 - length, length };
  }
  return best;
}

function ipv4(text: string): bigint | undefined {
  const octets = text.split('.', 5);
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

function ipv6(text: string): bigint | undefined {
  // Longer than any address, and a zone is not for these functions.
  if (text.length > 45 || text.includes('%')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 8 ? joined(head) : undefined;
  // The :: stands for at least one group.
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : joined([...head, ...Array<number>(missing).fill(0), ...tail]);
}

const joined = (groups: readonly number[]): bigint =>
  groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);

/** Between colons; the last one may be an IPv4 address, which counts as two. */
function groupsOf(text: string, atEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (atEnd && index === parts.length - 1 && part.includes('.')) {
      const four = ipv4(part);
      if (four === undefined) return undefined;
      groups.push(Number(four >> 16n), Number(four & 0xffffn));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}
