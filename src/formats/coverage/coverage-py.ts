import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import { countIn, isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import { counted } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, type Counted, type FileTally } from './measured.js';

/**
 * Reads coverage.py's JSON report. Judged by the line numbers each file lists, never by `percent_covered`
 * (which mixes in branches and is 100 for nothing); the declared totals are kept beside it, and a difference
 * is said. The unit is the first line of each logical statement.
 */
export function normaliseCoveragePy(root: JsonValue): EvidenceDocument {
  const log = isObject(root) ? root : undefined;
  const meta = objectIn(log, 'meta');
  const listed = objectIn(log, 'files');
  if (!listed) return coverageFailure('coverage.py', { code: 'coverage.py.no-files', params: {} });
  const files = new Map<string, FileTally>();
  const branches = { covered: 0, total: 0 };
  for (const [path, file] of Object.entries(listed)) {
    const lines = isObject(file) ? linesOf(file) : undefined;
    if (!lines || !isObject(file))
      return coverageFailure('coverage.py', {
        code: 'coverage.py.malformed-file',
        params: { file: baseName(path) },
      });
    files.set(path, { counted: null, lines });
    const executed = listIn(file, 'executed_branches')?.length ?? 0;
    branches.covered += executed;
    branches.total += executed + (listIn(file, 'missing_branches')?.length ?? 0);
  }
  const declared = declaredTotals(log);
  return measuredDocument({
    format: 'coverage.py',
    formatVersion: countIn(meta, 'format')?.toString() ?? null,
    tools: [{ name: 'coverage.py', version: textIn(meta, 'version') ?? null, versionFrom: 'file' }],
    basis: 'line',
    files,
    declared,
    others: [{ measure: 'branch', ...branches }],
    schema: declared ? 'valid' : 'lenient',
  });
}

/** A line in both lists was run by one of several merged runs: it is covered. */
function linesOf(file: JsonObject): LineTally | undefined {
  const tally = new LineTally();
  const fits = (['executed_lines', 'missing_lines'] as const).every((key) => {
    const lines = listIn(file, key)?.map((line) => (typeof line === 'number' ? lineNumber(line) : undefined));
    for (const line of lines ?? []) tally.add(line ?? 0, line ?? 0, key === 'executed_lines');
    return lines?.every((line) => line !== undefined) ?? false;
  });
  return fits ? tally : undefined;
}

function declaredTotals(log: JsonObject | undefined): Counted | null {
  const totals = objectIn(log, 'totals');
  return counted(countIn(totals, 'covered_lines'), countIn(totals, 'num_statements')) ?? null;
}
