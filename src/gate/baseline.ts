import { differential, openItems, type ComparedDocument, type Compared } from '../formats/differential.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { TooMany } from './finding-selection.js';
import type { JudgedBaseline, ReadEvidence } from './subject.js';

/** The evidence of a baseline, as far as the rules of a checklist look at it. */
export interface GatheredBaseline {
  /** Empty where it is too much. */
  readonly evidence: readonly ReadEvidence[];
  /** Why it was not read. A part of a baseline would make old findings new. */
  readonly left: TooMany | null;
}

/** Where an item stands in what rules see: `input.evidence[evidence][list][at]`. */
type Place = {
  readonly evidence: number;
  readonly list: 'findings' | 'vulnerabilities';
  readonly at: number;
};

/**
 * What rules see as `input.baseline`: which of the open findings and vulnerabilities that they were given were not
 * in the baseline, by place, and of which nobody can say, with why, by tool. Those that stood there are in neither
 * list. Both sides are held to the same floor: what was below it then and is above it now is new.
 */
export function againstBaseline(
  { artId, digest }: JudgedBaseline,
  head: readonly JsonObject[],
  before: (GatheredBaseline & { readonly documents: readonly JsonObject[] }) | undefined,
): JsonObject {
  if (!before) throw new Error('a baseline is judged against as it was gathered');
  const base = { artId, digest };
  if (before.left) {
    const { code, count, limit } = before.left;
    return { ...base, problem: { code, params: { count, limit } }, incomparable: {}, new: [], unknown: [] };
  }
  const now = head.map(asCompared);
  const found = differential({ documents: now }, { documents: before.documents.map(asCompared) });
  const places = placesOf(now);
  const standing = (state: string): readonly Place[] =>
    found.head.flatMap((each) => (each.state === state ? (places.get(each.item) ?? []) : []));
  return {
    ...base,
    problem: null,
    incomparable: Object.fromEntries(found.incomparable),
    new: [...standing('new')],
    unknown: [...standing('unknown')],
  };
}

/** Of a document whose digest was checked; those of earlier releases have no vulnerabilities. */
const asCompared = (document: JsonObject): ComparedDocument =>
  ({ tools: [], findings: [], vulnerabilities: [], ...document }) as unknown as ComparedDocument;

function placesOf(documents: readonly ComparedDocument[]): ReadonlyMap<Compared, Place> {
  const places = new Map<Compared, Place>();
  for (const [evidence, document] of documents.entries()) {
    const open = new Set<Compared>(openItems(document));
    for (const list of ['findings', 'vulnerabilities'] as const)
      for (const [at, item] of document[list].entries())
        if (open.has(item)) places.set(item, { evidence, list, at });
  }
  return places;
}
