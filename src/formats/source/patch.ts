import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { ChangedFile } from '../model/source.js';
import { LineTally } from '../coverage/line-tally.js';
import { linesOf } from '../read/lines.js';
import {
  hunkHead,
  inRepository,
  nameIn,
  namesInHeader,
  withoutPrefixes,
  type PatchNames,
} from './patch-lines.js';

const FORMAT = 'patch';
const NONE = '/dev/null';
/** More changed files than this are an import, not a change somebody reviews. */
export const CHANGED_FILES_LIMIT = 20_000;

interface FilePatch {
  names: PatchNames | undefined;
  readonly at: number;
  added: boolean;
  deleted: boolean;
  binary: boolean;
  hasHunks: boolean;
  renamedFrom: string | undefined;
  readonly lines: LineTally;
}

interface Reading {
  readonly files: FilePatch[];
  file: FilePatch | null;
  /** Lines still to come in the hunk that is being read. */
  hunk: { old: number; new: number; line: number } | null;
  /** The name behind `---`, which only means something before `+++`. */
  from: string | null;
  problem: { readonly code: string; readonly line: number } | null;
}

/**
 * Reads a unified diff, as `git diff`, `git show`, `git format-patch` and `diff -u` write it. Kept are the files and the
 * numbers of their changed lines; text, authors and messages are not. Hunks say how many lines they have, and are held
 * to it: a patch that was cut, or a combined diff of a merge (`diff --cc`), is refused, never read in part.
 */
export function normalisePatch(text: string): EvidenceDocument {
  const reading: Reading = { files: [], file: null, hunk: null, from: null, problem: null };
  let last = 1;
  for (const [number, line] of linesOf(text)) {
    last = number;
    readLine(reading, line, number);
    if (reading.problem) return refused(reading.problem.code, reading.problem.line);
  }
  if (reading.hunk) return refused('patch.cut', last);
  const changed: ChangedFile[] = [];
  for (const file of reading.files) {
    const shown = changedFile(file);
    if (!shown) return refused('patch.no-name', file.at);
    changed.push(shown);
  }
  return patchDocument(changed);
}

function patchDocument(files: readonly ChangedFile[]): EvidenceDocument {
  if (files.length > CHANGED_FILES_LIMIT)
    return unreadable(FORMAT, ['source'], {
      code: 'patch.too-many-files',
      params: { count: files.length, limit: CHANGED_FILES_LIMIT },
    });
  const paths = files.map(({ path }) => path);
  const twice =
    paths.length === new Set(paths).size ? undefined : paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined)
    return unreadable(FORMAT, ['source'], { code: 'patch.file-twice', params: { file: twice } });
  return aDocument({
    format: FORMAT,
    kinds: ['source'],
    state: files.length === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: files.length === 0 ? [{ code: 'patch.nothing-changed', params: {} }] : [],
    source: { changed: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)), expected: null },
  });
}

const refused = (code: string, line: number): EvidenceDocument =>
  unreadable(FORMAT, ['source'], { code, params: { line } });

function readLine(reading: Reading, line: string, number: number): void {
  if (reading.hunk) {
    readHunkLine(reading, reading.hunk, line, number);
    return;
  }
  const { from } = reading;
  reading.from = null;
  if (line.startsWith('\\')) return; // no newline at the end of the file
  if (line.startsWith('diff --git ')) {
    openFile(reading, number, namesInHeader(line));
    return;
  }
  if (/^(?:diff --(?:cc|combined) |@@@ )/.test(line))
    reading.problem = { code: 'patch.combined', line: number };
  else if (line.startsWith('--- ')) reading.from = line.slice(4);
  else if (line.startsWith('+++ ') && from !== null) readNames(reading, from, line.slice(4), number);
  else if (line.startsWith('@@ ')) openHunk(reading, line, number);
  else if (reading.file) readExtended(reading.file, line);
}

function openFile(reading: Reading, at: number, names: PatchNames | undefined): FilePatch {
  const file: FilePatch = {
    ...{ names, at, added: false, deleted: false, binary: false, hasHunks: false },
    ...{ renamedFrom: undefined, lines: new LineTally() },
  };
  reading.files.push(file);
  reading.file = file;
  return file;
}

function readNames(reading: Reading, from: string, to: string, number: number): void {
  const names = withoutPrefixes({ from: nameIn(from), to: nameIn(to) });
  const isNew = !reading.file || reading.file.hasHunks || reading.file.binary;
  const file = isNew || !reading.file ? openFile(reading, number, undefined) : reading.file;
  // Git's own header and renames know names without prefixes; these lines are what plain diffs have.
  if (file.renamedFrom === undefined && !(file.added && file.names)) {
    file.names =
      file.names && (names.from === NONE || names.to === NONE)
        ? { from: names.from === NONE ? NONE : file.names.from, to: names.to === NONE ? NONE : file.names.to }
        : names;
  }
  file.added ||= names.from === NONE;
  file.deleted ||= names.to === NONE;
}

/** Git's lines between the header of a file and its first hunk. */
function readExtended(file: FilePatch, line: string): void {
  if (line.startsWith('new file mode ')) file.added = true;
  else if (line.startsWith('deleted file mode ')) file.deleted = true;
  else if (line.startsWith('rename from ')) file.renamedFrom = nameIn(line.slice('rename from '.length));
  else if (line.startsWith('rename to ')) {
    const to = nameIn(line.slice('rename to '.length));
    file.names = { from: file.renamedFrom ?? to, to };
  } else if (line.startsWith('copy to ')) {
    file.added = true;
    file.names = { from: NONE, to: nameIn(line.slice('copy to '.length)) };
  } else if (line === 'GIT binary patch' || /^Binary files .* differ$/.test(line)) file.binary = true;
}

function openHunk(reading: Reading, line: string, number: number): void {
  const head = hunkHead(line);
  if (!head || !reading.file?.names) {
    reading.problem = { code: 'patch.malformed-hunk', line: number };
    return;
  }
  reading.file.hasHunks = true;
  if (head.oldCount > 0 || head.newCount > 0)
    reading.hunk = { old: head.oldCount, new: head.newCount, line: head.newFirst };
}

function readHunkLine(
  reading: Reading,
  hunk: NonNullable<Reading['hunk']>,
  line: string,
  number: number,
): void {
  const sign = line[0] ?? ' '; // mail programs take the blank off an empty line
  if (sign === '\\') return;
  if (sign === '+') {
    reading.file?.lines.add(hunk.line, hunk.line, true);
    hunk.new--;
    hunk.line++;
  } else if (sign === '-') hunk.old--;
  else if (sign === ' ' || sign === '\t') {
    hunk.old--;
    hunk.new--;
    hunk.line++;
  } else reading.problem = { code: 'patch.cut', line: number };
  if (hunk.old < 0 || hunk.new < 0) reading.problem = { code: 'patch.malformed-hunk', line: number };
  if (hunk.old === 0 && hunk.new === 0) reading.hunk = null;
}

function changedFile(file: FilePatch): ChangedFile | undefined {
  const { names, deleted, added, binary, renamedFrom } = file;
  if (!names) return undefined;
  const before = names.from === NONE ? undefined : inRepository(names.from);
  const path = inRepository(deleted ? names.from : names.to);
  if (path === undefined || path === '') return undefined;
  const from = deleted || before === undefined || before === path ? null : before;
  const status = deleted
    ? 'deleted'
    : added
      ? 'added'
      : renamedFrom !== undefined || from
        ? 'renamed'
        : 'modified';
  return { path, status, from, lines: deleted ? [] : file.lines.lines().covered, binary };
}
