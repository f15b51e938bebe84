import type { JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import { isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import { isHit } from './counts.js';
import { baseName } from './file-names.js';
import { LineTally } from './line-tally.js';
import { coverageFailure, measuredDocument, type FileTally } from './measured.js';

const FORMAT = 'simplecov';

/** Whether each line ran; null is no code. */
type Lines = readonly (boolean | null)[];

/**
 * Reads SimpleCov: `.resultset.json`, the results of each command by its name, and `coverage.json` of its JSON formatter,
 * which are merged. Results of several commands are merged as SimpleCov does (Combine::LinesCombiner): a line that no
 * command ran, and that one of them takes for no code, is none. Lists of different length are of different sources.
 */
export function normaliseSimplecov(root: JsonValue): EvidenceDocument {
  const log = isObject(root) ? root : {};
  const version = textIn(objectIn(log, 'meta'), 'simplecov_version');
  const results =
    version === undefined ? Object.values(log).map((one) => (isObject(one) ? one : undefined)) : [log];
  const files = new Map<string, Lines>();
  for (const result of results)
    for (const [name, file] of Object.entries(objectIn(result, 'coverage') ?? {})) {
      const lines = linesOf(file);
      const merged = lines && merge(files.get(name), lines);
      if (!merged)
        return coverageFailure(FORMAT, {
          code: 'simplecov.malformed-file',
          params: { file: baseName(name) },
        });
      files.set(name, merged);
    }
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: 'simplecov', version: version ?? null, versionFrom: 'file' }],
    basis: 'line',
    files: new Map([...files].map(([name, lines]) => [name, tallyOf(lines)])),
    declared: null,
  });
}

/** Before 0.18 a file was its list of lines; since then they are under `lines`. */
function linesOf(file: JsonValue): Lines | undefined {
  const listed = isObject(file) ? listIn(file, 'lines') : file;
  if (!Array.isArray(listed)) return undefined;
  const lines: (boolean | null)[] = [];
  for (const count of listed as readonly JsonValue[]) {
    const hit = count === null || count === 'ignored' ? null : isHit(count); // ignored: between :nocov: marks
    if (hit === undefined) return undefined;
    lines.push(hit);
  }
  return lines;
}

function merge(one: Lines | undefined, other: Lines): Lines | undefined {
  if (!one) return other;
  if (one.length !== other.length) return undefined;
  return one.map((line, at) => {
    const second = other[at] ?? null;
    if (line === true || second === true) return true;
    return line === null || second === null ? null : false;
  });
}

function tallyOf(lines: Lines): FileTally {
  const tally = new LineTally();
  for (const [at, hit] of lines.entries()) if (hit !== null) tally.add(at + 1, at + 1, hit);
  return { counted: null, lines: tally };
}
