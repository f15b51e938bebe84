import type { EvidenceDocument } from './model/document.js';
import type { Finding, FindingIdentity } from './model/finding.js';
import type { Vulnerability } from './model/vulnerability.js';

/** A finding or a vulnerability, as far as it is compared. */
export interface Compared {
  readonly tool: string;
  readonly identity: FindingIdentity;
  readonly path: string | null;
}

/** A document as far as it is compared. Its state may be one that only a gate gives (STALE, SUPERSEDED). */
export type ComparedDocument = Pick<EvidenceDocument, 'tools' | 'findings' | 'vulnerabilities'> & {
  readonly state: string;
};

/** A run that a later one replaced: what it saw counts, that it did not finish does not. */
export const SUPERSEDED = 'SUPERSEDED';

/** Evidence about one artefact version; `ruleSets` by tool where a caller knows them (a digest of the rules). */
export interface ComparedSide {
  readonly documents: readonly ComparedDocument[];
  readonly ruleSets?: ReadonlyMap<string, string>;
}

/** Why a tool's findings cannot be told new from old. */
export type Incomparable = 'no-baseline' | 'not-complete' | 'other-rule-set' | 'other-identity';

export interface Difference<T extends Compared> {
  /** In the head, in its order, as often as it is reported. `renamedFrom`: the same content stood at that path, which no longer has it. */
  readonly head: readonly {
    readonly item: T;
    readonly state: 'new' | 'unchanged' | 'unknown';
    readonly renamedFrom?: string | null;
  }[];
  /** In the baseline only, each once. unknown: nobody can say that it is gone. */
  readonly gone: readonly { readonly item: T; readonly state: 'fixed' | 'unknown' }[];
  /** By tool; a tool that is not here was compared. */
  readonly incomparable: ReadonlyMap<string, Incomparable>;
}

/**
 * Both lists of a document are compared alike, as far as they are open: what a report lists as gone, repaired or not
 * affecting the artefact is not there, so that it is new when it is there the next time.
 */
export const openItems = ({
  findings,
  vulnerabilities,
}: Pick<ComparedDocument, 'findings' | 'vulnerabilities'>): readonly (Finding | Vulnerability)[] => [
  ...findings.filter(({ baseline }) => baseline !== 'absent'),
  ...vulnerabilities.filter(({ status }) => !SETTLED.includes(status)),
];
const SETTLED: readonly string[] = ['fixed', 'not_affected'];

const comparedItems = ({ documents }: ComparedSide): readonly (Finding | Vulnerability)[] =>
  documents.flatMap(openItems);

/**
 * What is new, unchanged and fixed against a baseline, by identity and so whatever moved; per tool, rule set and
 * version of the identity (formats.md §3). A finding in a renamed file is unchanged: its content is at a new
 * path, and the old one has it no more. A copy is new. What stands on both sides is unchanged whatever the
 * state of the runs; everything else is unknown unless both runs are complete.
 */
export function differential(
  head: ComparedSide,
  baseline: ComparedSide,
): Difference<Finding | Vulnerability> {
  const [now, before] = [comparedItems(head), comparedItems(baseline)];
  const [current, former] = [byKey(now), byKey(before)];
  const incomparable = incomparableTools(head, baseline);
  const gone = [...former].flatMap(([key, item]) => (current.has(key) ? [] : [item]));
  const fresh = [...current].flatMap(([key, item]) => (former.has(key) ? [] : [item]));
  // That a place is gone is only known of complete runs.
  const comparable = ({ tool }: Compared): boolean => !incomparable.has(tool);
  const renames = renamedFrom(fresh.filter(comparable), gone.filter(comparable));
  const moved = new Set(renames.values());
  return {
    head: now.map((item) => {
      const key = findingKey(item);
      if (former.has(key)) return { item, state: 'unchanged' };
      const from = renames.get(current.get(key) ?? item);
      if (from) return { item, state: 'unchanged', renamedFrom: from.path };
      return { item, state: incomparable.has(item.tool) ? 'unknown' : 'new' };
    }),
    gone: gone
      .filter((item) => !moved.has(item))
      .map((item) => ({ item, state: incomparable.has(item.tool) ? 'unknown' : 'fixed' })),
    incomparable,
  };
}

/** Equal for one finding, however many documents report it. */
export const findingKey = ({ tool, identity: { scheme, value, occurrence } }: Compared): string =>
  JSON.stringify([tool, scheme, value, occurrence]);

function byKey<T extends Compared>(items: readonly T[]): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const item of items) {
    const key = findingKey(item);
    if (!first.has(key)) first.set(key, item);
  }
  return first;
}

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

/**
 * A document speaks for the tools it names and for those its findings name. A tool is complete when some run of it
 * is whole, and all that nothing replaced are.
 */
function toolsOf({ documents }: ComparedSide): Tools {
  const tools = new Map<string, { states: Set<string>; schemes: Set<string> }>();
  for (const document of documents) {
    const items: readonly Compared[] = openItems(document);
    for (const tool of new Set([
      ...document.tools.map(({ name }) => name),
      ...items.map((item) => item.tool),
    ])) {
      const known = tools.get(tool) ?? { states: new Set<string>(), schemes: new Set<string>() };
      if (document.state !== SUPERSEDED) known.states.add(document.state);
      for (const item of items) if (item.tool === tool) known.schemes.add(item.identity.scheme);
      tools.set(tool, known);
    }
  }
  return new Map(
    [...tools].map(([tool, { states, schemes }]) => [
      tool,
      { isComplete: states.size === 1 && states.has('COMPLETE'), schemes },
    ]),
  );
}

/** The same scheme in two versions: what looks new may only be named anew. */
function differInVersion(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const versions = (schemes: ReadonlySet<string>): ReadonlyMap<string, string> =>
    new Map([...schemes].map((scheme) => [scheme.replace(/\/\d+$/, ''), scheme]));
  const [left, right] = [versions(a), versions(b)];
  return [...left].some(([name, scheme]) => right.has(name) && right.get(name) !== scheme);
}
