import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { SourceFault } from '../prepared-sources.port.js';
import { UNPACK_LIMITS, type ArchiveFault } from './unpack-rules.js';

/** Larger ones have millions of entries; they are held in memory. */
const MAX_TREE_BYTES = 64 * 2 ** 20;
const MAX_LINK_BYTES = 4096;
const NAME_SHOWN = 200;

class Refused extends Error {
  constructor(readonly fault: SourceFault) {
    super(fault.kind);
  }
}
const refusedFor = (fault: ArchiveFault): Refused => new Refused({ kind: 'refused', fault });

/**
 * Writes what a commit of a local repository holds as a tar, to be unpacked like any other. Objects are read as they are,
 * and each is held against its hash from the commit down: no attribute, filter or replacement of the repository decides
 * what is seen (`git archive` lets the code that is judged leave files out). Nothing is fetched. `hex` names the commit.
 */
export async function packCommit(
  repository: string,
  hex: string,
  target: string,
): Promise<Result<undefined, SourceFault>> {
  const objects = new GitObjects(repository, hex.length === 64 ? 'sha256' : 'sha1');
  const tar = pack();
  const writing = pipeline(tar, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  writing.catch(() => undefined);
  try {
    const commit = (await objects.whole(hex, 'commit', MAX_LINK_BYTES * 256)).toString('latin1');
    const tree = /^tree ([0-9a-f]+)\n/.exec(commit)?.[1];
    if (tree === undefined) throw new Refused({ kind: 'altered' });
    await new TreePacker(objects, tar).pack(tree, '', 0);
    tar.finalize();
    await writing;
    return ok(undefined);
  } catch (error) {
    tar.destroy();
    await writing.catch(() => undefined);
    if (error instanceof Refused) return failed(error.fault);
    throw error;
  } finally {
    await objects.close();
  }
}

class TreePacker {
  private entries = 0;
  private bytes = 0;

  constructor(
    private readonly objects: GitObjects,
    private readonly tar: Pack,
  ) {}

  /** `prefix` is empty or ends in a slash. */
  async pack(tree: string, prefix: string, depth: number): Promise<void> {
    const { depth: limit, entries } = UNPACK_LIMITS;
    if (depth > limit) throw refusedFor({ kind: 'too-deep', name: prefix.slice(0, NAME_SHOWN), limit });
    for (const { mode, name, oid } of entriesOf(
      await this.objects.whole(tree, 'tree', MAX_TREE_BYTES),
      tree,
    )) {
      this.entries += 1;
      if (this.entries > entries) throw refusedFor({ kind: 'too-many-entries', limit: entries });
      await this.packEntry(mode, `${prefix}${name}`, oid, depth);
    }
  }

  private async packEntry(mode: string, name: string, oid: string, depth: number): Promise<void> {
    const shown = name.slice(0, NAME_SHOWN);
    switch (mode) {
      case '40000':
        await this.pack(oid, `${name}/`, depth + 1);
        return;
      case '120000': {
        const linkname = (await this.objects.whole(oid, 'blob', MAX_LINK_BYTES)).toString('utf8');
        this.tar.entry({ name, type: 'symlink', linkname });
        return;
      }
      case '100644':
      case '100664':
      case '100755':
        await this.packFile(name, oid, mode === '100755' ? 0o755 : 0o644);
        return;
      case '160000':
        throw refusedFor({ kind: 'submodule', name: shown });
      default:
        throw refusedFor({ kind: 'special-file', name: shown });
    }
  }

  private async packFile(name: string, oid: string, mode: number): Promise<void> {
    const { fileBytes, totalBytes } = UNPACK_LIMITS;
    const { size, chunks } = await this.objects.open(oid, 'blob');
    if (size > fileBytes)
      throw refusedFor({ kind: 'file-too-large', name: name.slice(0, NAME_SHOWN), limit: fileBytes });
    this.bytes += size;
    if (this.bytes > totalBytes) throw refusedFor({ kind: 'too-large', limit: totalBytes });
    await pipeline(chunks, this.tar.entry({ name, size, mode }));
  }
}

interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

/** `<mode> SP <name> NUL <raw id>`, again and again (gitformat-pack; "tree objects"). */
function* entriesOf(bytes: Buffer, tree: string): Generator<TreeEntry> {
  const idBytes = tree.length / 2;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, at);
    if (space < 0 || nul < space || nul + 1 + idBytes > bytes.length) throw new Refused({ kind: 'altered' });
    const oid = bytes.toString('hex', nul + 1, nul + 1 + idBytes);
    yield { mode: bytes.toString('latin1', at, space), name: bytes.toString('utf8', space + 1, nul), oid };
    at = nul + 1 + idBytes;
  }
}

/** One `git cat-file --batch`. An answer must be read to its end before the next object is asked for. */
class GitObjects {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly input: AsyncIterator<Buffer>;
  private readonly ended: Promise<void>;
  private rest = Buffer.alloc(0);
  private failure: Error | undefined;

  constructor(
    repository: string,
    private readonly algorithm: 'sha1' | 'sha256',
  ) {
    const settings = ['--no-replace-objects', '-c', `safe.directory=${repository}`, '-C', repository];
    this.child = spawn('git', [...settings, 'cat-file', '--batch'], {
      stdio: 'pipe',
      env: {
        PATH: process.env['PATH'],
        // The repository is the operator's, its configuration perhaps not; and nothing may come over a network.
        ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_OPTIONAL_LOCKS: '0' },
        ...{ GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: '', GIT_TERMINAL_PROMPT: '0' },
        GIT_CEILING_DIRECTORIES: dirname(repository),
      },
    });
    this.child.stdin.on('error', () => undefined); // told by the end of its output
    this.child.stderr.resume();
    this.input = (this.child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.failure = error;
        resolve();
      });
      this.child.once('close', () => {
        resolve();
      });
    });
  }

  async open(oid: string, type: string): Promise<{ size: number; chunks: AsyncIterable<Buffer> }> {
    this.child.stdin.write(`${oid}\n`);
    const header = await this.line();
    if (this.failure) throw this.failure; // git is not there, say: an outage
    const [, found, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header ?? '') ?? [];
    if (found === undefined) throw new Refused({ kind: 'missing' });
    if (found !== type) throw new Refused({ kind: 'altered' });
    const hash = createHash(this.algorithm).update(`${type} ${String(size)}\0`);
    return { size: Number(size), chunks: this.content(Number(size), hash, oid) };
  }

  async whole(oid: string, type: string, limit: number): Promise<Buffer> {
    const { size, chunks } = await this.open(oid, type);
    if (size > limit) throw refusedFor({ kind: 'malformed', detail: `a ${type} of ${String(size)} bytes` });
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts);
  }

  async close(): Promise<void> {
    this.child.stdout.destroy(); // with something unread it would never be said to have ended
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async *content(size: number, hash: Hash, oid: string): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (this.rest.length === 0 && !(await this.more())) throw new Refused({ kind: 'altered' });
      const chunk = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(chunk.length);
      left -= chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== oid || (await this.line()) !== '') throw new Refused({ kind: 'altered' });
  }

  private async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf(0x0a);
      if (end >= 0) {
        const line = this.rest.toString('latin1', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      if (!(await this.more())) return undefined;
    }
  }

  private async more(): Promise<boolean> {
    const next = await this.input.next();
    if (next.done === true) {
      await this.ended;
      return false;
    }
    this.rest = Buffer.concat([this.rest, next.value]);
    return true;
  }
}
