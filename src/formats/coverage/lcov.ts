import type { OtherMeasure } from '../model/coverage.js';
import type { EvidenceDocument } from '../model/document.js';
import { countOf, isHit } from './counts.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, type Counted, type FileTally } from './measured.js';
import { linesOf } from '../read/lines.js';

const FORMAT = 'lcov';

interface LcovFile extends FileTally {
  readonly counted: null;
  readonly lines: LineTally;
  /** By name, or by the line they begin on (FNL); whether one run entered them. */
  readonly functions: Map<string, boolean>;
  /** By line, block and branch; whether one run took them. */
  readonly branches: Map<string, boolean>;
}

interface Reading {
  readonly files: Map<string, LcovFile>;
  /** Sums of LH and LF; null until a record has one. */
  declared: Counted | null;
  record: LcovFile | null;
  /** FNL: the line a function begins on, by its index in the record. */
  functionLines: Map<string, string>;
}

/**
 * Reads an LCOV tracefile (geninfo(1), lcov up to 2.3). One source may stand in several records, of several tests,
 * and one line twice in a record: what counts are unique lines, and whether any of them ran. LF and LH are
 * somebody's sums, often of the lines before they were unique, and kept as what the file declares. A record that
 * does not end, or a line nobody can read, means that the file was cut or damaged: ERROR, not what is left of it.
 */
export function normaliseLcov(text: string): EvidenceDocument {
  const reading: Reading = { files: new Map(), declared: null, record: null, functionLines: new Map() };
  let last = 0;
  for (const [number, line] of linesOf(text)) {
    last = number;
    if (line === '' || line.startsWith('#')) continue;
    const problem = readLine(reading, line);
    if (problem) return coverageFailure(FORMAT, { code: problem, params: { line: number } });
  }
  if (reading.record)
    return coverageFailure(FORMAT, { code: 'lcov.record-not-closed', params: { line: last } });
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: 'lcov', version: null, versionFrom: 'file' }],
    basis: 'line',
    files: reading.files,
    declared: reading.declared,
    others: [others('branch', reading), others('function', reading)],
  });
}

const others = (measure: 'branch' | 'function', { files }: Reading): OtherMeasure => {
  const maps = [...files.values()].map((file) => (measure === 'branch' ? file.branches : file.functions));
  let [covered, total] = [0, 0];
  for (const map of maps) {
    total += map.size;
    for (const hit of map.values()) if (hit) covered++;
  }
  return { measure, covered, total };
};

/** The code of what is wrong with the line, if anything is. */
function readLine(reading: Reading, line: string): string | undefined {
  if (reading.record && readPlainHits(reading.record.lines, line)) return undefined;
  if (line === 'end_of_record') {
    reading.record = null;
    return undefined;
  }
  const colon = line.indexOf(':');
  const tag = line.slice(0, colon);
  const rest = line.slice(colon + 1);
  if (colon < 1 || !/^[A-Z]{2,5}$/.test(tag)) return 'lcov.malformed-line';
  if (tag === 'TN' || tag === 'VER') return undefined;
  if (tag === 'SF') return openRecord(reading, rest);
  if (!reading.record) return 'lcov.line-outside-record';
  return readFact(reading, reading.record, tag, rest) ? undefined : 'lcov.malformed-line';
}

/** `DA:12,3`, which is nearly every line of a large file, without taking it apart; false for anything else. */
function readPlainHits(lines: LineTally, text: string): boolean {
  if (!text.startsWith('DA:')) return false;
  const comma = text.indexOf(',', 3);
  if (comma < 4 || comma > 12) return false; // more than 9 digits are left to the careful way
  let line = 0;
  for (let at = 3; at < comma; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return false;
    line = line * 10 + digit;
  }
  let hits = 0;
  for (let at = comma + 1; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return false;
    hits |= digit;
  }
  if (comma + 1 === text.length) return false;
  lines.add(line, line, hits > 0);
  return true;
}

function openRecord(reading: Reading, path: string): string | undefined {
  if (reading.record) return 'lcov.record-not-closed';
  reading.record = reading.files.get(path) ?? {
    counted: null,
    lines: new LineTally(),
    functions: new Map(),
    branches: new Map(),
  };
  reading.files.set(path, reading.record);
  reading.functionLines = new Map();
  return path === '' ? 'lcov.malformed-line' : undefined;
}

/** Whether the line could be read; tags that say nothing of coverage, or only sums of other lines, always can. */
function readFact(reading: Reading, record: LcovFile, tag: string, rest: string): boolean {
  switch (tag) {
    case 'DA':
      return readLineHits(record, rest);
    case 'BRDA':
      return readBranch(record, rest);
    case 'FNDA':
      return readCalls(record.functions, rest, (name) => name);
    case 'FNA': // index, hits, name: several names may stand for one function
      return readCalls(record.functions, withoutField(rest), () => reading.functionLines.get(field(rest)));
    case 'FN':
      return readFunction(record, rest);
    case 'FNL': {
      const start = `line ${field(withoutField(rest))}`;
      reading.functionLines.set(field(rest), start);
      if (!record.functions.has(start)) record.functions.set(start, false);
      return true;
    }
    case 'LF':
    case 'LH':
      return readSum(reading, tag === 'LH' ? 'covered' : 'total', rest);
    default:
      return true;
  }
}

const field = (rest: string): string => (rest.includes(',') ? rest.slice(0, rest.indexOf(',')) : rest);
const withoutField = (rest: string): string => (rest.includes(',') ? rest.slice(rest.indexOf(',') + 1) : '');

/** line, hits, and optionally a checksum of the source line. */
function readLineHits({ lines }: LcovFile, rest: string): boolean {
  const line = lineNumber(field(rest));
  const hit = isHit(field(withoutField(rest)));
  if (line === undefined || hit === undefined) return false;
  lines.add(line, line, hit);
  return true;
}

/** line, block (`e` before it: an exception), branch (a number, or an expression with commas), hits or `-`. */
function readBranch({ branches }: LcovFile, rest: string): boolean {
  const comma = rest.lastIndexOf(',');
  const taken = rest.slice(comma + 1);
  const hit = taken === '-' ? false : isHit(taken);
  if (hit === undefined || lineNumber(field(rest)) === undefined) return false;
  const branch = rest.slice(0, comma);
  branches.set(branch, hit || branches.get(branch) === true);
  return true;
}

/** line, optionally the last line, and a name that may hold commas. */
function readFunction({ functions }: LcovFile, rest: string): boolean {
  const afterLine = withoutField(rest);
  const hasEnd = afterLine.includes(',') && lineNumber(field(afterLine)) !== undefined;
  const name = hasEnd ? withoutField(afterLine) : afterLine;
  if (lineNumber(field(rest)) === undefined || afterLine === '') return false;
  if (!functions.has(name)) functions.set(name, false);
  return true;
}

function readCalls(
  functions: Map<string, boolean>,
  rest: string,
  keyOf: (name: string) => string | undefined,
): boolean {
  const hit = isHit(field(rest));
  const key = keyOf(withoutField(rest));
  if (hit === undefined || key === undefined) return false;
  functions.set(key, hit || functions.get(key) === true);
  return true;
}

function readSum(reading: Reading, part: keyof Counted, rest: string): boolean {
  const count = countOf(rest);
  if (count === undefined) return false;
  const { covered, total } = reading.declared ?? { covered: 0, total: 0 };
  reading.declared = { covered, total, [part]: (part === 'covered' ? covered : total) + count };
  return true;
}
