import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hexOf } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { PreparedSource, PreparedSources, SourceFault } from './prepared-sources.port.js';
import { isCheckoutName, type ScanTask } from './scan.js';
import type { SourceArchives } from './source-archives.port.js';
import { packCommit } from './unpack/pack-commit.io.js';
import { removeUnpacked, unpack } from './unpack/unpack.io.js';

type Asked = Pick<ScanTask, 'orgId' | 'source'>;
type Prepared = Result<PreparedSource, SourceFault>;

interface Shared {
  users: number;
  readonly place: string;
  readonly prepared: Promise<Prepared>;
}

/** Unpacks archives below a folder of this process, which is removed with it or by the next start. */
export class LocalPreparedSources implements PreparedSources {
  private readonly shared = new Map<string, Shared>();
  private readonly mine: string;

  constructor(
    private readonly archives: SourceArchives,
    private readonly folder: string,
    /** Repositories that the operator allows, each by its name; undefined where there are none. */
    private readonly checkouts?: string,
  ) {
    this.mine = join(folder, `${hostname()}-${String(process.pid)}`);
  }

  /** Where sandboxes make their mount points. */
  async workFolder(): Promise<string> {
    await mkdir(this.mine, { recursive: true, mode: 0o700 });
    return this.mine;
  }

  /** Removes what killed workers of this machine left behind. `isAlive`: whether a process is. */
  async removeAbandoned(isAlive: (pid: number) => boolean): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const pid = Number(name.slice(name.lastIndexOf('-') + 1));
      const isOurs = name === `${hostname()}-${String(pid)}`;
      if (isOurs && !isAlive(pid)) await removeUnpacked(join(this.folder, name));
    }
  }

  close(): Promise<void> {
    return removeUnpacked(this.mine);
  }

  async use<T>(asked: Asked, with_: (source: PreparedSource) => Promise<T>): Promise<Result<T, SourceFault>> {
    const key = `${asked.orgId} ${asked.source.digest} ${asked.source.checkout ?? ''}`;
    const shared = this.shared.get(key) ?? (await this.begin(key, asked));
    shared.users += 1;
    try {
      const prepared = await shared.prepared;
      return prepared.ok ? ok(await with_(prepared.value)) : prepared;
    } finally {
      shared.users -= 1;
      if (shared.users === 0) {
        if (this.shared.get(key) === shared) this.shared.delete(key);
        await removeUnpacked(shared.place);
      }
    }
  }

  private async begin(key: string, asked: Asked): Promise<Shared> {
    const place = await mkdtemp(join(await this.workFolder(), 'source-'));
    const begun = this.shared.get(key); // by another scanner, while the folder was made
    if (begun) {
      await rm(place, { recursive: true });
      return begun;
    }
    const shared: Shared = { users: 0, place, prepared: this.prepare(asked, place) };
    shared.prepared.catch(() => undefined); // whoever uses it is told
    this.shared.set(key, shared);
    return shared;
  }

  private async prepare(asked: Asked, place: string): Promise<Prepared> {
    const archive = join(place, 'archive');
    const folder = join(place, 'tree');
    const fetched = await this.fetch(asked, archive);
    if (!fetched.ok) return fetched;
    await mkdir(folder);
    const unpacked = await unpack(archive, folder);
    await rm(archive);
    if (!unpacked.ok) return failed({ kind: 'refused', fault: unpacked.problem });
    await chmod(folder, 0o755); // scanners are nobody; the folders above are closed
    return ok({ folder, files: await filesOf(folder) });
  }

  /** What is judged is what the digest names, whatever lies on the disk. */
  private async fetch({ orgId, source }: Asked, archive: string): Promise<Result<undefined, SourceFault>> {
    const { digest, checkout } = source;
    if (checkout !== null) {
      if (this.checkouts === undefined || !isCheckoutName(checkout)) return failed({ kind: 'missing' });
      return packCommit(resolve(this.checkouts, checkout), hexOf(digest), archive);
    }
    const bytes = await this.archives.open(orgId, digest);
    if (!bytes) return failed({ kind: 'missing' });
    return (await copy(bytes, archive)) === digest ? ok(undefined) : failed({ kind: 'altered' });
  }
}

async function copy(bytes: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(hashed()), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return `sha256:${hash.digest('hex')}`;
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
