import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A pack on disk that is changed in place, and put back afterwards. */
export class OpenPack {
  /** What stood where something was changed; null where nothing stood. */
  readonly #before = new Map<string, Buffer | null>();

  constructor(readonly folder: string) {}

  paths(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .toSorted();
  }

  read(path: string): Buffer {
    return readFileSync(join(this.folder, path));
  }

  text(path: string): string {
    return this.read(path).toString();
  }

  /** Refuses to change nothing: a tampering that does not tamper would be missed by everyone. */
  write(path: string, content: string | Buffer): void {
    const bytes = Buffer.from(content);
    if (this.#has(path) && this.read(path).equals(bytes)) throw new Error(`${path} would stay as it is`);
    this.#remember(path);
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), bytes);
  }

  edit(path: string, change: (text: string) => string): void {
    this.write(path, change(this.text(path)));
  }

  editJson(path: string, change: (document: SigstoreBundle) => void): void {
    const document = JSON.parse(this.text(path)) as SigstoreBundle;
    change(document);
    this.write(path, JSON.stringify(document));
  }

  editEntries(path: string, change: (entries: Buffer[]) => Buffer[]): void {
    this.write(path, joinEntries(change(splitEntries(this.read(path)))));
  }

  editHashes(path: string, change: (hashes: Buffer[]) => Buffer[]): void {
    const data = this.read(path);
    const hashes = Array.from({ length: data.length / 32 }, (_, i) => data.subarray(i * 32, i * 32 + 32));
    this.write(path, Buffer.concat(change(hashes)));
  }

  remove(path: string): void {
    this.#remember(path);
    rmSync(join(this.folder, path));
  }

  move(from: string, to: string): void {
    this.write(to, this.read(from));
    this.remove(from);
  }

  swap(one: string, other: string): void {
    const [first, second] = [this.read(one), this.read(other)];
    this.write(one, second);
    this.write(other, first);
  }

  /** Makes the pack what it was. Folders that came about are removed with what is in them. */
  restore(): void {
    for (const [path, bytes] of this.#before) {
      if (bytes) {
        mkdirSync(dirname(join(this.folder, path)), { recursive: true });
        writeFileSync(join(this.folder, path), bytes);
        continue;
      }
      rmSync(join(this.folder, path), { force: true });
      for (let folder = dirname(path); folder !== '.' && this.#isEmpty(folder); folder = dirname(folder))
        rmSync(join(this.folder, folder), { recursive: true });
    }
    this.#before.clear();
  }

  #remember(path: string): void {
    if (!this.#before.has(path)) this.#before.set(path, this.#has(path) ? this.read(path) : null);
  }

  #has(path: string): boolean {
    return statSync(join(this.folder, path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  #isEmpty(folder: string): boolean {
    return readdirSync(join(this.folder, folder)).length === 0;
  }
}

/** The members that are tampered with. */
export interface SigstoreBundle {
  verificationMaterial: {
    publicKey: { hint: string };
    tlogEntries: {
      logIndex: string;
      integratedTime: string;
      inclusionProof: { logIndex: string; rootHash: string; treeSize: string; hashes: string[] };
      canonicalizedBody: string;
    }[];
  };
  dsseEnvelope: { payload: string; signatures: { sig: string; keyid: string }[] };
}

function splitEntries(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

const joinEntries = (entries: readonly Buffer[]): Buffer =>
  Buffer.concat(entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 0xff), entry]));
