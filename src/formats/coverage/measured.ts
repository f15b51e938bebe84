import type { Coverage, CoverageBasis, FileCoverage, OtherMeasure } from '../model/coverage.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { Dropped, Reason, ToolFact } from '../model/evidence-state.js';
import { shownNames } from './file-names.js';
import { lineCount, type LineTally } from './line-tally.js';

/** More files than this in one report are not read: a monorepo sends its parts one by one. */
export const FILES_LIMIT = 100_000;
/**
 * Ranges of lines kept per report, about 4 MB of document. A report of more keeps none (and says so), so that
 * coverage of changed lines cannot be judged by it; its totals are exact all the same.
 */
export const LINE_RANGES_LIMIT = 300_000;

export interface Counted {
  readonly covered: number;
  readonly total: number;
}

/** One file as a reader counted it. `counted: null`: what counts are its lines. */
export interface FileTally {
  readonly counted: Counted | null;
  readonly lines: LineTally | null;
}

export interface Measured {
  readonly format: string;
  readonly formatVersion?: string | null;
  readonly tools: readonly ToolFact[];
  readonly basis: CoverageBasis;
  /** By the name the report gives each file. */
  readonly files: ReadonlyMap<string, FileTally>;
  readonly declared: Counted | null;
  readonly others?: readonly OtherMeasure[];
  /** Absolute folders the report names. */
  readonly roots?: readonly string[];
  readonly reasons?: readonly Reason[];
  readonly schema?: EvidenceDocument['schema'];
  readonly dropped?: readonly Dropped[];
}

/** The document of what a reader counted: sums, names, limits and the comparison with the report's own totals. */
export function measuredDocument(measured: Measured): EvidenceDocument {
  const { format, files, declared, reasons = [], dropped = [] } = measured;
  if (files.size > FILES_LIMIT)
    return coverageFailure(format, {
      code: 'coverage.too-many-files',
      params: { count: files.size, limit: FILES_LIMIT },
    });
  const listed = namedFiles(files, measured.roots);
  if ('twice' in listed)
    return coverageFailure(format, { code: 'coverage.file-twice', params: { file: listed.twice } });
  const { covered, total } = files.size === 0 && declared ? declared : sum(listed.files);
  if (!Number.isSafeInteger(total))
    return coverageFailure(format, { code: 'coverage.too-large', params: {} });
  const kept = withinLimit(listed.files);
  const coverage: Coverage = {
    covered,
    total,
    basis: measured.basis,
    declared,
    others: (measured.others ?? []).filter((other) => other.total > 0),
    files: kept.files,
  };
  return aDocument({
    format,
    formatVersion: measured.formatVersion ?? null,
    kinds: ['coverage'],
    state: total === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: [...reasons, ...remarks(coverage)],
    tools: measured.tools,
    schema: measured.schema ?? 'valid',
    coverage,
    dropped: [...dropped, ...kept.dropped],
  });
}

/** Nothing of the report is judged: it says something that cannot be. */
export const coverageFailure = (
  format: string,
  reason: Reason,
  state: 'ERROR' | 'UNKNOWN' = 'ERROR',
): EvidenceDocument => unreadable(format, ['coverage'], reason, state);

export const sum = (parts: Iterable<Counted>): Counted => {
  let [covered, total] = [0, 0];
  for (const part of parts) {
    covered += part.covered;
    total += part.total;
  }
  return { covered, total };
};

function remarks({ covered, total, declared, files }: Coverage): Reason[] {
  const reasons: Reason[] = [];
  if (total === 0) reasons.push({ code: 'coverage.nothing-measured', params: {} });
  if (total > 0 && files.length === 0) reasons.push({ code: 'coverage.totals-only', params: {} });
  if (declared && (declared.covered !== covered || declared.total !== total))
    reasons.push({
      code: 'coverage.declared-differs',
      params: { covered, total, declaredCovered: declared.covered, declaredTotal: declared.total },
    });
  return reasons;
}

/** Two names of one file are one file where lines can be merged; other counts cannot be. */
function namedFiles(
  files: ReadonlyMap<string, FileTally>,
  roots?: readonly string[],
): { readonly files: readonly FileCoverage[] } | { readonly twice: string } {
  const names = shownNames(files.keys(), roots);
  const byName = new Map<string, FileTally>();
  for (const [name, tally] of files) {
    const shown = names.get(name) ?? name;
    const known = byName.get(shown);
    if (known === undefined) byName.set(shown, tally);
    else if (known.counted === null && tally.counted === null && tally.lines)
      known.lines?.addAll(tally.lines);
    else return { twice: shown };
  }
  return { files: [...byName].map(([path, tally]) => fileCoverage(path, tally)).sort(byPath) };
}

function fileCoverage(path: string, { counted, lines: tally }: FileTally): FileCoverage {
  const lines = tally?.lines() ?? null;
  if (counted) return { path, ...counted, lines };
  const covered = lineCount(lines?.covered ?? []);
  return { path, covered, total: covered + lineCount(lines?.uncovered ?? []), lines };
}

const byPath = (one: FileCoverage, other: FileCoverage): number => (one.path < other.path ? -1 : 1);

function withinLimit(files: readonly FileCoverage[]): {
  readonly files: readonly FileCoverage[];
  readonly dropped: readonly Dropped[];
} {
  const ranges = files.reduce(
    (count, { lines }) => count + (lines ? lines.covered.length + lines.uncovered.length : 0),
    0,
  );
  if (ranges <= LINE_RANGES_LIMIT) return { files, dropped: [] };
  return {
    files: files.map((file) => ({ ...file, lines: null })),
    dropped: [{ what: 'line-ranges', count: ranges, why: 'more-than-are-kept' }],
  };
}
