import type { EvidenceDocument } from '../model/document.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { counted, countOf } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, type FileTally } from './measured.js';

const FORMAT = 'sonar-coverage';
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

interface Reading {
  readonly files: Map<string, FileTally & { readonly lines: LineTally }>;
  readonly branches: { covered: number; total: number };
  current: LineTally | undefined;
  problem: { readonly line: number; readonly what: string } | null;
}

/**
 * Reads SonarQube's generic test coverage, version 1, which many tools write (gcovr, Jest and Karma reporters, converters).
 * It knows lines and nothing finer; a file or a line that stands in it twice is covered when one of them is.
 */
export function normaliseSonarCoverage(text: string): EvidenceDocument {
  const reading: Reading = {
    ...{ files: new Map(), branches: { covered: 0, total: 0 } },
    ...{ current: undefined, problem: null },
  };
  const parsed = readXml(text, {
    open: (element) => {
      if (!reading.problem) readElement(reading, element);
    },
    close: ({ local }) => {
      if (local === 'file') reading.current = undefined;
    },
  });
  if (!parsed.ok) return unreadableXml(FORMAT, ['coverage'], parsed.problem);
  if (reading.problem)
    return coverageFailure(FORMAT, { code: 'sonar-coverage.malformed', params: { ...reading.problem } });
  return measuredDocument({
    format: FORMAT,
    formatVersion: '1',
    tools: [{ name: 'SonarQube generic coverage', version: null, versionFrom: 'file' }],
    basis: 'line',
    files: reading.files,
    declared: null,
    others: [{ measure: 'branch', ...reading.branches }],
  });
}

function readElement(reading: Reading, { local, depth, attributes, line }: XmlElement): void {
  if (depth === 1 && (local !== 'coverage' || attributes['version'] !== '1'))
    reading.problem = { line, what: `<${baseName(local)}>` };
  if (local === 'file') {
    const { path } = attributes;
    if (path === undefined || path === '') reading.problem = { line, what: 'file without path' };
    else {
      const known = reading.files.get(path) ?? { counted: null, lines: new LineTally() };
      reading.files.set(path, known);
      reading.current = known.lines;
    }
  }
  if (local === 'lineToCover') readLine(reading, attributes, line);
}

function readLine(reading: Reading, attributes: XmlElement['attributes'], at: number): void {
  const { lineNumber: written = '', covered = '', branchesToCover, coveredBranches = '0' } = attributes;
  const line = lineNumber(written);
  const hit = BOOLEANS.get(covered);
  const ways =
    branchesToCover === undefined
      ? { covered: 0, total: 0 }
      : counted(countOf(coveredBranches), countOf(branchesToCover));
  if (!reading.current || line === undefined || line === 0 || hit === undefined || !ways) {
    reading.problem = { line: at, what: 'lineToCover' };
    return;
  }
  reading.current.add(line, line, hit);
  reading.branches.covered += ways.covered;
  reading.branches.total += ways.total;
}
