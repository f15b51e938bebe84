import type { EvidenceDocument } from './model/document.js';
import type { FindingIdentity } from './model/finding.js';

/** A finding or a vulnerability, as far as it is compared. */
export interface Compared {
  readonly tool: string;
  readonly identity: FindingIdentity;
  readonly path: string | null;
}

/** Evidence about one artefact version; `ruleSets` by tool where a caller knows them (a digest of the rules). */
export interface ComparedSide {
  readonly documents: readonly Pick<EvidenceDocument, 'state' | 'tools' | 'findings' | 'vulnerabilities'>[];
  readonly ruleSets?: ReadonlyMap<string, string>;
}

/** Why a tool's findings cannot be told new from old. */
export type Incomparable = 'no-baseline' | 'not-complete' | 'other-rule-set' | 'other-identity';

export interface Difference<T extends Compared> {
  /** In the head, in its order. `renamedFrom`: the same content stood at that path, which no longer has it. */
  readonly head: readonly {
    readonly item: T;
    readonly state: 'new' | 'unchanged' | 'unknown';
    readonly renamedFrom?: string | null;
  }[];
  /** In the baseline only. unknown: nobody can say that it is gone. */
  readonly gone: readonly { readonly item: T; readonly state: 'fixed' | 'unknown' }[];
  /** By tool; a tool that is not here was compared. */
  readonly incomparable: ReadonlyMap<string, Incomparable>;
}

/** Both lists of a document are compared alike. */
export const comparedItems = (side: ComparedSide): readonly Compared[] =>
  side.documents.flatMap(({ findings, vulnerabilities }) => [...findings, ...vulnerabilities]);

/**
 * What is new, unchanged and fixed against a baseline, by identity and so whatever moved; per tool, rule set and
 * version of the identity (formats.md §3). A finding in a renamed file is unchanged: its content is at a new
 * path, and the old one has it no more. A copy is new. What stands on both sides is unchanged whatever the
 * state of the runs; everything else is unknown unless both runs are complete.
 */
export function differential(head: ComparedSide, baseline: ComparedSide): Difference<Compared> {
  const [now, before] = [comparedItems(head), comparedItems(baseline)];
  const [keysNow, keysBefore] = [new Set(now.map(keyOf)), new Set(before.map(keyOf))];
  const incomparable = incomparableTools(head, baseline);
  const gone = before.filter((item) => !keysNow.has(keyOf(item)));
  const fresh = now.filter((item) => !keysBefore.has(keyOf(item)));
  // That a place is gone is only known of complete runs.
  const comparable = ({ tool }: Compared): boolean => !incomparable.has(tool);
  const renames = renamedFrom(fresh.filter(comparable), gone.filter(comparable));
  const moved = new Set(renames.values());
  return {
    head: now.map((item) => {
      if (keysBefore.has(keyOf(item))) return { item, state: 'unchanged' };
      const from = renames.get(item);
      if (from) return { item, state: 'unchanged', renamedFrom: from.path };
      return { item, state: incomparable.has(item.tool) ? 'unknown' : 'new' };
    }),
    gone: gone
      .filter((item) => !moved.has(item))
      .map((item) => ({ item, state: incomparable.has(item.tool) ? 'unknown' : 'fixed' })),
    incomparable,
  };
}

const keyOf = ({ tool, identity: { scheme, value, occurrence } }: Compared): string =>
  JSON.stringify([tool, scheme, value, occurrence]);

/**
 * New places by the places they came from. Where more places of one content appeared than went, some are
 * copies and nothing tells which: then none is a rename.
 */
function renamedFrom(fresh: readonly Compared[], gone: readonly Compared[]): ReadonlyMap<Compared, Compared> {
  const [appeared, vanished] = [byContent(fresh), byContent(gone)];
  const renames = new Map<Compared, Compared>();
  for (const [content, places] of appeared) {
    const left = vanished.get(content) ?? [];
    if (places.length > left.length) continue;
    for (const [at, place] of places.entries()) {
      const from = left[at];
      if (from) renames.set(place, from);
    }
  }
  return renames;
}

function byContent(items: readonly Compared[]): ReadonlyMap<string, readonly Compared[]> {
  const groups = new Map<string, Compared[]>();
  for (const item of items) {
    const { scheme, content } = item.identity;
    if (content === null) continue;
    const key = JSON.stringify([item.tool, scheme, content]);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function incomparableTools(head: ComparedSide, baseline: ComparedSide): ReadonlyMap<string, Incomparable> {
  const [now, before] = [head, baseline].map(toolsOf) as [Tools, Tools];
  const found = new Map<string, Incomparable>();
  for (const tool of new Set([...now.keys(), ...before.keys()])) {
    const [left, right] = [now.get(tool), before.get(tool)];
    if (!left?.isComplete || (right && !right.isComplete)) found.set(tool, 'not-complete');
    else if (!right) found.set(tool, 'no-baseline');
    else if (head.ruleSets?.get(tool) !== baseline.ruleSets?.get(tool)) found.set(tool, 'other-rule-set');
    else if (differInVersion(left.schemes, right.schemes)) found.set(tool, 'other-identity');
  }
  return found;
}

type Tools = ReadonlyMap<string, { readonly isComplete: boolean; readonly schemes: ReadonlySet<string> }>;

/** A document speaks for the tools it names and for those its findings name. */
function toolsOf({ documents }: ComparedSide): Tools {
  const tools = new Map<string, { isComplete: boolean; schemes: Set<string> }>();
  for (const { state, tools: named, findings, vulnerabilities } of documents) {
    const items: readonly Compared[] = [...findings, ...vulnerabilities];
    for (const tool of new Set([...named.map(({ name }) => name), ...items.map((item) => item.tool)])) {
      const known = tools.get(tool) ?? { isComplete: true, schemes: new Set<string>() };
      known.isComplete = known.isComplete && state === 'COMPLETE';
      for (const item of items) if (item.tool === tool) known.schemes.add(item.identity.scheme);
      tools.set(tool, known);
    }
  }
  return tools;
}

/** The same scheme in two versions: what looks new may only be named anew. */
function differInVersion(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const versions = (schemes: ReadonlySet<string>): ReadonlyMap<string, string> =>
    new Map([...schemes].map((scheme) => [scheme.replace(/\/\d+$/, ''), scheme]));
  const [left, right] = [versions(a), versions(b)];
  return [...left].some(([name, scheme]) => right.has(name) && right.get(name) !== scheme);
}
