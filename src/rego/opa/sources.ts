import { sortErrors } from './opa-output.js';
import type { RegoError, RegoSource } from '../compiler.port.js';

/** Letters every file system and archive agrees on; no segment begins with a dot or a dash. */
const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.rego$/;
const MAX_PATH_LENGTH = 200;

/** Far beyond any policy pack (ours have about 20 modules), and what one compiler run is sized for. */
const MAX_FILES = 2_000;
const MAX_TOTAL_BYTES = 16 * 2 ** 20;

/**
 * What is refused before the compiler sees it: no modules at all, too many, and file names we would have to be careful with. Two that differ in case only would be one file on a Mac,
 * and a name that is also a folder cannot be written.
 */
export function refuseSources(files: readonly RegoSource[]): readonly RegoError[] {
  const sizeBytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (files.length === 0 || files.length > MAX_FILES || sizeBytes > MAX_TOTAL_BYTES) {
    const message = `${String(files.length)} modules of ${String(sizeBytes)} bytes; from 1 to ${String(MAX_FILES)}, of at most ${String(MAX_TOTAL_BYTES)} bytes together, are taken`;
    return [{ code: 'source_size_error', message, file: '', row: 0, column: 0 }];
  }
  const seen = new Map<string, string>();
  const mistakes: RegoError[] = [];
  const refuse = (file: string, message: string): void => {
    mistakes.push({ code: 'source_path_error', message, file, row: 0, column: 0 });
  };
  for (const { path } of files) {
    const folded = path.toLowerCase();
    if (!PATH.test(path) || path.length > MAX_PATH_LENGTH)
      refuse(
        path.slice(0, MAX_PATH_LENGTH),
        'a file name is a relative path of letters, digits, _ . - ending in .rego',
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
  return sortErrors(mistakes);
}
