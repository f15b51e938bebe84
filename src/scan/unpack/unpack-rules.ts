/** Why an archive is not unpacked. `name` is the entry's, cut to a length that can be shown. */
export type ArchiveFault =
  /** Not tar, tar.gz or zip. */
  | { readonly kind: 'unknown-format' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'empty' }
  /** NUL, control character, backslash, or longer than a file system takes. */
  | { readonly kind: 'bad-name'; readonly name: string }
  | { readonly kind: 'absolute-path'; readonly name: string }
  /** A name, or what a link points to, is outside the archive. */
  | { readonly kind: 'outside'; readonly name: string }
  /** A hard link to something that did not come before it. */
  | { readonly kind: 'dangling-link'; readonly name: string }
  /** Device, pipe, socket, sparse file: nothing that source code consists of. */
  | { readonly kind: 'special-file'; readonly name: string }
  /** Two entries of one name: tools would disagree on which is meant. */
  | { readonly kind: 'name-twice'; readonly name: string }
  /** Of a commit: what it holds is in another repository. */
  | { readonly kind: 'submodule'; readonly name: string }
  | { readonly kind: 'encrypted'; readonly name: string }
  | { readonly kind: 'too-deep'; readonly name: string; readonly limit: number }
  | { readonly kind: 'too-many-entries'; readonly limit: number }
  | { readonly kind: 'file-too-large'; readonly name: string; readonly limit: number }
  | { readonly kind: 'too-large'; readonly limit: number }
  /** More than `limit` bytes came out for each that went in. */
  | { readonly kind: 'bomb'; readonly limit: number };

export interface UnpackLimits {
  readonly entries: number;
  /** Of all files together, in bytes. */
  readonly totalBytes: number;
  readonly fileBytes: number;
  /** Folders in one another. */
  readonly depth: number;
  readonly ratio: number;
}

const MIB = 2 ** 20;
/** The largest repositories we know have some 500,000 files; source beyond 4 GiB is data. */
export const UNPACK_LIMITS: UnpackLimits = {
  entries: 500_000,
  totalBytes: 4096 * MIB,
  fileBytes: 1024 * MIB,
  depth: 64,
  ratio: 200,
};

/** Text packs well: below this no ratio is looked at. */
const RATIO_FROM_BYTES = 64 * MIB;
/** Of Linux and macOS: a segment, and a whole path with room for the folder it is put into. */
const MAX_SEGMENT_BYTES = 255;
const MAX_NAME_BYTES = 3072;
const SHOWN = 200;

export interface ArchiveEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link' | 'other';
  readonly sizeBytes: number;
  /** What a link points to. */
  readonly target?: string;
}

/** What is to be done with an entry: `path` is relative, with forward slashes, without `.` and `..`. */
export type Placed =
  | { readonly do: 'file' | 'directory'; readonly path: string }
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  /** The root itself, or a link within the archive: what it points to is there under its own name. */
  | { readonly do: 'nothing' };

/** Thrown through the streams that unpack, so that all of them end. */
export class ArchiveRefused extends Error {
  constructor(readonly fault: ArchiveFault) {
    super(fault.kind);
  }
}

/**
 * Judges the entries of one archive, one after the other. Links are never made: a symbolic one that stays inside is
 * left out and counted, a hard one becomes a second name of a file that is there, and one that leads out is refused.
 * So no path on disk ever goes through a link. Throws `ArchiveRefused`.
 */
export class UnpackRules {
  private readonly files = new Set<string>();
  private readonly folders = new Set<string>();
  private entries = 0;
  private bytes = 0;
  private fileCount = 0;
  private linkCount = 0;

  constructor(
    private readonly limits: UnpackLimits,
    /** Bytes of the archive read so far. */
    private readonly packedBytes: () => number,
  ) {}

  /** How many files there are, and how many symbolic links were left out. */
  get counts(): { readonly files: number; readonly links: number } {
    return { files: this.fileCount, links: this.linkCount };
  }

