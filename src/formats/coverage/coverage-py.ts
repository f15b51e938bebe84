import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { FileCoverage } from '../model/coverage.js';
import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import { countIn, isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import { repositoryPath } from '../read/path.js';

/**
 * Reads coverage.py's JSON report. Judged by the line numbers each file lists, never by `percent_covered`
 * (which mixes in branches and is 100 for nothing); the declared totals are kept beside it, and a difference
 * is said. The unit is the first line of each logical statement.
 */
export function normaliseCoveragePy(root: JsonValue): EvidenceDocument {
  const log = isObject(root) ? root : undefined;
  const meta = objectIn(log, 'meta');
  const listed = objectIn(log, 'files');
  if (!listed) return failure({ code: 'coverage.py.no-files', params: {} });
  const files: FileCoverage[] = [];
  for (const [path, file] of Object.entries(listed)) {
    const counted = isObject(file) ? countFile(file) : undefined;
    if (!counted) return failure({ code: 'coverage.py.malformed-file', params: { file: shown(path) } });
    files.push({ path: shown(path), ...counted });
  }
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const declared = declaredTotals(log);
  const reasons: Reason[] = [];
  if (total === 0) reasons.push({ code: 'coverage.nothing-measured', params: {} });
  if (declared && (declared.covered !== covered || declared.total !== total))
    reasons.push({
      code: 'coverage.declared-differs',
      params: { covered, total, declaredCovered: declared.covered, declaredTotal: declared.total },
    });
  return aDocument({
    format: 'coverage.py',
    formatVersion: countIn(meta, 'format')?.toString() ?? null,
    kinds: ['coverage'],
    state: total === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons,
    tools: [{ name: 'coverage.py', version: textIn(meta, 'version') ?? null, versionFrom: 'file' }],
    schema: declared ? 'valid' : 'lenient',
    coverage: {
      covered,
      total,
      basis: 'line',
      declared,
      files: files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    },
  });
}

/** A line in both lists was run by one of several merged runs: it is covered. */
function countFile(file: JsonObject): { covered: number; total: number } | undefined {
  const executed = lineNumbers(file, 'executed_lines');
  const missing = lineNumbers(file, 'missing_lines');
  if (!executed || !missing) return undefined;
  return { covered: executed.size, total: new Set([...executed, ...missing]).size };
}

function lineNumbers(file: JsonObject, key: string): Set<number> | undefined {
  const lines = listIn(file, key);
  const numbers = lines?.filter(
    (line): line is number => typeof line === 'number' && Number.isSafeInteger(line),
  );
  return numbers && numbers.length === lines?.length ? new Set(numbers) : undefined;
}

function declaredTotals(log: JsonObject | undefined): { covered: number; total: number } | null {
  const totals = objectIn(log, 'totals');
  const covered = countIn(totals, 'covered_lines');
  const total = countIn(totals, 'num_statements');
  return covered === undefined || total === undefined ? null : { covered, total };
}

/** A file outside the repository keeps its name only: the folders above it are somebody's machine. */
function shown(path: string): string {
  return repositoryPath(path) ?? `…/${path.split(/[\\/]/).at(-1) ?? ''}`;
}

const failure = (reason: Reason): EvidenceDocument =>
  aDocument({
    format: 'coverage.py',
    kinds: ['coverage'],
    state: 'ERROR',
    reasons: [reason],
    schema: 'invalid',
  });
