import type { JsonObject } from '../../kernel/canonical-json.js';
import { countIn, firstObjectIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { folderOfUri, pathOfUri, repositoryPath } from '../read/path.js';
import { indexIn } from './sarif-rules.js';

/** Where a result points: what a reader sees, and what its identity rests on. */
export interface Place {
  readonly path: string | null;
  readonly startLine: number | null;
  readonly startColumn: number | null;
  /** The path, or what stands in for it: an absolute URI, a logical name. Hashed, never shown. */
  readonly anchor: string;
  /** The code of the region, where the file carries it. */
  readonly snippet: string | undefined;
  /** It names a file, but none inside the repository. */
  readonly isOutside: boolean;
  readonly hasEmptyRegion: boolean;
}

interface Resolved {
  readonly uri?: string;
  readonly path?: string;
}

/** Reads the first location of results, knowing the folders the run names. */
export class Locator {
  private readonly bases: JsonObject | undefined;
  private readonly artifacts: readonly JsonObject[];
  private readonly roots: readonly string[];
  /** Results come file by file: what the last one named is mostly what this one names. */
  private last:
    { readonly uri: string; readonly base: string | undefined; readonly found: Resolved } | undefined;

  constructor(run: JsonObject) {
    this.bases = objectIn(run, 'originalUriBaseIds');
    this.artifacts = objectsIn(run, 'artifacts');
    const folders = (uris: readonly (string | undefined)[]): string[] =>
      uris.flatMap((uri) => (uri === undefined ? [] : (folderOfUri(uri) ?? [])));
    const bases = Object.keys(this.bases ?? {}).map((key) => textIn(objectIn(this.bases, key), 'uri'));
    const started = objectsIn(run, 'invocations').map((one) =>
      textIn(objectIn(one, 'workingDirectory'), 'uri'),
    );
    const outermostFirst = (a: string, b: string): number => a.length - b.length;
    this.roots = [...folders(bases).sort(outermostFirst), ...folders(started).sort(outermostFirst)];
  }

  placeOf(result: JsonObject): Place {
    const location = firstObjectIn(result, 'locations');
    const physical = objectIn(location, 'physicalLocation');
    const region = objectIn(physical, 'region');
    const { uri, path } = this.resolve(objectIn(physical, 'artifactLocation'));
    const logical = textIn(firstObjectIn(location, 'logicalLocations'), 'fullyQualifiedName');
    return {
      path: path ?? null,
      startLine: countIn(region, 'startLine') ?? null,
      startColumn: countIn(region, 'startColumn') ?? null,
      anchor: path ?? uri ?? logical ?? '',
      snippet: textIn(objectIn(region, 'snippet'), 'text'),
      isOutside: uri !== undefined && path === undefined,
      hasEmptyRegion:
        region !== undefined && !('startLine' in region || 'charOffset' in region || 'byteOffset' in region),
    };
  }

  /** An artifactLocation may leave its URI to the run's list of artifacts (§3.4.5). */
  private resolve(given: JsonObject | undefined): Resolved {
    const index = indexIn(given, 'index');
    const listed = index === undefined ? undefined : objectIn(this.artifacts[index], 'location');
    const location = textIn(given, 'uri') === undefined ? listed : given;
    const uri = textIn(location, 'uri');
    if (uri === undefined) return {};
    const base = textIn(location, 'uriBaseId');
    if (this.last?.uri !== uri || this.last.base !== base)
      this.last = { uri, base, found: this.resolveUri(uri, base) };
    return this.last.found;
  }

  private resolveUri(uri: string, base: string | undefined): Resolved {
    const written = pathOfUri(uri);
    if (written === undefined) return { uri };
    const path = repositoryPath(this.prefixOf(base) + written, this.roots);
    // A prefix in front of an absolute path was a mistake of the file.
    const settled = path ?? repositoryPath(written, this.roots);
    return settled === undefined ? { uri } : { uri, path: settled };
  }

  /** Bases can stand below each other; the outermost one is the repository, the rest are folders in it. */
  private prefixOf(baseId: string | undefined): string {
    let prefix = '';
    let id = baseId;
    for (let depth = 0; id !== undefined && depth < 10; depth += 1) {
      const base: JsonObject | undefined = objectIn(this.bases, id);
      const parent = textIn(base, 'uriBaseId');
      const folder = parent === undefined ? undefined : pathOfUri(textIn(base, 'uri') ?? '');
      if (folder !== undefined && !folder.startsWith('/')) prefix = `${folder.replace(/\/?$/, '/')}${prefix}`;
      id = parent;
    }
    return prefix;
  }
}
