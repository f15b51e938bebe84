import { equalBytes, utf8 } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal, shown, type Findings } from './finding.js';
import type { FileDigests } from './manifest.js';
import {
  comesAfter,
  continuationSeqOf,
  MANIFEST,
  parseTileName,
  PREVIOUS,
  REQUIRED,
  seqOf,
} from './names.js';
import type { PackSource } from './source.port.js';

const UNCHECKED = 0;
const GOOD = 1;
const BAD = 2;

/**
 * The files of a pack. Whoever reads one gets bytes whose digest has just been held against the manifest: what is
 * judged is what was hashed, and every file is read as seldom as can be.
 */
export class Pack {
  private readonly sizes = new Map<string, number>();
  private listed: FileDigests | undefined;
  private state = new Uint8Array();
  /** Bytes read so far. */
  bytes = 0;

  constructor(
    private readonly source: PackSource,
    private readonly crypto: Crypto,
    private readonly findings: Findings,
  ) {
    for (const { code, path, detail, at } of source.problems) findings.add(code, path, detail, at);
    let before: string | undefined;
    for (const { name, size } of source.files) {
      if (source.ordered && before !== undefined && isKnown(name) && !comesAfter(before, name)) {
        findings.add('archive-malformed', name, `stands behind ${before}`);
      }
      if (isKnown(name)) before = name;
      if (this.sizes.has(name)) findings.add('archive-malformed', name, 'twice in the archive');
      if (!isKnown(name)) findings.add('file-name', shown(name).slice(1, -1), 'not a file of format 1');
      else this.sizes.set(name, size);
    }
    for (const name of REQUIRED) {
      if (!this.sizes.has(name)) findings.add('file-missing', name, 'required by format 1');
    }
  }

  has(name: string): boolean {
    return this.sizes.has(name);
  }

  names(): IterableIterator<string> {
    return this.sizes.keys();
  }

  /** From now on every file read is held against this list. First, nothing may be missing from it or from the pack. */
  hold(listed: FileDigests): void {
    this.listed = listed;
    this.state = new Uint8Array(listed.length);
    for (let i = 0; i < listed.length; i += 1) {
      const name = listed.nameAt(i);
      if (!this.sizes.has(name) && !(REQUIRED as readonly string[]).includes(name)) {
        this.findings.add('file-missing', name, 'listed in the manifest');
      }
    }
    for (const name of this.sizes.keys()) {
      if (name !== MANIFEST && listed.indexOf(name) < 0)
        this.findings.add('file-unlisted', name, 'not in the manifest');
    }
    if (listed.indexOf(MANIFEST) >= 0) this.findings.add('manifest-malformed', MANIFEST, 'lists itself');
  }

  /** Whole content; refused when there is none or more than `most` bytes. */
  async read(name: string, most: number): Promise<Uint8Array> {
    const size = this.sizes.get(name);
    if (size === undefined) throw new Refusal('file-missing', name, 'not there');
    if (size > most) throw new Refusal('file-size', name, `${size} bytes, ${most} at most`);
    const bytes = await this.source.read(name);
    this.bytes += bytes.length;
    this.compare(name, () => this.crypto.sha256(bytes));
    return bytes;
  }

  async text(name: string, most: number): Promise<string> {
    return utf8(await this.read(name, most), name);
  }

  /** For files of any size. The digest is compared when the last piece has been taken. */
  async *pieces(name: string): AsyncGenerator<Uint8Array> {
    if (!this.sizes.has(name)) return;
    const running = this.crypto.startSha256();
    for await (const piece of this.source.stream(name)) {
      running.update(piece);
      this.bytes += piece.length;
      yield piece;
    }
    this.compare(name, () => running.digest());
  }

  /** The listed files that nobody has read yet: their digest has to be compared all the same. */
  *unread(): Generator<string> {
    for (let i = 0; i < this.state.length; i += 1) {
      const name = this.listed?.nameAt(i) ?? '';
      if (this.state[i] === UNCHECKED && this.sizes.has(name)) yield name;
    }
  }

  private compare(name: string, digest: () => Uint8Array): void {
    const index = this.listed?.indexOf(name) ?? -1;
    if (!this.listed || index < 0 || this.state[index] === BAD) return;
    // Each time it is read: what was good before may have been replaced meanwhile.
    const good = equalBytes(digest(), this.listed.digestAt(index));
    this.state[index] = good ? GOOD : BAD;
    if (good) return;
    this.findings.add('file-digest', name, 'not the bytes that the manifest lists');
  }
}

const isKnown = (name: string): boolean =>
  (REQUIRED as readonly string[]).includes(name) ||
  name === PREVIOUS ||
  seqOf(name) !== undefined ||
  continuationSeqOf(name) !== undefined ||
  parseTileName(name) !== undefined;
