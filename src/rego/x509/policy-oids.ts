import { DerReader, malformed, TAG } from '../keys/der.js';

/** A policy's identifier. Its arcs may be of any size, unlike those of other identifiers, so it stays as it was. */
export class PolicyOid {
  /** Equal identifiers have equal keys: DER has one spelling for each. */
  readonly key: string;

  constructor(private readonly der: Buffer) {
    this.key = der.toString('hex');
  }

  get arcs(): readonly bigint[] {
    const arcs: bigint[] = [];
    let arc = 0n;
    for (const byte of this.der) {
      arc = (arc << 7n) | BigInt(byte & 0x7f);
      if (byte >= 0x80) continue;
      if (arcs.length > 0) arcs.push(arc);
      else arcs.push(...(arc < 80n ? [arc / 40n, arc % 40n] : [2n, arc - 80n]));
      arc = 0n;
    }
    return arcs;
  }

  toString(): string {
    return this.arcs.join('.');
  }
}

export const ANY_POLICY = new PolicyOid(Buffer.from('551d2000', 'hex'));

export interface PolicyMapping {
  readonly issuer: PolicyOid;
  readonly subject: PolicyOid;
}

/** More is no identifier but an attempt to keep somebody busy: Go's arcs of this size take long, too. */
const MAX_OID_BYTES = 1024;

export function parsePolicies(value: Buffer): readonly PolicyOid[] {
  const policies = new Map<string, PolicyOid>();
  const sequence = new DerReader(value).into(TAG.sequence);
  while (!sequence.empty) {
    const policy = policyOid(sequence.into(TAG.sequence).read(TAG.oid));
    if (policies.has(policy.key)) throw malformed('certificate policies');
    policies.set(policy.key, policy);
  }
  return [...policies.values()];
}

export function parsePolicyMappings(value: Buffer): readonly PolicyMapping[] {
  const mappings: PolicyMapping[] = [];
  const sequence = new DerReader(value).into(TAG.sequence);
  while (!sequence.empty) {
    const pair = sequence.into(TAG.sequence);
    mappings.push({ issuer: policyOid(pair.read(TAG.oid)), subject: policyOid(pair.read(TAG.oid)) });
  }
  return mappings;
}

function policyOid(der: Buffer): PolicyOid {
  const last = der.at(-1);
  if (last === undefined || last >= 0x80 || der.length > MAX_OID_BYTES) throw malformed('policy identifier');
  const padded = der.some((byte, index) => byte === 0x80 && (der[index - 1] ?? 0) < 0x80);
  if (padded) throw malformed('policy identifier');
  return new PolicyOid(der);
}
