import { parseJson } from '../../kernel/strict-json.js';
import { sortErrors } from './opa-output.js';
import type { RegoError, RegoSource } from '../compiler.port.js';

/** The one file that is not Rego: what policies read as `data`. */
export const BASE_DOCUMENT = 'data.json';

/** Letters every file system and archive agrees on; no segment begins with a dot or a dash. */
const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.rego$/;
const MAX_PATH_LENGTH = 200;

/** Far beyond any policy pack (ours have about 20 modules), and what one compiler run is sized for. */
const MAX_FILES = 2_000;
const MAX_TOTAL_BYTES = 16 * 2 ** 20;

/**
 * What is refused before the compiler sees it: no modules at all, too many, and file names we would have to be
 * careful with. Two that differ in case only would be one file on a Mac, and a name that is also a folder cannot
 * be written. A base document is strict JSON: what two readers see differently is no basis for a verdict.
 */
export function refuseSources(files: readonly RegoSource[]): readonly RegoError[] {
  const sizeBytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const modules = files.filter(({ path }) => path !== BASE_DOCUMENT).length;
  if (modules === 0 || files.length > MAX_FILES || sizeBytes > MAX_TOTAL_BYTES) {
    const message = `${String(modules)} modules, files of ${String(sizeBytes)} bytes; from 1 to ${String(MAX_FILES)}, of at most ${String(MAX_TOTAL_BYTES)} bytes together, are taken`;
    return [{ code: 'source_size_error', message, file: '', row: 0, column: 0 }];
  }
  return sortErrors([...refusePaths(files), ...files.flatMap(refuseData)]);
}

function refusePaths(files: readonly RegoSource[]): readonly RegoError[] {
  const seen = new Map<string, string>();
  const mistakes: RegoError[] = [];
  const refuse = (file: string, message: string): void => {
    mistakes.push({ code: 'source_path_error', message, file, row: 0, column: 0 });
  };
  for (const { path } of files) {
    const folded = path.toLowerCase();
    if (path !== BASE_DOCUMENT && (!PATH.test(path) || path.length > MAX_PATH_LENGTH))
      refuse(
        path.slice(0, MAX_PATH_LENGTH),
        'a file is data.json at the top, or named by a relative path of letters, digits, _ . - ending in .rego',
      );
    else if (seen.has(folded)) refuse(path, `the same file as ${seen.get(folded) ?? path}`);
    seen.set(folded, path);
  }
  for (const [folded, path] of seen) {
    const folders = folded.split('/').slice(0, -1);
    const taken = folders
      .map((_, index) => folders.slice(0, index + 1).join('/'))
      .find((folder) => seen.has(folder));
    if (taken !== undefined) refuse(path, `lies in ${seen.get(taken) ?? taken}, which is a file`);
  }
  return mistakes;
}

function refuseData({ path, text }: RegoSource): readonly RegoError[] {
  if (path !== BASE_DOCUMENT) return [];
  const parsed = parseJson(text);
  const at = (message: string, row: number, column: number): readonly RegoError[] => [
    { code: 'source_data_error', message, file: path, row, column },
  ];
  if (!parsed.ok) return at(parsed.problem.detail, parsed.problem.line, parsed.problem.column);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return at('the base document is an object', 1, 1);
  return [];
}
