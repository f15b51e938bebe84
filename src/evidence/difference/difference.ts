import {
  differential,
  findingKey,
  type ComparedDocument,
  type Difference,
  type Incomparable,
} from '../../formats/differential.js';
import type { Finding, Severity } from '../../formats/model/finding.js';
import type { Vulnerability } from '../../formats/model/vulnerability.js';
import { SEVERITIES } from '../../formats/model/finding.js';
import type { Digest } from '../../kernel/digest.js';

/**
 * `unknown`: in the head, and nobody can say whether it is new. `perhaps-fixed`: in the baseline only, and nobody can
 * say that it is gone. Why stands with the tool.
 */
export const DIFFERENCE_STATES = ['new', 'unknown', 'perhaps-fixed', 'fixed', 'unchanged'] as const;
export type DifferenceState = (typeof DIFFERENCE_STATES)[number];

/** One open finding or vulnerability of either version, with the evidence that says so. */
export interface DifferenceItem {
  readonly state: DifferenceState;
  readonly item: Finding | Vulnerability;
  readonly evidence: Digest;
  /** The same content stood at that path in the baseline. */
  readonly renamedFrom: string | null;
}

export interface ArtefactDifference {
  /** What needs looking at first: by state as listed above, then worst first, then by place. */
  readonly items: readonly DifferenceItem[];
  readonly counts: Readonly<Record<DifferenceState, number>>;
  readonly incomparable: ReadonlyMap<string, Incomparable>;
}

/** A side as it is compared, each document with the evidence it was made of. */
export type DifferenceSide = readonly (ComparedDocument & { readonly digest: Digest })[];

/** Everything that is open in either version, told apart. Pure. */
export function artefactDifference(head: DifferenceSide, baseline: DifferenceSide): ArtefactDifference {
  const found = differential({ documents: head }, { documents: baseline });
  const sources = sourcesOf([...head, ...baseline]);
  const items = [...fromHead(found, sources), ...gone(found, sources)].sort(inOrder);
  const counts = Object.fromEntries(DIFFERENCE_STATES.map((state) => [state, 0])) as Record<
    DifferenceState,
    number
  >;
  for (const { state } of items) counts[state] += 1;
  return { items, counts, incomparable: found.incomparable };
}

type Found = Difference<Finding | Vulnerability>;
type Sources = ReadonlyMap<Finding | Vulnerability, Digest>;

/** What several reports name is listed once. */
function fromHead({ head }: Found, sources: Sources): readonly DifferenceItem[] {
  const once = new Map(head.toReversed().map((each) => [findingKey(each.item), each]));
  return [...once.values()].map(({ item, state, renamedFrom = null }) => ({
    ...{ state, item, renamedFrom },
    evidence: of(item, sources),
  }));
}

const gone = ({ gone: left }: Found, sources: Sources): readonly DifferenceItem[] =>
  left.map(({ item, state }) => ({
    state: state === 'fixed' ? 'fixed' : 'perhaps-fixed',
    item,
    renamedFrom: null,
    evidence: of(item, sources),
  }));

function sourcesOf(side: DifferenceSide): Sources {
  const sources = new Map<Finding | Vulnerability, Digest>();
  for (const { digest, findings, vulnerabilities } of side) {
    for (const item of findings) sources.set(item, digest);
    for (const item of vulnerabilities) sources.set(item, digest);
  }
  return sources;
}

function of(item: Finding | Vulnerability, sources: Sources): Digest {
  const digest = sources.get(item);
  if (digest === undefined) throw new Error('an item that stands in no document');
  return digest;
}

/** Unknown first: it may turn out to be critical. */
const WORST_FIRST: readonly Severity[] = ['unknown', ...SEVERITIES.filter((one) => one !== 'unknown')];

function inOrder(a: DifferenceItem, b: DifferenceItem): number {
  return (
    DIFFERENCE_STATES.indexOf(a.state) - DIFFERENCE_STATES.indexOf(b.state) ||
    WORST_FIRST.indexOf(a.item.severity) - WORST_FIRST.indexOf(b.item.severity) ||
    compare(placeOf(a), placeOf(b))
  );
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** In one fixed order, whichever way the evidence came in. */
function placeOf({ item, evidence }: DifferenceItem): string {
  const line = 'startLine' in item ? (item.startLine ?? 0) : 0;
  const { scheme, value, occurrence } = item.identity;
  return JSON.stringify([
    item.path ?? '',
    String(line).padStart(10, '0'),
    item.tool,
    scheme,
    value,
    String(occurrence).padStart(10, '0'),
    evidence,
  ]);
}
