import type { EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import { LineTally } from './line-tally.js';
import { coverageFailure, measuredDocument } from './measured.js';
import { linesOf } from '../read/lines.js';

const FORMAT = 'go-coverprofile';

const MODE = /^mode: (set|count|atomic)$/;
/** After the file name: start line.column, end line.column, statements, count. */
const BLOCK = /^(\d{1,9})\.\d{1,9},(\d{1,9})\.\d{1,9} (\d{1,9}) (\d{1,20})$/;

interface Block {
  readonly path: string;
  readonly first: number;
  readonly last: number;
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

/** A file name may hold colons and spaces; the position after its last colon holds neither. */
function add(blocks: Map<string, Block>, line: string, number: number): Reason | undefined {
  const colon = line.lastIndexOf(':');
  const match = BLOCK.exec(line.slice(colon + 1));
  if (colon < 1 || !match)
    return {
      code: 'go-coverprofile.malformed-line',
      params: { line: number, column: colon < 1 ? 1 : colon + 2 },
    };
  const [first, last, statements] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const covered = /[1-9]/.test(match[4] ?? ''); // a count may be beyond 2^53; only zero matters
  const position = line.slice(0, line.indexOf(' ', colon));
  const known = blocks.get(position);
  if (!known) blocks.set(position, { path: line.slice(0, colon), first, last, statements, covered });
  else if (known.statements !== statements)
    return {
      code: 'go-coverprofile.statements-conflict',
      params: {
        line: number,
        block: position.slice(0, 500).toWellFormed(),
        first: known.statements,
        second: statements,
      },
    };
  else known.covered ||= covered;
  return undefined;
}

/**
 * Go knows blocks and not lines: every line a block touches, from its brace to the next, takes part in it, and
 * counts as covered when one of its blocks ran.
 */
function measured(blocks: readonly Block[]): EvidenceDocument {
  const files = new Map<string, { counted: { covered: number; total: number }; lines: LineTally }>();
  for (const { path, statements, covered, first, last } of blocks) {
    const file = files.get(path) ?? { counted: { covered: 0, total: 0 }, lines: new LineTally() };
    files.set(path, file);
    file.counted.total += statements;
    if (covered) file.counted.covered += statements;
    if (statements > 0) file.lines.add(first, last, covered);
  }
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: 'go', version: null, versionFrom: 'file' }],
    basis: 'block-statement',
    files,
    declared: null,
  });
}

const failure = (code: string, params: Reason['params']): EvidenceDocument =>
  coverageFailure(FORMAT, { code, params });
