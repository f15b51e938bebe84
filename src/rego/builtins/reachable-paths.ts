import { isArray, type RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { canonicalKey } from '../value/canonical-key.js';
import { object, wrongType } from './operands.js';

/** Paths through a graph. `graph.reachable` comes along with the policy. */
export const REACHABLE_PATHS: BuiltinFamily = {
  'graph.reachable_paths': (_, graph, initial) => {
    const walk = new Walk(object(graph, 1));
    for (const node of nodesOf(initial)) walk.from(node);
    return new RegoSet([...walk.found.values()]);
  },
};

/**
 * Paths multiply: n diamonds in a row have 2^n. OPA goes on until the evaluation times out; we say no beforehand and
 * fail the evaluation as its time limit does.
 */
const MAX_STEPS = 1_000_000;

function nodesOf(initial: RegoValue | undefined): readonly RegoValue[] {
  if (initial instanceof RegoSet) return initial.members;
  if (initial !== undefined && isArray(initial)) return initial;
  throw wrongType(2, initial, '{array, set}');
}

/** Neighbours, in order; what is no collection has none. */
const neighbours = (edges: RegoValue): readonly RegoValue[] =>
  edges instanceof RegoSet ? edges.members : isArray(edges) ? edges : [];

class Walk {
  readonly found = new Map<string, readonly RegoValue[]>();
  private readonly edges: ReadonlyMap<string, readonly RegoValue[]>;
  private steps = 0;

  constructor(graph: RegoObject) {
    this.edges = new Map(graph.entries.map(([key, edges]) => [canonicalKey(key), neighbours(edges)]));
  }

  from(root: RegoValue): void {
    const edges = this.edges.get(canonicalKey(root));
    if (!edges) return;
    if (edges.length === 0) this.add([root]);
    this.follow(root, edges);
  }

  /** Depth first without recursion: a path is as long as the graph is deep. */
  private follow(root: RegoValue, edges: readonly RegoValue[]): void {
    const path = [root];
    const rootKey = canonicalKey(root);
    const onPath = new Set([rootKey]);
    const open = [{ edges, next: 0, key: rootKey }];
    // OPA does not look whether the first step leads back to the root, which can so be there twice.
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const node = top.edges[top.next++];
      if (node === undefined) {
        open.pop();
        path.pop();
        if (top.key !== rootKey) onPath.delete(top.key);
        continue;
      }
      const key = canonicalKey(node);
      this.step(path.length);
      const edgesOfNode = this.edges.get(key);
      if (!edgesOfNode || (onPath.has(key) && open.length > 1)) this.add(path);
      else if (edgesOfNode.length === 0) this.add([...path, node]);
      else {
        open.push({ edges: edgesOfNode, next: 0, key });
        path.push(node);
        onPath.add(key);
      }
    }
  }

  private add(path: readonly RegoValue[]): void {
    this.found.set(canonicalKey(path), [...path]);
  }

  private step(length: number): void {
    this.steps += length;
    if (this.steps > MAX_STEPS) throw new Error(`graph.reachable_paths: more than ${MAX_STEPS} steps`);
  }
}
