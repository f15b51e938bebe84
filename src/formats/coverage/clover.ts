import type { EvidenceDocument } from '../model/document.js';
import { named } from '../read/text.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { cloverMaker, type CloverMaker, type CloverSigns } from './clover-maker.js';
import { counted, countOf, isHit } from './counts.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, sum, type Counted, type FileTally } from './measured.js';

const FORMAT = 'clover';
const NOTHING: Counted = { covered: 0, total: 0 };

interface CloverFile {
  readonly name: string;
  /** Entries by type, in the order of the file: line and whether it ran. */
  readonly lines: { readonly type: string; readonly line: number; readonly hit: boolean }[];
  branches: Counted;
  methods: Counted;
}

interface Reading {
  readonly signs: CloverSigns;
  readonly files: CloverFile[];
  readonly path: string[];
  declared: Counted | null;
  /** Coverage of the tests themselves; not of what they test. */
  testLines: number;
  problem: { readonly line: number; readonly what: string } | null;
}

/**
 * Reads Clover XML. The same words mean statements with OpenClover and lines with its imitators, so the tool is told
 * by what only it writes (`clover-maker.ts`); a file that does not show its tool is UNKNOWN. Counted are the entries
 * of `<line>`; `metrics` of the project are what the file declares.
 */
export function normaliseClover(text: string): EvidenceDocument {
  const reading = newReading();
  const parsed = readXml(text, {
    open: (element) => {
      reading.path.push(element.local);
      if (reading.problem) return;
      if (!reading.path.includes('testproject')) open(reading, element, reading.path.at(-2));
      else if (element.local === 'line') reading.testLines++;
    },
    close: () => void reading.path.pop(),
  });
  if (!parsed.ok) return unreadableXml(FORMAT, ['coverage'], parsed.problem);
  if (reading.problem)
    return coverageFailure(FORMAT, { code: 'clover.malformed', params: { ...reading.problem } });
  const maker = cloverMaker(reading.signs);
  if (!maker) return undecided(reading);
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: maker.tool, version: versionOf(maker, reading.signs), versionFrom: 'file' }],
    basis: maker.basis,
    files: tallies(reading.files, maker),
    declared: reading.declared,
    others: [
      { measure: 'branch', ...sum(reading.files.map(({ branches }) => branches)) },
      { measure: 'function', ...sum(reading.files.map(({ methods }) => methods)) },
    ],
    dropped:
      reading.testLines > 0
        ? [{ what: 'lines', count: reading.testLines, why: 'of-the-tests-themselves' }]
        : [],
  });
}

const newReading = (): Reading => ({
  signs: {
    ...{ clover: undefined, classes: 0, inventedClasses: 0, php: false },
    ...{ methods: 0, signatures: 0, oneNumberThrice: false, extensions: new Set() },
  },
  ...{ files: [], path: [], declared: null, testLines: 0, problem: null },
});

const versionOf = ({ tool }: CloverMaker, { clover }: CloverSigns): string | null =>
  tool === 'openclover' ? named(clover ?? '') : null;

/** An empty report is nothing measured, whoever wrote it; numbers of an unknown kind are not judged. */
function undecided({ declared, files }: Reading): EvidenceDocument {
  const { covered, total } = declared ?? NOTHING;
  if (total === 0 && files.every(({ lines }) => lines.length === 0))
    return measuredDocument({
      format: FORMAT,
      ...{ tools: [{ name: 'clover', version: null, versionFrom: 'file' }], basis: 'line' },
      ...{ files: new Map(files.map(({ name }) => [name, { counted: null, lines: null }])), declared },
    });
  return coverageFailure(FORMAT, { code: 'clover.basis-unknown', params: { covered, total } }, 'UNKNOWN');
}

function tallies(files: readonly CloverFile[], maker: CloverMaker): ReadonlyMap<string, FileTally> {
  const tallied = new Map<string, { counted: { covered: number; total: number } | null; lines: LineTally }>();
  for (const { name, lines } of files) {
    const counts = maker.several ? { covered: 0, total: 0 } : null;
    const file = tallied.get(name) ?? { counted: counts, lines: new LineTally() };
    tallied.set(name, file);
    for (const { type, line, hit } of lines) {
      if (!maker.counts.includes(type)) continue;
      file.lines.add(line, line, hit);
      if (file.counted) {
        file.counted.total++;
        if (hit) file.counted.covered++;
      }
    }
  }
  return tallied;
}

function open(reading: Reading, element: XmlElement, parent: string | undefined): void {
  const { local, attributes, depth } = element;
  const { signs } = reading;
  if (depth === 1) {
    if (local !== 'coverage') reading.problem = { line: element.line, what: `<${named(local)}>` };
    signs.clover = attributes['clover'];
  } else if (local === 'file') openFile(reading, attributes['path'] ?? attributes['name'] ?? '');
  else if (local === 'class') {
    signs.classes++;
    if (/^id\$[0-9a-f]{32}$/.test(attributes['name'] ?? '')) signs.inventedClasses++;
    if (attributes['namespace'] !== undefined) signs.php = true;
  } else if (local === 'line') readLine(reading, element);
  else if (local === 'metrics') readMetrics(reading, element, parent);
}

function openFile({ files, signs }: Reading, name: string): void {
  files.push({ name, lines: [], branches: NOTHING, methods: NOTHING });
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1];
  signs.extensions.add(extension?.toLowerCase() ?? '');
}

function readLine(reading: Reading, { attributes, line: at }: XmlElement): void {
  const { signs, files } = reading;
  const type = attributes['type'] ?? '';
  if (type === 'method') {
    signs.methods++;
    if (attributes['signature'] !== undefined) signs.signatures++;
    if (attributes['crap'] !== undefined) signs.php = true;
    return;
  }
  const line = lineNumber(attributes['num'] ?? '');
  // OpenClover's conditions have two counts of their own in place of one, and are not counted here.
  const hit = type === 'cond' && attributes['count'] === undefined ? false : isHit(attributes['count']);
  const file = files.at(-1);
  if (!file || line === undefined || line < 1 || hit === undefined)
    reading.problem = { line: at, what: 'line' };
  else file.lines.push({ type, line, hit });
}

function readMetrics(reading: Reading, { attributes }: XmlElement, parent: string | undefined): void {
  const of = (what: string): Counted | undefined =>
    counted(countOf(attributes[`covered${what}`]), countOf(attributes[what]));
  const file = reading.files.at(-1);
  if (parent === 'file' && file) {
    file.branches = of('conditionals') ?? NOTHING;
    file.methods = of('methods') ?? NOTHING;
  }
  if (parent !== 'project') return;
  reading.declared = of('statements') ?? null;
  const { statements, loc, ncloc } = attributes;
  reading.signs.oneNumberThrice = statements !== undefined && statements === loc && statements === ncloc;
}
