import type { Certificate } from './certificate.js';
import { meetsNameConstraints } from './constraint-check.js';
import { isForHost } from './hostname.js';
import { policiesAreValid } from './policies.js';
import { verifyCertificateSignature } from './certificate-signatures.js';
import type { CertificateTime } from './time.js';

/** What a chain is verified for: the parts of Go's x509.VerifyOptions that OPA lets a policy set. */
export interface VerifyOptions {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly dnsName: string;
  /** Go's numbers of extended usages: the chain must allow one of them. */
  readonly usages: readonly number[];
}

type Chain = readonly Certificate[];

export const ANY_USAGE = 0;
export const SERVER_AUTH = 1;
const CERT_SIGN = 1 << 5;

/** Go's limit: what an attacker can make us check. */
const MAX_SIGNATURE_CHECKS = 100;

/**
 * A chain from the last certificate to the first, which is trusted, through any of those between; the chain Go's
 * `Certificate.Verify` would return first. Undefined when there is none.
 */
export function verifyChain(certificates: Chain, options: VerifyOptions): Chain | undefined {
  const [root, leaf] = [certificates.at(0), certificates.at(-1)];
  if (!root || !leaf || certificates.length < 2) return undefined;
  if (!isValid(leaf, 'leaf', [], options)) return undefined;
  if (options.dnsName !== '' && !isForHost(leaf, options.dnsName)) return undefined;
  const builder = new ChainBuilder(root, withoutRepeats(certificates.slice(1, -1)), options);
  const chains = leaf.raw.equals(root.raw) ? [[leaf]] : builder.chainsOf([leaf]);
  return chains.find((chain) => isAcceptable(chain, options.usages));
}

function isAcceptable(chain: Chain, wanted: readonly number[]): boolean {
  const usages = wanted.length === 0 ? [SERVER_AUTH] : wanted;
  return (
    policiesAreValid(chain) &&
    (usages.includes(ANY_USAGE) || allowsUsage(chain, usages)) &&
    meetsNameConstraints(chain)
  );
}

class ChainBuilder {
  private checks = 0;

  constructor(
    private readonly root: Certificate,
    private readonly intermediates: Chain,
    private readonly options: VerifyOptions,
  ) {}

  /** Every way on from the last certificate of the chain to the root. */
  chainsOf(chain: Chain): readonly Chain[] {
    const last = chain.at(-1);
    if (!last) return [];
    const chains: Chain[] = [];
    for (const candidate of parentsOf(last, [this.root]))
      if (this.continues(chain, last, candidate, 'root')) chains.push([...chain, candidate]);
    for (const candidate of parentsOf(last, this.intermediates))
      if (this.continues(chain, last, candidate, 'intermediate'))
        chains.push(...this.chainsOf([...chain, candidate]));
    return chains;
  }

  private continues(
    chain: Chain,
    child: Certificate,
    candidate: Certificate,
    role: 'root' | 'intermediate',
  ): boolean {
    this.checks++;
    if (this.checks > MAX_SIGNATURE_CHECKS) return false;
    if (!candidate.publicKey || isAlreadyIn(chain, candidate)) return false;
    return hasSigned(candidate, child) && isValid(candidate, role, chain, this.options);
  }
}

/** Candidates by name, those first whose key identifier matches, then those where one of the two is missing. */
function parentsOf(child: Certificate, pool: Chain): Chain {
  const plausibility = (candidate: Certificate): number => {
    const [subject, authority] = [keyId(candidate.values.subjectKeyId), keyId(child.values.authorityKeyId)];
    if (subject === authority) return 0;
    return subject === '' || authority === '' ? 1 : 2;
  };
  return pool
    .filter(({ rawSubject }) => rawSubject.equals(child.rawIssuer))
    .map((candidate) => ({ candidate, rank: plausibility(candidate) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ candidate }) => candidate);
}

const keyId = (id: Buffer | undefined): string => id?.toString('hex') ?? '';

/** Go's CheckSignatureFrom: only what is marked as an authority may sign certificates. */
function hasSigned(parent: Certificate, child: Certificate): boolean {
  const { basicConstraints, isCa, keyUsage } = parent.values;
  if (basicConstraints ? !isCa : parent.version === 3) return false;
  if (keyUsage !== 0 && (keyUsage & CERT_SIGN) === 0) return false;
  return (
    parent.publicKey !== undefined &&
    verifyCertificateSignature(child.signatureAlgorithm, parent.publicKey, child.rawTbs, child.signature)
  );
}

function isValid(
  certificate: Certificate,
  role: 'leaf' | 'intermediate' | 'root',
  chain: Chain,
  { time }: VerifyOptions,
): boolean {
  const { values, notBefore, notAfter } = certificate;
  if (values.unhandled) return false;
  if (time < nanoseconds(notBefore) || time > nanoseconds(notAfter)) return false;
  if (role === 'intermediate' && !(values.basicConstraints && values.isCa)) return false;
  const limited = values.basicConstraints && values.maxPathLength >= 0n;
  return !limited || BigInt(chain.length - 1) <= values.maxPathLength;
}

const nanoseconds = ({ instant }: CertificateTime): bigint => BigInt(instant) * 1_000_000n;

/** The same subject, key and alternative names: cross-signing does not make a loop. */
function isAlreadyIn(chain: Chain, candidate: Certificate): boolean {
  const names = alternativeNames(candidate);
  for (const certificate of chain) {
    if (!candidate.rawSubject.equals(certificate.rawSubject)) continue;
    if (!candidate.rawPublicKeyInfo.equals(certificate.rawPublicKeyInfo)) continue;
    const others = alternativeNames(certificate);
    if (!names || !others) return names === others;
    if (names.equals(others)) return true;
  }
  return false;
}

const alternativeNames = ({ extensions }: Certificate): Buffer | undefined =>
  extensions.find(({ id }) => id.join('.') === '2.5.29.17')?.value;

/** One of the usages is allowed all along the chain. */
function allowsUsage(chain: Chain, usages: readonly number[]): boolean {
  return usages.some((usage) =>
    chain.every(({ values: { extendedUsages, unknownUsages } }) => {
      if (!extendedUsages && !unknownUsages) return true;
      return extendedUsages?.some((allowed) => allowed === ANY_USAGE || allowed === usage) ?? false;
    }),
  );
}

function withoutRepeats(pool: Chain): Chain {
  return [...new Map(pool.map((certificate) => [certificate.raw.toString('base64'), certificate])).values()];
}