  place(entry: ArchiveEntry): Placed {
    this.entries += 1;
    if (this.entries > this.limits.entries)
      throw new ArchiveRefused({ kind: 'too-many-entries', limit: this.limits.entries });
    const path = this.pathOf(entry.name);
    if (entry.type === 'other') throw new ArchiveRefused({ kind: 'special-file', name: shown(entry.name) });
    if (path === '') {
      if (entry.type !== 'directory') throw new ArchiveRefused({ kind: 'bad-name', name: shown(entry.name) });
      return { do: 'nothing' };
    }
    if (entry.type === 'directory') return this.placeFolder(path, entry.name);
    this.addName(path, entry.name);
    if (entry.type === 'symlink') return this.leaveOut(path, entry);
    this.fileCount += 1;
    if (entry.type === 'link') return { do: 'link', path, to: this.linked(entry) };
    if (entry.sizeBytes > this.limits.fileBytes)
      throw new ArchiveRefused({
        kind: 'file-too-large',
        name: shown(entry.name),
        limit: this.limits.fileBytes,
      });
    this.files.add(path);
    return { do: 'file', path };
  }

  /** To be told of every byte that comes out, before it is written. */
  unpacked(bytes: number, name: string, ofFile: number): void {
    this.bytes += bytes;
    const { totalBytes, fileBytes, ratio } = this.limits;
    if (ofFile > fileBytes)
      throw new ArchiveRefused({ kind: 'file-too-large', name: shown(name), limit: fileBytes });
    if (this.bytes > totalBytes) throw new ArchiveRefused({ kind: 'too-large', limit: totalBytes });
    if (this.bytes > RATIO_FROM_BYTES && this.bytes > ratio * Math.max(this.packedBytes(), 1))
      throw new ArchiveRefused({ kind: 'bomb', limit: ratio });
  }

  finish(): void {
    if (this.fileCount === 0) throw new ArchiveRefused({ kind: 'empty' });
  }

  private placeFolder(path: string, name: string): Placed {
    if (this.files.has(path)) throw new ArchiveRefused({ kind: 'name-twice', name: shown(name) });
    this.folders.add(path);
    this.addParents(path, name);
    return { do: 'directory', path };
  }

  /** A symbolic link inside; its name is taken all the same. */
  private leaveOut(path: string, { name, target = '' }: ArchiveEntry): Placed {
    const outside = new ArchiveRefused({ kind: 'outside', name: shown(name) });
    if (target === '' || target.startsWith('/') || /^[A-Za-z]:|[\\\0]/.test(target)) throw outside;
    const parent = path.split('/').slice(0, -1);
    if (resolved([...parent, ...target.split('/')]) === undefined) throw outside;
    this.files.add(path);
    this.linkCount += 1;
    return { do: 'nothing' };
  }

  private linked({ name, target = '' }: ArchiveEntry): string {
    const to = this.pathOf(target);
    if (!this.files.has(to)) throw new ArchiveRefused({ kind: 'dangling-link', name: shown(name) });
    return to;
  }

  private addName(path: string, name: string): void {
    if (this.files.has(path) || this.folders.has(path))
      throw new ArchiveRefused({ kind: 'name-twice', name: shown(name) });
    this.addParents(path, name);
  }

  private addParents(path: string, name: string): void {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const parent = path.slice(0, at);
      if (this.files.has(parent)) throw new ArchiveRefused({ kind: 'name-twice', name: shown(name) });
      if (this.folders.has(parent)) return;
      this.folders.add(parent);
    }
  }

  private pathOf(name: string): string {
    if (/^(?:[/\\]|[A-Za-z]:)/.test(name))
      throw new ArchiveRefused({ kind: 'absolute-path', name: shown(name) });
    // eslint-disable-next-line no-control-regex -- exactly these may not be in a name
    if (name === '' || /[\u0000-\u001f\u007f\\\ufffd]/.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES)
      throw new ArchiveRefused({ kind: 'bad-name', name: shown(name) });
    const segments = resolved(name.split('/'));
    if (segments === undefined || name.split('/').includes('..'))
      throw new ArchiveRefused({ kind: 'outside', name: shown(name) });
    if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
      throw new ArchiveRefused({ kind: 'bad-name', name: shown(name) });
    if (segments.length > this.limits.depth)
      throw new ArchiveRefused({ kind: 'too-deep', name: shown(name), limit: this.limits.depth });
    return segments.join('/');
  }
}

/** Undefined when they climb out, even if they come back. */
function resolved(segments: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return undefined;
  }
  return kept;
}

// eslint-disable-next-line no-control-regex -- a name goes into messages and logs
const shown = (name: string): string => name.slice(0, SHOWN).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
