import { RegoObject, RegoSet } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { isIpv4, isIpv6 } from '../go/ip-literal.js';
import { text } from './operands.js';

/**
 * What OPA lets a policy learn of the world around it. Here it learns nothing: no network, no environment. These exist
 * for OPA's conformance suite; no policy may use them (refused.ts), but `trace`, which only a tracer would see.
 */
export const ENVIRONMENT: BuiltinFamily = {
  trace: (_, note) => text(note, 1) === note,
  'opa.runtime': () => new RegoObject([]),
  'http.send': () => {
    throw new BuiltinError('a policy has no network');
  },
  'net.lookup_ip_addr': (_, name) => lookUp(text(name, 1)),
};

/** What needs no network to be known. */
function lookUp(name: string): RegoSet {
  if (name === 'localhost') return new RegoSet(['127.0.0.1', '::1']);
  if (isIpv4(name)) return new RegoSet([name]);
  if (isIpv6(name)) return new RegoSet([canonicalIpv6(name)]);
  throw new BuiltinError(`lookup ${name}: a policy has no network`);
}

/** RFC 5952, except that an IPv4 address in IPv6 form is written as what it is: Go's net.IP. */
function canonicalIpv6(literal: string): string {
  const [address = '', ...zone] = literal.split('%');
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical)?.slice(1);
  const octets = mapped?.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
  return [octets?.join('.') ?? canonical, ...zone].join('%');
}
