import type { Instant } from '../kernel/clock.js';
import type { EvidenceDocument } from './model/document.js';

/** What has to be known of a piece of evidence to say whether a later one took its place. */
export interface DatedDocument {
  readonly collectedAt: Instant;
  /** Which part of which set it is; a part only ever takes the place of the same part. */
  readonly part?: { readonly set: string; readonly part: number; readonly of: number } | null | undefined;
  readonly document: Pick<EvidenceDocument, 'format' | 'kinds' | 'state' | 'tools'>;
}

/**
 * Evidence of runs that did not go well and that a later, whole run of the same tool about the same kinds has
 * replaced (ADR 0025). That such a run did not finish is no longer a gap; what it did see still counts. Later is
 * later by `collectedAt`: of two that were collected at one instant neither replaces the other. A report that
 * names no tool is told by its format; of one that nobody could recognise nobody knows what would replace it.
 */
export function superseded<T extends DatedDocument>(evidence: readonly T[]): ReadonlySet<T> {
  const newest = new Map<string, Instant>();
  for (const item of evidence) {
    const run = item.document.state === 'COMPLETE' ? runOf(item) : undefined;
    if (run !== undefined) newest.set(run, Math.max(newest.get(run) ?? item.collectedAt, item.collectedAt));
  }
  return new Set(
    evidence.filter((item) => {
      if (item.document.state === 'COMPLETE') return false;
      const run = runOf(item);
      return run !== undefined && item.collectedAt < (newest.get(run) ?? Number.NEGATIVE_INFINITY);
    }),
  );
}

function runOf({ document: { format, kinds, tools }, part }: DatedDocument): string | undefined {
  const names = tools.map(({ name }) => name.toLowerCase()).sort();
  const isKnown = kinds.length > 0 && (names.length > 0 || format !== 'unknown');
  const of = part ? [part.set, part.part, part.of] : null;
  return isKnown ? JSON.stringify([names.length > 0 ? names : format, [...kinds].sort(), of]) : undefined;
}
