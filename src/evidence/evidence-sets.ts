import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { EvidencePart } from './part.js';
import { SUPERSEDED } from '../formats/differential.js';
import { superseded, type DatedDocument } from '../formats/superseded.js';
import type { Instant } from '../kernel/clock.js';

/** Evidence that may be part of a set, with its normal form. */
interface MaybePart {
  readonly part?: EvidencePart | null;
  readonly document: JsonObject;
}

/** Parts are named up to here; how many there are is always said. */
const NAMED = 20;

/**
 * Why a set cannot be judged, by its name; sets that can are not in it. Evidence in parts is judged as one: a
 * part that is missing could hold anything, and so could one that is not complete.
 */
export function setFaults(evidence: readonly MaybePart[]): ReadonlyMap<string, JsonObject> {
  const sets = new Map<string, (MaybePart & { part: EvidencePart })[]>();
  for (const item of evidence)
    if (item.part)
      sets.set(item.part.set, [...(sets.get(item.part.set) ?? []), { ...item, part: item.part }]);
  return new Map(
    [...sets].flatMap(([set, parts]) => {
      const fault = faultOf(set, parts);
      return fault ? [[set, fault] as const] : [];
    }),
  );
}

/** The document as rules see it: part of a set that cannot be judged, it cannot be relied on either. */
export function inItsSet(
  { part }: MaybePart,
  document: JsonObject,
  faults: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const fault = part && faults.get(part.set);
  if (!fault) return document;
  const { state, reasons } = document;
  const known: readonly JsonValue[] = Array.isArray(reasons) ? (reasons as readonly JsonValue[]) : [];
  const relied = state === 'COMPLETE' || state === 'STALE';
  return { ...document, state: relied ? 'INCOMPLETE' : (state ?? null), reasons: [...known, fault] };
}

/** Evidence with its normal form, and when its tool ran. */
export interface StandingEvidence extends MaybePart {
  readonly collectedAt: Instant;
}

/**
 * The documents in the order of the evidence, each in the state in which it can be relied on: as part of its set, and
 * as a run that a later one may have replaced. `seen` is the document before that.
 */
export function inStanding<T extends StandingEvidence>(
  evidence: readonly T[],
  seen: (item: T) => JsonObject,
): readonly JsonObject[] {
  const replaced = replacedRuns(evidence);
  const faults = setFaults(evidence.filter((item) => !replaced.has(item)));
  return evidence.map((item) =>
    replaced.has(item) ? asReplaced(item.document, seen(item)) : inItsSet(item, seen(item), faults),
  );
}

/** Runs that did not go well and that a later one of the same tool has replaced (ADR 0025). */
function replacedRuns<T extends StandingEvidence>(evidence: readonly T[]): ReadonlySet<T> {
  // Of a document whose digest was checked: what we wrote has this shape.
  const dated = evidence.map((item) => ({
    item,
    collectedAt: item.collectedAt,
    part: item.part,
    document: {
      ...{ format: 'unknown', kinds: [], tools: [] },
      ...item.document,
    } as unknown as DatedDocument['document'],
  }));
  return new Set([...superseded(dated)].map(({ item }) => item));
}

/** The document as it stands: its findings count, that its run did not go well does not. */
function asReplaced({ state }: JsonObject, seen: JsonObject): JsonObject {
  const { reasons } = seen;
  const known: readonly JsonValue[] = Array.isArray(reasons) ? (reasons as readonly JsonValue[]) : [];
  const reason = { code: 'evidence.superseded', params: { state: state ?? null } };
  return { ...seen, state: SUPERSEDED, reasons: [...known, reason] };
}

function faultOf(
  set: string,
  parts: readonly (MaybePart & { part: EvidencePart })[],
): JsonObject | undefined {
  const sizes = [...new Set(parts.map(({ part }) => part.of))].sort((a, b) => a - b);
  const of = sizes.at(-1) ?? 0;
  if (sizes.length > 1) return { code: 'evidence.set-disagrees', params: { set, of: sizes.join(', ') } };
  const present = new Set(parts.map(({ part }) => part.part));
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((number) => !present.has(number));
  if (missing.length > 0)
    return {
      code: 'evidence.set-incomplete',
      params: { set, of, count: missing.length, parts: named(missing) },
    };
  const unusable = parts
    .filter(({ document }) => document['state'] !== 'COMPLETE')
    .map(({ part }) => part.part);
  if (unusable.length === 0) return undefined;
  const numbers = [...new Set(unusable)].sort((a, b) => a - b);
  return { code: 'evidence.set-unusable', params: { set, of, count: numbers.length, parts: named(numbers) } };
}

const named = (numbers: readonly number[]): string =>
  numbers.slice(0, NAMED).join(', ') + (numbers.length > NAMED ? ', …' : '');
