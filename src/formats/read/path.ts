/**
 * Where continuous integration checks a repository out. An absolute path below one of these is made relative
 * to it; any other absolute path is somebody's machine and names nothing in the repository.
 */
const CHECKOUTS: readonly RegExp[] = [
  /^\/home\/runner\/work\/[^/]+\/[^/]+\//, // GitHub, hosted runner
  /^\/a\/[^/]+\/[^/]+\//, // GitHub, Windows runner (after the drive)
  /^\/Users\/runner\/work\/[^/]+\/[^/]+\//,
  /^\/github\/workspace\//,
  /^\/builds\/[^/]+\/[^/]+\//, // GitLab
  /^\/home\/vsts\/work\/\d+\/s\//, // Azure
  /^\/opt\/atlassian\/pipelines\/agent\/build\//,
  /^\/var\/(?:lib\/)?jenkins(?:_home)?\/workspace\/[^/]+\//,
  /^\/home\/[^/]+\/(?:project|workspace|repo)\//, // CircleCI and its imitators
  /^\/(?:workspace|repo|src|code|app)\//, // what containers mount it as
];

/**
 * A path relative to the repository's root, with forward slashes and without `.` and `..`; undefined when it
 * leads outside, or is absolute and below no known root. `roots` are absolute folders the file itself names.
 */
export function repositoryPath(path: string, roots: readonly string[] = []): string | undefined {
  const slashed = slashedPath(path);
  if (!slashed.startsWith('/')) return inside(slashed);
  for (const root of roots) {
    const folder = root.endsWith('/') ? root : `${root}/`;
    if (folder !== '/' && slashed.startsWith(folder)) return inside(slashed.slice(folder.length));
  }
  for (const checkout of CHECKOUTS) {
    const root = checkout.exec(slashed)?.[0];
    if (root !== undefined) return inside(slashed.slice(root.length));
  }
  return undefined;
}

/** Forward slashes, and no drive letter: the drive of a build machine says nothing. */
export const slashedPath = (path: string): string =>
  path.replaceAll('\\', '/').replace(/^\/?[A-Za-z]:(?=\/)/, '');

/** The absolute folder a `file:` URI names, in the form `repositoryPath` takes as a root. */
export function folderOfUri(uri: string): string | undefined {
  const path = pathOfUri(uri);
  const folder = path === undefined ? '' : slashedPath(path);
  return folder.startsWith('/') && folder !== '/' ? folder : undefined;
}

function inside(relative: string): string | undefined {
  const kept: string[] = [];
  for (const segment of relative.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return undefined;
  }
  return kept.length > 0 ? kept.join('/') : undefined;
}

/** The path of a `file:` URI or of a relative reference, decoded; undefined for other schemes. */
export function pathOfUri(uri: string): string | undefined {
  const trimmed = uri.trim();
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(trimmed)?.[1]?.toLowerCase(); // one letter is a drive
  if (scheme === undefined) return decoded(trimmed);
  if (scheme !== 'file') return undefined;
  return decoded(trimmed.replace(/^file:(?:\/\/[^/]*)?/i, ''));
}

/** A stray `%` is left as it is: many tools write paths where the format wants URIs. */
function decoded(text: string): string | undefined {
  let path = text;
  try {
    path = decodeURIComponent(text);
  } catch {
    // not an encoded URI
  }
  return path === '' || path.includes('\0') ? undefined : path;
}
