import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import { countIn, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { counted, isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally, lineNumber } from './line-tally.js';
import { coverageFailure, measuredDocument, sum, type Counted, type FileTally } from './measured.js';

const FORMAT = 'llvm-cov';

/** Where the count changes: from here to the next segment the code ran `hit` or not. */
interface Segment {
  readonly line: number;
  readonly hit: boolean;
  /** Whether the code from here on is counted at all. */
  readonly hasCount: boolean;
  /** Begins a region of its own that is no gap between two others. */
  readonly begins: boolean;
  readonly isEntry: boolean;
}

/**
 * Reads the JSON of `llvm-cov export` (clang, Swift) and `cargo llvm-cov --json`. Lines are counted from the segments as
 * LLVM does for its LCOV export (LineCoverageStats in CoverageMapping.cpp): a line runs when a region that begins on it
 * ran, or, where none begins, the one around it. An export of summaries has no segments; then its lines are counted as
 * it says.
 */
export function normaliseLlvmCov(root: JsonValue): EvidenceDocument {
  const log = isObject(root) ? root : undefined;
  const files = new Map<string, FileTally>();
  for (const file of objectsIn(log, 'data').flatMap((one) => objectsIn(one, 'files'))) {
    const name = textIn(file, 'filename');
    const tally = name === undefined ? undefined : tallyOf(file);
    if (name === undefined || !tally || !merge(files, name, tally))
      return coverageFailure(FORMAT, {
        code: 'llvm-cov.malformed-file',
        params: { file: baseName(name ?? '') },
      });
  }
  const totals = objectsIn(log, 'data').map((one) => objectIn(one, 'totals'));
  const declared = totals.map((one) => summed(one, 'lines'));
  return measuredDocument({
    format: FORMAT,
    formatVersion: textIn(log, 'version') ?? null,
    tools: [{ name: 'llvm-cov', version: null, versionFrom: 'file' }],
    basis: 'line',
    files,
    declared: declared.length > 0 && declared.every((one) => one !== undefined) ? sum(declared) : null,
    others: [
      { measure: 'branch', ...sum(totals.flatMap((one) => summed(one, 'branches') ?? [])) },
      { measure: 'function', ...sum(totals.flatMap((one) => summed(one, 'functions') ?? [])) },
    ],
  });
}

/** One file in the exports of several programs; false where its counts cannot be merged. */
function merge(files: Map<string, FileTally>, name: string, tally: FileTally): boolean {
  const known = files.get(name);
  if (!known) files.set(name, tally);
  else if (known.lines && tally.lines) known.lines.addAll(tally.lines);
  else return false;
  return true;
}

function tallyOf(file: JsonObject): FileTally | undefined {
  const written = listIn(file, 'segments');
  if (!written) {
    const lines = summed(objectIn(file, 'summary'), 'lines');
    return lines && { counted: lines, lines: null };
  }
  const segments = written.map(segmentOf);
  return segments.every((one) => one !== undefined) && inOrder(segments)
    ? { counted: null, lines: linesOf(segments) }
    : undefined;
}

/** `[line, column, count, hasCount, isRegionEntry, isGapRegion]`, the last since version 2.0.1. */
function segmentOf(value: JsonValue): Segment | undefined {
  if (!Array.isArray(value)) return undefined;
  const [written, , count, hasCount, isEntry, isGap = false] = value as readonly JsonValue[];
  const line = typeof written === 'number' ? lineNumber(written) : undefined;
  const hit = isHit(count);
  if (line === undefined || hit === undefined) return undefined;
  if (typeof hasCount !== 'boolean' || typeof isEntry !== 'boolean' || typeof isGap !== 'boolean')
    return undefined;
  return { line, hit, hasCount, isEntry, begins: isEntry && hasCount && !isGap };
}

const inOrder = (segments: readonly Segment[]): boolean =>
  segments.every(({ line }, at) => line >= (segments[at - 1]?.line ?? 0));

function linesOf(segments: readonly Segment[]): LineTally {
  const lines = new LineTally();
  let around: Segment | undefined;
  for (let at = 0; at < segments.length;) {
    const line = segments[at]?.line ?? 0;
    const here = segments.slice(at, endOf(segments, at));
    if (isMapped(here, around)) lines.add(line, line, ran(here, around));
    at += here.length;
    around = here.at(-1);
    const next = segments[at]?.line ?? 0;
    if (around?.hasCount) lines.add(line + 1, next - 1, around.hit); // nothing begins there
  }
  return lines;
}

function endOf(segments: readonly Segment[], from: number): number {
  let at = from;
  while (segments[at]?.line === segments[from]?.line && at < segments.length) at += 1;
  return at;
}

function isMapped(here: readonly Segment[], around: Segment | undefined): boolean {
  if (here.some(({ isEntry, hasCount }) => isEntry && hasCount)) return true;
  const isSkipped = here[0] !== undefined && !here[0].hasCount && here[0].isEntry;
  return !isSkipped && (around?.hasCount ?? false);
}

const ran = (here: readonly Segment[], around: Segment | undefined): boolean =>
  (around?.hit ?? false) || here.some(({ begins, hit }) => begins && hit);

const summed = (parent: JsonObject | undefined, key: string): Counted | undefined => {
  const written = objectIn(parent, key);
  return counted(countIn(written, 'covered'), countIn(written, 'count'));
};
