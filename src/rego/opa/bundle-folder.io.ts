import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type Digest } from '../../kernel/digest.js';
import { bundleDigest, WASM_MEMBER } from '../bundle.js';
import type { BuildOrder, CompiledBundle, ToolchainVersion } from '../compiler.port.js';
import { baseDocument } from './build.io.js';
import { requiredBuiltins } from './required-builtins.js';
import { BASE_DOCUMENT } from './sources.js';

/** A pack's bundle is about 300 kB: at most some 80 MB. */
const MAX_BUNDLES = 256;

interface Member {
  readonly name: string;
  readonly digest: string;
}

/**
 * Compiled bundles on disk, so that a restart compiles nothing anew. What is read back is believed only as far as
 * its digests go: the listing must name exactly the sources that were asked for and the module that lies there.
 * A cache that cannot be written or read costs time, never an answer.
 */
export class BundleFolder {
  constructor(private readonly folder: string) {}

  async get(
    key: string,
    { files, entrypoints }: BuildOrder,
    toolchain: ToolchainVersion,
  ): Promise<CompiledBundle | undefined> {
    try {
      const [listing, wasm] = await Promise.all([
        readFile(join(this.folder, `${key}.json`), 'utf8'),
        readFile(join(this.folder, `${key}.wasm`)),
      ]);
      const written = files.find(({ path }) => path === BASE_DOCUMENT)?.text;
      if (!isListingOf(listing, files, sha256(wasm))) return undefined;
      const digest = bundleDigest(listing);
      const builtins = await requiredBuiltins(wasm);
      const bundle = { digest, listing, wasm, entrypoints, builtins, toolchain };
      return written === undefined ? bundle : { ...bundle, data: baseDocument(written) };
    } catch {
      return undefined; // not there, or not whole
    }
  }

  async put(key: string, { listing, wasm }: CompiledBundle): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await this.makeRoom();
      // The listing last: without it there is no entry.
      await this.write(`${key}.wasm`, wasm);
      await this.write(`${key}.json`, listing);
    } catch {
      // A full or read-only disk: compiled again next time.
    }
  }

  private async write(name: string, content: Buffer | string): Promise<void> {
    const path = join(this.folder, name);
    const draft = `${path}.${String(process.pid)}`;
    await writeFile(draft, content);
    await rename(draft, path);
  }

  private async makeRoom(): Promise<void> {
    const names = await readdir(this.folder);
    const listings = names.filter((name) => name.endsWith('.json'));
    if (listings.length < MAX_BUNDLES) return;
    const ages = await Promise.all(
      listings.map(async (name) => ({ name, at: (await stat(join(this.folder, name))).mtimeMs })),
    );
    const oldest = ages.sort((a, b) => a.at - b.at).slice(0, ages.length - MAX_BUNDLES + 1);
    for (const { name } of oldest)
      for (const each of [name, name.replace(/json$/, 'wasm')])
        await rm(join(this.folder, each), { force: true });
  }
}

function isListingOf(listing: string, files: BuildOrder['files'], wasm: Digest): boolean {
  const members = new Map((JSON.parse(listing) as Member[]).map(({ name, digest }) => [name, digest]));
  const sources = files.every(({ path, text }) => members.get(path) === sha256(text));
  const size = new Set([...files.map(({ path }) => path), WASM_MEMBER, BASE_DOCUMENT]).size;
  return sources && members.get(WASM_MEMBER) === wasm && members.size === size;
}
