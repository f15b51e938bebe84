import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { OtherMeasure } from '../model/coverage.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import { countIn, isObject, objectIn } from '../read/json-view.js';
import { isHit } from './counts.js';
import { toolOf } from './istanbul-summary.js';
import { LineTally, lineCount, lineNumber } from './line-tally.js';
import { baseName } from './file-names.js';
import { coverageFailure, measuredDocument, sum, type Counted, type FileTally } from './measured.js';

const FORMAT = 'istanbul-final';

/**
 * Whose map a file holds. `v8`: one entry per line of the source, blank ones included, which no syntax tree has.
 * `istanbul`: entries that are not whole lines in a row. `either`: every line is one statement, or there is none.
 */
type Maker = 'v8' | 'istanbul' | 'either';

interface FinalFile extends FileTally {
  readonly counted: Counted;
  readonly lines: LineTally;
  readonly maker: Maker;
  readonly branches: Counted;
  readonly functions: Counted;
}

/**
 * Reads `coverage-final.json` of Istanbul, nyc, Jest, Vitest and c8: maps of statements, functions and branches
 * with their hits, per file. Tools that ask V8 write one "statement" per line, number n-1 on line n from column 0;
 * what they count are lines. A report of both kinds (merged from two tools) has no one basis: UNKNOWN.
 */
export function normaliseIstanbulFinal(root: JsonValue): EvidenceDocument {
  const files = new Map<string, FinalFile>();
  for (const [path, value] of Object.entries(isObject(root) ? root : {})) {
    const file = isObject(value) ? finalFile(value) : undefined;
    if (!file) return coverageFailure(FORMAT, malformed(path));
    files.set(path, file);
  }
  const makers = new Set([...files.values()].map(({ maker }) => maker));
  if (makers.has('v8') && makers.has('istanbul'))
    return coverageFailure(FORMAT, { code: 'istanbul.bases-mixed', params: {} }, 'UNKNOWN');
  const basis = makers.has('istanbul') ? 'statement' : 'line';
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: toolOf(basis), version: null, versionFrom: 'file' }],
    basis,
    files: basis === 'line' ? linesOnly(files) : files,
    declared: null,
    others: othersOf([...files.values()], basis === 'statement'),
  });
}

const linesOnly = (files: ReadonlyMap<string, FinalFile>): ReadonlyMap<string, FileTally> =>
  new Map([...files].map(([path, { lines }]) => [path, { counted: null, lines }]));

function othersOf(files: readonly FinalFile[], withLines: boolean): OtherMeasure[] {
  const lines = withLines ? files.map((file) => file.lines.lines()) : [];
  const covered = sum(
    lines.map((one) => ({ covered: lineCount(one.covered), total: lineCount(one.uncovered) })),
  );
  return [
    { measure: 'line', covered: covered.covered, total: covered.covered + covered.total },
    { measure: 'branch', ...sum(files.map(({ branches }) => branches)) },
    { measure: 'function', ...sum(files.map(({ functions }) => functions)) },
  ];
}

function finalFile(value: JsonObject): FinalFile | undefined {
  const statements = objectIn(value, 'statementMap');
  const hits = objectIn(value, 's');
  if (!statements || !hits || Object.keys(hits).length !== Object.keys(statements).length) return undefined;
  const lines = new LineTally();
  const shape = { rows: true, blank: false };
  let covered = 0;
  for (const [key, place] of Object.entries(statements)) {
    const hit = Object.hasOwn(hits, key) ? isHit(hits[key]) : undefined;
    const span = isObject(place) ? spanOf(place) : undefined;
    if (hit === undefined || !span) return undefined;
    if (hit) covered++;
    lines.add(span.line, span.line, hit);
    shape.rows &&= String(span.line - 1) === key && span.column === 0 && span.endLine === span.line;
    shape.blank ||= span.endLine === span.line && span.endColumn === span.column;
  }
  const branches = branchesOf(objectIn(value, 'b'));
  const functions = hitsOf(Object.values(objectIn(value, 'f') ?? {}));
  if (!branches || !functions) return undefined;
  const maker = !shape.rows ? 'istanbul' : shape.blank ? 'v8' : 'either';
  return { counted: { covered, total: Object.keys(statements).length }, lines, maker, branches, functions };
}

interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Statements begin somewhere; where they end may be unknown (null or Infinity in some versions). */
function spanOf(place: JsonObject): Span | undefined {
  const [start, end] = [objectIn(place, 'start'), objectIn(place, 'end')];
  const line = lineNumber(countIn(start, 'line'));
  if (line === undefined || line < 1) return undefined;
  return {
    line,
    column: countIn(start, 'column') ?? -1,
    endLine: countIn(end, 'line') ?? -1,
    endColumn: countIn(end, 'column') ?? -1,
  };
}

/** A branch has one count per way it can go. */
function branchesOf(branches: JsonObject | undefined): Counted | undefined {
  const ways = Object.values(branches ?? {});
  const lists = ways.filter((way): way is readonly JsonValue[] => Array.isArray(way));
  return lists.length === ways.length ? hitsOf(lists.flat()) : undefined;
}

function hitsOf(counts: readonly JsonValue[]): Counted | undefined {
  const hits = counts.map(isHit);
  if (hits.includes(undefined)) return undefined;
  return { covered: hits.filter((hit) => hit === true).length, total: counts.length };
}

const malformed = (path: string): Reason => ({
  code: 'istanbul.malformed-entry',
  params: { entry: baseName(path) },
});
