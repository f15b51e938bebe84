import { repositoryPath, slashedPath } from '../read/path.js';
import { named } from '../read/text.js';

/**
 * The name each file of a report is shown under, by its name in the report. Relative to the repository where that
 * can be known. Otherwise `…/` and what follows the folder that all such files share: the folders above it are
 * somebody's machine, and the rest still tells files apart. `roots` are absolute folders the report names.
 */
export function shownNames(
  names: Iterable<string>,
  roots: readonly string[] = [],
): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  const elsewhere: [string, readonly string[]][] = [];
  for (const name of names) {
    const path = repositoryPath(name, roots);
    if (path === undefined) elsewhere.push([name, segments(name)]);
    else shown.set(name, path);
  }
  const shared = sharedFolders(elsewhere.map(([, parts]) => parts));
  for (const [name, parts] of elsewhere) shown.set(name, `…/${parts.slice(shared).join('/')}`);
  return shown;
}

/** Without the name of somebody's home folder, which is a person's. */
function segments(name: string): readonly string[] {
  const parts = slashedPath(name)
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return /^(?:home|users)$/i.test(parts[0] ?? '') && parts.length > 2 ? parts.slice(2) : parts;
}

/** How many leading folders all have in common; the last segment is the file's own. */
function sharedFolders(all: readonly (readonly string[])[]): number {
  const [first = []] = all;
  let shared = first.length;
  for (const parts of all) {
    shared = Math.min(shared, parts.length - 1);
    for (let at = 0; at < shared; at++) if (parts[at] !== first[at]) shared = at;
  }
  return Math.max(shared, 0);
}

/** A file's own name, for messages about files whose folders may be somebody's machine. */
export const baseName = (name: string): string => named(name.split(/[\\/]/).at(-1) ?? '');
