import type { EvidenceDocument } from '../model/document.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { counted, countOf, isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, type Counted, type FileTally } from './measured.js';

const FORMAT = 'opencover';
/** 0xFEEFEE: the compiler's own code, which stands on no line. */
const HIDDEN = 16_707_566;

interface Point {
  readonly file: string;
  readonly first: number;
  readonly last: number;
  hit: boolean;
}

interface Reading {
  readonly files: Map<string, string>;
  /** By file and place: several modules, or instances of one generic method, have the same ones. */
  readonly points: Map<string, Point>;
  declared: Counted | null;
  /** Of the method being read. */
  file: string | undefined;
  /** Points with an offset into the code, or with columns, which only OpenCover itself writes; and the others. */
  exact: number;
  plain: number;
  problem: { readonly line: number; readonly what: string } | null;
}

/**
 * Reads OpenCover XML. What counts are sequence points, that is statements, each by its file and place. Coverlet writes
 * the same format with a point for each line (columns 1 to 2, no offset): then they are lines. A file of both has no
 * one number.
 */
export function normaliseOpencover(text: string): EvidenceDocument {
  const reading: Reading = {
    ...{ files: new Map(), points: new Map(), declared: null, file: undefined },
    ...{ exact: 0, plain: 0, problem: null },
  };
  const parsed = readXml(text, {
    open: (element) => {
      if (!reading.problem) readElement(reading, element);
    },
  });
  if (!parsed.ok) return unreadableXml(FORMAT, ['coverage'], parsed.problem);
  if (reading.problem)
    return coverageFailure(FORMAT, { code: 'opencover.malformed', params: { ...reading.problem } });
  const { exact, plain } = reading;
  if (exact > 0 && plain > 0)
    return coverageFailure(FORMAT, { code: 'opencover.bases-mixed', params: { exact, plain } }, 'UNKNOWN');
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: exact > 0 ? 'OpenCover' : 'coverlet', version: null, versionFrom: 'file' }],
    basis: exact > 0 ? 'statement' : 'line',
    files: filesOf(reading),
    declared: reading.declared,
  });
}

function readElement(reading: Reading, { local, depth, attributes, line }: XmlElement): void {
  if (depth === 1 && local !== 'CoverageSession') reading.problem = { line, what: `<${baseName(local)}>` };
  if (local === 'Summary' && depth === 2)
    reading.declared =
      counted(countOf(attributes['visitedSequencePoints']), countOf(attributes['numSequencePoints'])) ?? null;
  if (local === 'File') {
    const { uid, fullPath } = attributes;
    if (uid === undefined || fullPath === undefined) reading.problem = { line, what: 'File' };
    else reading.files.set(uid, fullPath);
  }
  if (local === 'Method') reading.file = undefined;
  if (local === 'FileRef') reading.file = attributes['uid'];
  if (local === 'SequencePoint') readPoint(reading, attributes, line);
}

function readPoint(reading: Reading, attributes: XmlElement['attributes'], at: number): void {
  const { vc, sl, el = sl, sc = '', ec = '', fileid, offset } = attributes;
  const [first, last] = [lineNumber(sl), lineNumber(el)];
  const hit = isHit(vc);
  const name = reading.files.get(fileid ?? reading.file ?? '');
  if (hit === undefined || first === undefined || last === undefined) {
    reading.problem = { line: at, what: 'SequencePoint' };
    return;
  }
  if (first === HIDDEN || first === 0) return;
  if (name === undefined || last < first) {
    reading.problem = {
      line: at,
      what: name === undefined ? 'SequencePoint without a file' : 'SequencePoint',
    };
    return;
  }
  const isPlain = offset === undefined && sc === '1' && ec === '2' && first === last;
  if (isPlain) reading.plain += 1;
  else reading.exact += 1;
  const place = `${String(first)}:${sc}-${String(last)}:${ec} ${name}`;
  const known = reading.points.get(place);
  if (known) known.hit ||= hit;
  else reading.points.set(place, { file: name, first, last, hit });
}

function filesOf({ points, exact }: Reading): ReadonlyMap<string, FileTally> {
  const files = new Map<string, { counted: { covered: number; total: number }; lines: LineTally }>();
  for (const { file, first, last, hit } of points.values()) {
    const tally = files.get(file) ?? { counted: { covered: 0, total: 0 }, lines: new LineTally() };
    files.set(file, tally);
    tally.counted.total += 1;
    if (hit) tally.counted.covered += 1;
    tally.lines.add(first, last, hit);
  }
  if (exact > 0) return files;
  return new Map([...files].map(([name, { lines }]) => [name, { counted: null, lines }]));
}
