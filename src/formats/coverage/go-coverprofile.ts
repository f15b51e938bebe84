import type { FileCoverage } from '../model/coverage.js';
import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';

const MODE = /^mode: (set|count|atomic)$/;
/** After the file name: start line.column, end line.column, statements, count. */
const BLOCK = /^\d{1,9}\.\d{1,9},\d{1,9}\.\d{1,9} (\d{1,9}) (\d{1,20})$/;

interface Block {
  readonly path: string;
  readonly statements: number;
  covered: boolean;
}

/**
 * Reads a Go coverprofile. A block stands once per test binary that could have run it (`-coverpkg`), so equal
 * blocks are merged before anything is counted. Go merges by OR for mode set and by sum otherwise; whether a
 * sum is above 0 is the same OR. Joined files repeat the mode line; another mode, or another number of
 * statements for the same block, means that the parts do not belong together.
 */
export function normaliseGoCoverprofile(text: string): EvidenceDocument {
  const blocks = new Map<string, Block>();
  let mode: string | undefined;
  for (const [number, line] of linesOf(text)) {
    if (line === '') continue;
    const newMode = MODE.exec(line)?.[1];
    if (newMode !== undefined) {
      if (mode !== undefined && mode !== newMode)
        return failure('go-coverprofile.mode-conflict', { line: number, first: mode, second: newMode });
      mode = newMode;
      continue;
    }
    if (mode === undefined) return failure('go-coverprofile.no-mode', { line: number, column: 1 });
    const problem = add(blocks, line, number);
    if (problem) return failure(problem.code, problem.params);
  }
  return mode === undefined
    ? failure('go-coverprofile.no-mode', { line: 1, column: 1 })
    : measured([...blocks.values()]);
}

function* linesOf(text: string): Generator<[number, string]> {
  let number = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield [++number, text.slice(start, end).trimEnd()];
    start = end + 1;
  }
}

/** A file name may hold colons and spaces; the position after its last colon holds neither. */
function add(blocks: Map<string, Block>, line: string, number: number): Reason | undefined {
  const colon = line.lastIndexOf(':');
  const match = BLOCK.exec(line.slice(colon + 1));
  if (colon < 1 || !match)
    return {
      code: 'go-coverprofile.malformed-line',
      params: { line: number, column: colon < 1 ? 1 : colon + 2 },
    };
  const statements = Number(match[1]);
  const covered = /[1-9]/.test(match[2] ?? ''); // a count may be beyond 2^53; only zero matters
  const position = line.slice(0, line.indexOf(' ', colon));
  const known = blocks.get(position);
  if (!known) blocks.set(position, { path: line.slice(0, colon), statements, covered });
  else if (known.statements !== statements)
    return {
      code: 'go-coverprofile.statements-conflict',
      params: { line: number, block: position.slice(0, 500), first: known.statements, second: statements },
    };
  else known.covered ||= covered;
  return undefined;
}

function measured(blocks: readonly Block[]): EvidenceDocument {
  const files = new Map<string, { path: string; covered: number; total: number }>();
  for (const { path, statements, covered } of blocks) {
    const file = files.get(path) ?? { path, covered: 0, total: 0 };
    files.set(path, file);
    file.total += statements;
    if (covered) file.covered += statements;
  }
  return coverageDocument([...files.values()]);
}

function coverageDocument(files: readonly FileCoverage[]): EvidenceDocument {
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const total = files.reduce((sum, file) => sum + file.total, 0);
  return aDocument({
    format: 'go-coverprofile',
    kinds: ['coverage'],
    state: total === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: total === 0 ? [{ code: 'coverage.nothing-measured', params: {} }] : [],
    tools: [{ name: 'go', version: null, versionFrom: 'file' }],
    coverage: { covered, total, basis: 'block-statement', declared: null, files: sortedByPath(files) },
  });
}

const sortedByPath = (files: readonly FileCoverage[]): FileCoverage[] =>
  [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

const failure = (code: string, params: Reason['params']): EvidenceDocument =>
  aDocument({
    format: 'go-coverprofile',
    kinds: ['coverage'],
    state: 'ERROR',
    reasons: [{ code, params }],
    schema: 'invalid',
  });
