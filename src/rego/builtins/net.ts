import { isArray, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import {
  type Address,
  addressText,
  asIpv4,
  contains,
  isMapped,
  lastOf,
  type Network,
  network,
  networkText,
  parseAddress,
  parseNetwork,
  wide,
} from '../go/addresses.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { text } from './operands.js';

/** Networks. `net.lookup_ip_addr` is not among them: see refused.ts. */
export const NET: BuiltinFamily = {
  'net.cidr_contains_matches': (_, outer, inner) => containsMatches(outer, inner),
  'net.cidr_expand': (_, given) => expand(networkOf(given)),
  'net.cidr_is_valid': (_, given) => typeof given === 'string' && parseNetwork(given) !== undefined,
  'net.cidr_merge': (_, given) => new RegoSet(merge(membersOf(given).map(mergeable)).map(networkText)),
};

/**
 * OPA expands until the evaluation times out. We say no beforehand, and fail the evaluation as OPA's time limit
 * does: an undefined expression would pass for "no address".
 */
const MAX_ADDRESSES = 2 ** 16;

function networkOf(given: RegoValue | undefined): Network {
  const written = text(given, 1);
  const found = parseNetwork(written);
  if (!found) throw new BuiltinError(`invalid CIDR address: ${written}`);
  return found;
}

function expand(given: Network): RegoSet {
  const count = 2 ** (given.bits - given.prefix);
  if (count > MAX_ADDRESSES)
    throw new Error(`${networkText(given)} has more than ${MAX_ADDRESSES} addresses`);
  return new RegoSet(
    Array.from({ length: count }, (_, index) =>
      addressText({ bits: given.bits, value: given.value + BigInt(index) }),
    ),
  );
}

type Match = readonly [cidr: RegoValue, index: RegoValue];

function containsMatches(outer: RegoValue | undefined, inner: RegoValue | undefined): RegoSet {
  const outers = matchesOf(outer, 1);
  if (outers.length === 0) return new RegoSet([]);
  const inners = matchesOf(inner, 2);
  if (inners.length === 0) return new RegoSet([]);
  const networks = outers.map(([cidr, index]) => [networkOf(cidr), index] as const);
  const candidates = inners.map(([cidr, index]) => [candidate(cidr), index] as const);
  return new RegoSet(
    networks.flatMap(([net, i]) =>
      candidates.flatMap(([given, j]) => (isWithin(net, given) ? [[i, j] as readonly RegoValue[]] : [])),
    ),
  );
}

function matchesOf(given: RegoValue | undefined, position: number): readonly Match[] {
  const first = (value: RegoValue): RegoValue => {
    if (typeof value === 'string') return value;
    if (isArray(value) && value[0] !== undefined) return value[0];
    throw new BuiltinError(`operand ${position}: element must be string or non-empty array`);
  };
  if (typeof given === 'string') return [[given, given]];
  if (given instanceof RegoSet) return given.members.map((member): Match => [first(member), member]);
  if (given instanceof RegoObject) return given.entries.map(([key, value]): Match => [first(value), key]);
  return given !== undefined && isArray(given) ? given.map((each, index): Match => [first(each), index]) : [];
}

/** An address, or a network from its first to its last one. */
type Candidate = Address | Network;

function candidate(given: RegoValue): Candidate {
  const written = text(given, 1);
  const found = parseAddress(written) ?? parseNetwork(written);
  if (!found)
    throw new BuiltinError(`not a valid textual representation of an IP address or CIDR: ${written}`);
  return found;
}

/** `net.cidr_contains`, which policies bring along, as OPA's Go has it. */
function isWithin(outer: Network, inner: Candidate): boolean {
  if (!('prefix' in inner)) return contains(outer, inner);
  if (asIpv4(outer) === undefined && asIpv4(inner) === undefined)
    return outer.prefix <= inner.prefix && network(inner, outer.prefix).value === outer.value;
  return contains(outer, inner) && contains(outer, lastOf(inner));
}

function membersOf(given: RegoValue | undefined): readonly RegoValue[] {
  if (given instanceof RegoSet) return given.members;
  if (given !== undefined && isArray(given)) return given;
  throw new BuiltinError('operand must be an array');
}

/** What is merged. On its own a network is shown as given, with its host bits if it has any. */
interface Mergeable {
  readonly first: bigint;
  readonly last: bigint;
  readonly alone: Network;
}

function mergeable(given: RegoValue): Mergeable {
  if (typeof given !== 'string') throw new BuiltinError('element must be string');
  const address = parseAddress(given);
  const four = address && asIpv4(address);
  if (address && four === undefined) throw new BuiltinError('IPv6 invalid: needs prefix length');
  if (four !== undefined) {
    // Go's default mask of an address on its own: by class.
    const prefix = four >> 31n === 0n ? 8 : four >> 30n === 2n ? 16 : 24;
    return ranged(network({ bits: 32, value: four }, prefix), { bits: 32, value: four, prefix });
  }
  const found = networkOf(given);
  return ranged(found, found);
}

const ranged = (net: Network, alone: Network): Mergeable => ({
  first: wide(net),
  last: wide(lastOf(net)),
  alone,
});

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  readonly alone: Network | undefined;
}

/** OPA's order and rule: by last address, and from the end each with the one before, where they touch. */
function merge(given: readonly Mergeable[]): readonly Network[] {
  const sorted = given.toSorted((a, b) => compare(a.last, b.last) || compare(a.first, b.first));
  const merged: Range[] = [];
  let current: Range | undefined;
  for (const before of sorted.reverse()) {
    if (current && previous(current.first) <= before.last) {
      const first = before.first < current.first ? before.first : current.first;
      current = { first, last: current.last, alone: undefined };
    } else {
      if (current) merged.push(current);
      current = before;
    }
  }
  if (current) merged.push(current);
  return merged.flatMap(({ first, last, alone }) => (alone ? [alone] : cover(first, last)));
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

/** The address before; the first one of either kind has none, and is its own. */
const previous = (value: bigint): bigint =>
  value === 0n || (isMapped(value) && !isMapped(value - 1n)) ? value : value - 1n;

/** The fewest networks that hold these addresses and no other. */
function cover(first: bigint, last: bigint): readonly Network[] {
  const networks: Network[] = [];
  let at = first;
  while (at <= last) {
    let host = 0n;
    while (host < 128n && (at & ((1n << (host + 1n)) - 1n)) === 0n && at + (1n << (host + 1n)) - 1n <= last)
      host++;
    networks.push({ bits: 128, value: at, prefix: 128 - Number(host) });
    at += 1n << host;
  }
  return networks;
}
