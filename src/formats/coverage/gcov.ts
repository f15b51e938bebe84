import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { Counted, FileTally } from './measured.js';
import type { EvidenceDocument } from '../model/document.js';
import { isObject, listIn, textIn } from '../read/json-view.js';
import { isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument } from './measured.js';

type GccFormat = 'gcov' | 'gcovr';
type Tally = FileTally & { readonly lines: LineTally };

/**
 * Reads what `gcov --json-format` writes about one object file (gcc 9 and later). A line stands once per function that
 * has code on it: per instance of a template, per constructor; it is covered when one of them ran.
 */
export const normaliseGcov = (root: JsonValue): EvidenceDocument => read('gcov', root);

/** Reads gcovr's own JSON: the same lines of many object files, merged; what gcovr excluded is marked and left out. */
export const normaliseGcovr = (root: JsonValue): EvidenceDocument => read('gcovr', root);

const VERSION = { gcov: 'format_version', gcovr: 'gcovr/format_version' } as const;

function read(format: GccFormat, root: JsonValue): EvidenceDocument {
  const log = isObject(root) ? root : undefined;
  const files = new Map<string, Tally>();
  const branches = { covered: 0, total: 0 };
  for (const file of listIn(log, 'files') ?? []) {
    const name = isObject(file) ? (textIn(file, 'file') ?? '') : '';
    const tally = files.get(name)?.lines ?? new LineTally();
    if (name === '' || !isObject(file) || !addLines(tally, branches, file))
      return coverageFailure(format, { code: 'gcov.malformed-file', params: { file: baseName(name) } });
    files.set(name, { counted: null, lines: tally });
  }
  const folder = textIn(log, 'current_working_directory');
  return measuredDocument({
    format,
    formatVersion: textIn(log, VERSION[format]) ?? null,
    tools: [{ name: format, version: textIn(log, 'gcc_version') ?? null, versionFrom: 'file' }],
    basis: 'line',
    files,
    declared: null,
    others: [{ measure: 'branch', ...branches }],
    roots: folder === undefined ? [] : [folder],
  });
}

/** False where a line is none: what it would count is unknown. */
function addLines(tally: LineTally, branches: { covered: number; total: number }, file: JsonObject): boolean {
  const lines = listIn(file, 'lines');
  if (!lines) return false;
  for (const line of lines) {
    if (!isObject(line)) return false;
    if (line['gcovr/noncode'] === true || line['gcovr/excluded'] === true) continue;
    const number = lineNumber(typeof line['line_number'] === 'number' ? line['line_number'] : undefined);
    const hit = isHit(line['count']);
    const ways = branchesOf(line);
    if (number === undefined || hit === undefined || !ways) return false;
    tally.add(number, number, hit);
    branches.covered += ways.covered;
    branches.total += ways.total;
  }
  return true;
}

function branchesOf(line: JsonObject): Counted | undefined {
  const ways = { covered: 0, total: 0 };
  for (const branch of listIn(line, 'branches') ?? []) {
    if (isObject(branch) && branch['gcovr/excluded'] === true) continue;
    const taken = isObject(branch) ? isHit(branch['count']) : undefined;
    if (taken === undefined) return undefined;
    ways.total += 1;
    if (taken) ways.covered += 1;
  }
  return ways;
}
