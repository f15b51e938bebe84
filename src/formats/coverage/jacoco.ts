import type { EvidenceDocument } from '../model/document.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { countOf, isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineCount, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, sum, type Counted, type FileTally } from './measured.js';

const FORMAT = 'jacoco';
const COUNTERS = ['INSTRUCTION', 'BRANCH', 'LINE', 'METHOD'] as const;
type Counter = (typeof COUNTERS)[number];
type Counters = Map<Counter, Counted>;

/** A class or source file of one package of one group; several classes may lie in one file. */
interface Unit {
  readonly counters: Counters;
  /** Of its methods; instructions and branches add up, lines do not. */
  readonly methods: Counters;
}

interface SourceFile {
  readonly classes: Unit[];
  lines: LineTally | null;
}

interface Reading {
  readonly files: Map<string, SourceFile>;
  readonly groups: string[];
  readonly report: Counters;
  readonly path: string[];
  packageName: string;
  unit: Unit | null;
  sourceLines: LineTally | null;
  problem: { readonly line: number; readonly what: string } | null;
}

/**
 * Reads JaCoCo XML, also as Kover writes it. The basis is the bytecode instruction: it is what JaCoCo counts and
 * what every class has, while a class compiled without debug information has no lines, so that its code would be
 * missing from a sum of lines without a trace. Instructions of classes are added up (each lies in one class); lines
 * are those of source files, since a line may belong to several classes. JaCoCo does not know statements.
 */
export function normaliseJacoco(text: string): EvidenceDocument {
  const reading: Reading = {
    ...{ files: new Map(), groups: [], report: new Map(), path: [], packageName: '' },
    ...{ unit: null, sourceLines: null, problem: null },
  };
  const parsed = readXml(text, {
    open: (element) => {
      reading.path.push(element.local);
      if (!reading.problem) open(reading, element);
    },
    close: ({ local }) => {
      reading.path.pop();
      if (local === 'group') reading.groups.pop();
      if (local === 'class') reading.unit = null;
      if (local === 'sourcefile') reading.sourceLines = null;
    },
  });
  if (!parsed.ok) return unreadableXml(FORMAT, ['coverage'], parsed.problem);
  if (reading.problem)
    return coverageFailure(FORMAT, { code: 'jacoco.malformed', params: { ...reading.problem } });
  return jacocoDocument(reading);
}

function jacocoDocument({ files, report }: Reading): EvidenceDocument {
  const classes = [...files.values()].flatMap((file) => file.classes);
  const lines = [...files.values()].map((file) => file.lines?.lines() ?? { covered: [], uncovered: [] });
  const covered = sum(
    lines.map((one) => ({ covered: lineCount(one.covered), total: lineCount(one.uncovered) })),
  );
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: 'jacoco', version: null, versionFrom: 'file' }],
    basis: 'instruction',
    files: tallies(files),
    declared: report.get('INSTRUCTION') ?? null,
    others: [
      { measure: 'line', covered: covered.covered, total: covered.covered + covered.total },
      { measure: 'branch', ...sum(classes.map((one) => countedAs(one, 'BRANCH'))) },
      { measure: 'function', ...sum(classes.map((one) => countedAs(one, 'METHOD'))) },
    ],
  });
}

/** Modules may have files of one name: those are told apart by their group, the others need it not. */
function tallies(files: ReadonlyMap<string, SourceFile>): ReadonlyMap<string, FileTally> {
  const inGroups = new Map<string, number>();
  const nameOf = (key: string): string => key.slice(key.indexOf('\0') + 1);
  for (const key of files.keys()) inGroups.set(nameOf(key), (inGroups.get(nameOf(key)) ?? 0) + 1);
  return new Map(
    [...files].map(([key, { classes, lines }]) => [
      (inGroups.get(nameOf(key)) ?? 0) > 1 ? key.replace('\0', '/') : nameOf(key),
      { counted: sum(classes.map((one) => countedAs(one, 'INSTRUCTION'))), lines },
    ]),
  );
}

/** A class's own counter, or what its methods add up to (not for lines). */
const countedAs = ({ counters, methods }: Unit, counter: Counter): Counted =>
  counters.get(counter) ?? methods.get(counter) ?? { covered: 0, total: 0 };

function open(reading: Reading, element: XmlElement): void {
  const { local, attributes, line } = element;
  const parent = reading.path.at(-2);
  const name = attributes['name'] ?? '';
  if (element.depth === 1 && local !== 'report') reading.problem = { line, what: `<${baseName(local)}>` };
  else if (local === 'group') reading.groups.push(name);
  else if (local === 'package') reading.packageName = name;
  else if (local === 'class') {
    reading.unit = { counters: new Map(), methods: new Map() };
    fileOf(reading, attributes['sourcefilename'] ?? `${baseName(name)}.class`).classes.push(reading.unit);
  } else if (local === 'sourcefile') {
    const file = fileOf(reading, name);
    file.lines ??= new LineTally();
    reading.sourceLines = file.lines;
  } else if (local === 'line') readLine(reading, element);
  else if (local === 'counter') readCounter(reading, element, parent);
}

function fileOf(reading: Reading, name: string): SourceFile {
  const { groups, packageName, files } = reading;
  const key = `${groups.join('/')}\0${packageName === '' ? name : `${packageName}/${name}`}`;
  const file = files.get(key) ?? { classes: [], lines: null };
  files.set(key, file);
  return file;
}

/** A line counts as covered when some of its instructions ran, as in JaCoCo's own LINE counter. */
function readLine(reading: Reading, { attributes, line: at }: XmlElement): void {
  const line = lineNumber(attributes['nr'] ?? '');
  const ran = isHit(attributes['ci']);
  if (line === undefined || ran === undefined || isHit(attributes['mi']) === undefined)
    reading.problem = { line: at, what: 'line' };
  else reading.sourceLines?.add(line, line, ran);
}

function readCounter(reading: Reading, { attributes, line }: XmlElement, parent: string | undefined): void {
  const type = COUNTERS.find((counter) => counter === attributes['type']);
  if (!type) return; // complexity, classes
  const covered = countOf(attributes['covered']);
  const missed = countOf(attributes['missed']);
  if (covered === undefined || missed === undefined) {
    reading.problem = { line, what: `counter ${type}` };
    return;
  }
  const here = { covered, total: covered + missed };
  if (parent === 'report') reading.report.set(type, here);
  else if (parent === 'class') reading.unit?.counters.set(type, here);
  else if (parent === 'method' && type !== 'LINE' && reading.unit)
    reading.unit.methods.set(type, sum([reading.unit.methods.get(type) ?? { covered: 0, total: 0 }, here]));
}
