import { BuiltinError } from '../value/builtin-error.js';
import { constructedContextTag, contextTag, DerReader, malformed, TAG } from '../keys/der.js';
import { addressBytes } from './addresses.js';
import { parseMailbox } from './mailbox.js';
import { ia5, isDomainName } from './names.js';

export interface AddressRange {
  readonly address: Buffer;
  readonly mask: Buffer;
}

/** One side of a constraint; empty lists are Go's nil. */
export interface NameSubtrees {
  readonly dns: readonly string[];
  readonly addresses: readonly AddressRange[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: NameSubtrees;
  readonly excluded: NameSubtrees;
}

const NO_SUBTREES: NameSubtrees = { dns: [], addresses: [], emails: [], uris: [] };
export const NO_CONSTRAINTS: NameConstraints = {
  critical: false,
  permitted: NO_SUBTREES,
  excluded: NO_SUBTREES,
};

/** RFC 5280, 4.2.1.10. `unhandled` when some name is of a kind that is not checked. */
export function parseNameConstraints(
  value: Buffer,
  critical: boolean,
): { readonly constraints: NameConstraints; readonly unhandled: boolean } {
  const outer = new DerReader(value);
  const sequence = outer.into(TAG.sequence);
  const [permitted, excluded] = [0, 1].map((tag) => sequence.optional(constructedContextTag(tag))?.value);
  if (!outer.empty || !sequence.empty) throw malformed('NameConstraints extension');
  if (!permitted?.length && !excluded?.length)
    throw new BuiltinError('x509: empty name constraints extension');
  const sides = [permitted, excluded].map((side) => parseSubtrees(side ?? Buffer.alloc(0)));
  const [first = NO_SIDE, second = NO_SIDE] = sides;
  return {
    constraints: { critical, permitted: first.subtrees, excluded: second.subtrees },
    unhandled: first.unhandled || second.unhandled,
  };
}

interface Side {
  readonly subtrees: NameSubtrees;
  readonly unhandled: boolean;
}
const NO_SIDE: Side = { subtrees: NO_SUBTREES, unhandled: false };

function parseSubtrees(content: Buffer): Side {
  const subtrees = {
    dns: [] as string[],
    addresses: [] as AddressRange[],
    emails: [] as string[],
    uris: [] as string[],
  };
  let unhandled = false;
  const reader = new DerReader(content);
  while (!reader.empty) {
    const { tag, value } = reader.into(TAG.sequence).any();
    if (tag === contextTag(2)) subtrees.dns.push(domain(value));
    else if (tag === contextTag(7)) subtrees.addresses.push(range(value));
    else if (tag === contextTag(1)) subtrees.emails.push(email(value));
    else if (tag === contextTag(6)) subtrees.uris.push(uriDomain(value));
    else unhandled = true;
  }
  return { subtrees, unhandled };
}

function domain(value: Buffer): string {
  const name = ia5(value);
  if (!isDomainName(name, true)) throw malformed('name constraint');
  return name;
}

function uriDomain(value: Buffer): string {
  if (addressBytes(ia5(value))) throw malformed('URI constraint');
  return domain(value);
}

/** A mailbox, a host, or with a leading dot all hosts of a domain. */
function email(value: Buffer): string {
  const name = ia5(value);
  if (!name.includes('@')) return domain(value);
  if (!parseMailbox(name)) throw malformed('rfc822Name constraint');
  return name;
}

function range(value: Buffer): AddressRange {
  const half = value.length / 2;
  if (half !== 4 && half !== 16) throw malformed('IP constraint');
  const [address, mask] = [value.subarray(0, half), value.subarray(half)];
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  if (bits.includes('01')) throw malformed('IP constraint mask');
  return { address, mask };
}
