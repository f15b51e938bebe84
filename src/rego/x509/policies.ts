import type { Certificate } from './certificate.js';
import type { SkipCount } from './extensions.js';
import { ANY_POLICY, type PolicyOid } from './policy-oids.js';

/** A policy that is valid so far, with what it is called one certificate further down. */
interface Node {
  readonly policy: string;
  expected: readonly string[];
  readonly parents: ReadonlySet<Node>;
  readonly children: Set<Node>;
}

const ANY = ANY_POLICY.key;

/** The valid policy graph of RFC 9618: one level per certificate, every level by policy. */
class PolicyGraph {
  private readonly levels: Map<string, Node>[] = [new Map([[ANY, newNode(ANY, [])]])];

  private get leaves(): Map<string, Node> {
    return this.levels.at(-1) ?? new Map<string, Node>();
  }

  /** RFC 9618, 6.1.3 (d): the certificate's policies below those that expect them. */
  descend(policies: readonly PolicyOid[], anyAllowed: boolean): void {
    const above = this.leaves;
    const expecting = new Map<string, Node[]>();
    for (const node of above.values())
      for (const expected of node.expected) listOf(expecting, expected).push(node);
    const level = new Map<string, Node>();
    const any = above.get(ANY);
    for (const { key } of policies) {
      if (key === ANY) continue;
      const parents = expecting.get(key) ?? (any ? [any] : []);
      if (parents.length > 0) level.set(key, newNode(key, parents));
    }
    if (anyAllowed && policies.some(({ key }) => key === ANY))
      for (const [key, parents] of expecting) if (!level.has(key)) level.set(key, newNode(key, parents));
    this.levels.push(level);
    this.prune();
  }

  /** RFC 9618, 6.1.4 (b): what the certificate's policies are called below it. False when the mapping is invalid. */
  map(certificate: Certificate, allowed: boolean): boolean {
    const mappings = new Map<string, string[]>();
    for (const { issuer, subject } of certificate.values.policyMappings ?? []) {
      if (!allowed) this.deleteLeaf(issuer.key);
      else if (issuer.key === ANY || subject.key === ANY) return false;
      else listOf(mappings, issuer.key).push(subject.key);
    }
    this.prune();
    for (const [issuer, subjects] of mappings) {
      const any = this.leaves.get(ANY);
      const node = this.leaves.get(issuer) ?? (any && newNode(issuer, [any]));
      if (!node) continue;
      node.expected = subjects;
      this.leaves.set(issuer, node);
    }
    return true;
  }

  /** RFC 9618, 6.1.5 (g), where any policy is acceptable: whether some policy is valid for the whole chain. */
  get hasValidPolicy(): boolean {
    if (this.leaves.has(ANY)) return true;
    return this.levels.some((level) =>
      [...level.values()].some(({ policy, parents }) => {
        const [parent] = parents;
        return policy !== ANY && parents.size === 1 && parent?.policy === ANY;
      }),
    );
  }

  private deleteLeaf(policy: string): void {
    const node = this.leaves.get(policy);
    if (!node) return;
    for (const parent of node.parents) parent.children.delete(node);
    this.leaves.delete(policy);
  }

  /** Without the nodes between root and leaves that nothing hangs from. */
  private prune(): void {
    for (let depth = this.levels.length - 2; depth > 0; depth--)
      for (const [policy, node] of this.levels[depth] ?? []) {
        if (node.children.size > 0) continue;
        for (const parent of node.parents) parent.children.delete(node);
        this.levels[depth]?.delete(policy);
      }
  }
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function newNode(policy: string, parents: readonly Node[]): Node {
  const node: Node = { policy, expected: [policy], parents: new Set(parents), children: new Set() };
  for (const parent of parents) parent.children.add(node);
  return node;
}

/**
 * Certificate policies (RFC 5280, 6.1, as changed by RFC 9618) of a chain that begins with the leaf, any policy being
 * acceptable: what fails is a chain that demands an explicit policy and has none.
 */
export function policiesAreValid(chain: readonly Certificate[]): boolean {
  if (chain.length === 1) return true;
  const depth = chain.length - 1;
  const skips = { explicit: BigInt(depth + 1), mapping: BigInt(depth + 1), any: BigInt(depth + 1) };
  let graph: PolicyGraph | undefined = new PolicyGraph();
  for (const [above, certificate] of chain.slice(0, depth).toReversed().entries()) {
    const isLeaf = above === depth - 1;
    const policies = certificate.values.policies ?? [];
    if (policies.length === 0) graph = undefined;
    if (skips.explicit === 0n && !graph) return false;
    graph?.descend(policies, skips.any > 0n || (!isLeaf && isSelfIssued(certificate)));
    if (isLeaf) break;
    if (graph && !graph.map(certificate, skips.mapping > 0n)) return false;
    goDown(skips, certificate);
  }
  const [leaf] = chain;
  const explicit = leaf?.values.requireExplicitPolicy.zero ? 0n : fewer(skips.explicit);
  return explicit > 0n || (graph?.hasValidPolicy ?? false);
}

interface Skips {
  explicit: bigint;
  mapping: bigint;
  any: bigint;
}

/** RFC 5280, 6.1.4 (h) to (j): one certificate further down, and what the one above demands from here on. */
function goDown(skips: Skips, certificate: Certificate): void {
  const { requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = certificate.values;
  if (!isSelfIssued(certificate)) {
    skips.explicit = fewer(skips.explicit);
    skips.mapping = fewer(skips.mapping);
    skips.any = fewer(skips.any);
  }
  skips.explicit = limited(skips.explicit, requireExplicitPolicy);
  skips.mapping = limited(skips.mapping, inhibitPolicyMapping);
  skips.any = limited(skips.any, inhibitAnyPolicy);
}

const fewer = (count: bigint): bigint => (count > 0n ? count - 1n : 0n);

const limited = (count: bigint, { value, zero }: SkipCount): bigint =>
  (value > 0n || zero) && value < count ? value : count;

const isSelfIssued = ({ rawIssuer, rawSubject }: Certificate): boolean => rawIssuer.equals(rawSubject);
