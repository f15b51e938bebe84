import type { Counted, FileTally } from './measured.js';
import type { EvidenceDocument } from '../model/document.js';
import { repositoryPath } from '../read/path.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { counted, countOf, isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, sum } from './measured.js';

const FORMAT = 'cobertura';

/** One `<class>`; a file has several where the language has classes, and lambdas, and generated ones. */
interface ClassLines {
  readonly file: string;
  readonly lines: LineTally;
  hasLines: boolean;
  /** The lines of its methods, which repeat those of the class; they count only where the class lists none. */
  readonly methodLines: LineTally;
  hasMethodLines: boolean;
}

interface Reading {
  readonly classes: ClassLines[];
  readonly sources: string[];
  /** By file and line: the ways out of it that were taken, of all; classes of one file repeat them. */
  readonly branches: Map<string, Counted>;
  declared: Counted | null;
  inMethods: boolean;
  problem: { readonly line: number; readonly what: string } | null;
}

/**
 * Reads Cobertura XML, which a dozen tools write. What counts are the unique (file, line) pairs of the lines below
 * its classes: methods repeat them, and a file may be in several classes. Rates are rounded, NaN or invented and
 * never read; `lines-valid` may be absent, or the sum of modules that are not in the file, and is only kept.
 */
export function normaliseCobertura(text: string): EvidenceDocument {
  const reading: Reading = {
    classes: [],
    sources: [],
    branches: new Map(),
    declared: null,
    inMethods: false,
    problem: null,
  };
  const parsed = readXml(text, visitorOf(reading));
  if (!parsed.ok) return unreadableXml(FORMAT, ['coverage'], parsed.problem);
  if (reading.problem)
    return coverageFailure(FORMAT, { code: 'cobertura.malformed', params: { ...reading.problem } });
  const sources = [...new Set(reading.sources.map((source) => source.trim()))].filter((one) => one !== '');
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: 'cobertura', version: null, versionFrom: 'file' }],
    basis: 'line',
    files: filesOf(reading.classes, sources),
    declared: reading.declared,
    others: [{ measure: 'branch', ...sum(reading.branches.values()) }],
    roots: sources,
  });
}

function visitorOf(reading: Reading): Parameters<typeof readXml>[1] {
  let source: string | null = null;
  return {
    open: (element) => {
      if (element.local === 'source') source = '';
      else if (element.local === 'methods') reading.inMethods = true;
      else if (!reading.problem) readElement(reading, element);
    },
    text: (piece) => {
      if (source !== null) source += piece;
    },
    close: ({ local }) => {
      if (local === 'methods') reading.inMethods = false;
      if (local !== 'source' || source === null) return;
      reading.sources.push(source);
      source = null;
    },
  };
}

function readElement(reading: Reading, element: XmlElement): void {
  const { local, depth, attributes, line } = element;
  if (depth === 1 && local !== 'coverage') reading.problem = { line, what: `<${baseName(local)}>` };
  if (depth === 1)
    reading.declared =
      counted(countOf(attributes['lines-covered']), countOf(attributes['lines-valid'])) ?? null;
  if (local === 'class') {
    const file = attributes['filename'];
    if (file === undefined) reading.problem = { line, what: 'class without filename' };
    else
      reading.classes.push({
        ...{ file, lines: new LineTally(), hasLines: false },
        ...{ methodLines: new LineTally(), hasMethodLines: false },
      });
  }
  if (local === 'line') readHits(reading, element);
}

function readHits(reading: Reading, { attributes, line: at }: XmlElement): void {
  const within = reading.classes.at(-1);
  const line = lineNumber(attributes['number'] ?? '');
  const hit = isHit(attributes['hits']);
  if (!within || line === undefined || hit === undefined) {
    reading.problem = { line: at, what: 'line' };
    return;
  }
  if (line === 0) return; // code that lies on no line
  if (reading.inMethods) within.hasMethodLines = true;
  else within.hasLines = true;
  (reading.inMethods ? within.methodLines : within.lines).add(line, line, hit);
  const ways = /\((\d{1,9})\/(\d{1,9})\)/.exec(attributes['condition-coverage'] ?? '');
  if (ways && !reading.inMethods) keepBranches(reading.branches, `${line} ${within.file}`, ways);
}

function keepBranches(branches: Map<string, Counted>, place: string, ways: RegExpExecArray): void {
  const here = counted(countOf(ways[1]), countOf(ways[2]));
  const known = branches.get(place);
  if (!here || (known && known.total > here.total)) return;
  if (!known || here.total > known.total || here.covered > known.covered) branches.set(place, here);
}

function filesOf(classes: readonly ClassLines[], sources: readonly string[]): ReadonlyMap<string, FileTally> {
  const files = new Map<string, { counted: null; lines: LineTally }>();
  for (const one of classes) {
    const name = below(sources, one.file);
    const file = files.get(name) ?? { counted: null, lines: new LineTally() };
    files.set(name, file);
    file.lines.addAll(one.hasLines || !one.hasMethodLines ? one.lines : one.methodLines);
  }
  return files;
}

/** File names are relative to a `<source>`. Of several nobody knows to which, so none is put before the name. */
function below(sources: readonly string[], file: string): string {
  const [source] = sources;
  if (source === undefined || sources.length > 1 || /^(?:[\\/]|[A-Za-z]:)/.test(file)) return file;
  const whole = `${source}/${file}`;
  return repositoryPath(whole) === undefined || source.startsWith('--') ? file : whole;
}
