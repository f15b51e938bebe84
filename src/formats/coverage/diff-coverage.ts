import type { Coverage, FileCoverage, LineRange } from '../model/coverage.js';
import type { ChangedFile } from '../model/source.js';
import { LineTally, lineCount } from './line-tally.js';

/** A coverage report with the format it was read from, which decides how it names files. */
export interface ReadCoverage {
  readonly format: string;
  readonly coverage: Coverage;
}

export interface DiffCoverage {
  /** Changed lines that some test reached, of those that some report speaks of. 0 of 0 is not measured. */
  readonly covered: number;
  readonly total: number;
  readonly files: readonly {
    readonly path: string;
    readonly covered: number;
    readonly total: number;
    readonly uncovered: readonly LineRange[];
  }[];
  /** Changed files with new lines of which no report has lines. */
  readonly unmeasured: readonly string[];
}

/**
 * The changed lines of a patch held against coverage reports, as rego/rules/diff-coverage-floor judges them: a line is
 * reached when one report says so, whatever else that report counts. Integers only; no percentage is made.
 */
export function diffCoverage(
  changed: readonly ChangedFile[],
  reports: readonly ReadCoverage[],
): DiffCoverage {
  const files: DiffCoverage['files'][number][] = [];
  const unmeasured: string[] = [];
  for (const { path, lines } of changed.filter((file) => file.lines.length > 0)) {
    const tally = new LineTally();
    let isMeasured = false;
    for (const report of reports) {
      const found = fileNamed(report, path)?.lines;
      if (!found) continue;
      isMeasured = true;
      for (const [from, to] of common(lines, found.covered)) tally.add(from, to, true);
      for (const [from, to] of common(lines, found.uncovered)) tally.add(from, to, false);
    }
    if (!isMeasured) {
      unmeasured.push(path);
      continue;
    }
    const { covered, uncovered } = tally.lines();
    const reached = lineCount(covered);
    files.push({ path, covered: reached, total: reached + lineCount(uncovered), uncovered });
  }
  const sum = (part: 'covered' | 'total'): number => files.reduce((all, file) => all + file[part], 0);
  return { covered: sum('covered'), total: sum('total'), files, unmeasured };
}

/**
 * The file a report means by a path of the repository: its own, or the only one that can be meant by what the report
 * knows of it, which is the end of the path (`…/a.js`), a path below a source folder, or below a Go module.
 */
export function fileNamed({ format, coverage }: ReadCoverage, path: string): FileCoverage | undefined {
  const same = coverage.files.find((file) => file.path === path);
  if (same) return same;
  const fitting = coverage.files.filter((file) => {
    const known = file.path.startsWith('…/') ? file.path.slice(2) : file.path;
    if (endsWith(path, known)) return true;
    const module = known.slice(0, known.length - path.length);
    return (
      format === 'go-coverprofile' &&
      endsWith(known, path) &&
      coverage.files.every((one) => one.path.startsWith(module))
    );
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

const endsWith = (path: string, end: string): boolean => `/${path}`.endsWith(`/${end}`);

function common(ranges: readonly LineRange[], others: readonly LineRange[]): LineRange[] {
  const shared: LineRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    while ((others[next]?.[1] ?? Infinity) < from) next++;
    for (let at = next; (others[at]?.[0] ?? Infinity) <= to; at++) {
      const [otherFrom, otherTo] = others[at] ?? [0, 0];
      shared.push([Math.max(from, otherFrom), Math.min(to, otherTo)]);
    }
  }
  return shared;
}
