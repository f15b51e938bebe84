import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestFrom } from '../../src/kernel/digest.js';
import { LocalPreparedSources } from '../../src/scan/prepared-sources.io.js';
import type { SourceArchives } from '../../src/scan/source-archives.port.js';

/** Commits of local repositories as sources: exactly what the commit holds, or a reason why not. */
const folder = mkdtempSync(join(tmpdir(), 'assay-checkouts-'));
const checkouts = join(folder, 'checkouts');
const shop = join(checkouts, 'shop');
const ORG = '11111111-1111-4111-8111-111111111111';
const prepared = new LocalPreparedSources({} as SourceArchives, join(folder, 'scan'), checkouts);

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-C', shop, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
const put = (path: string, text: string | Buffer): void => {
  mkdirSync(dirname(join(shop, path)), { recursive: true });
  writeFileSync(join(shop, path), text);
};
function commit(message: string): string {
  git('add', '--all', '--force');
  git('commit', '--quiet', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
}
const BINARY = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));

let first: string;
beforeAll(() => {
  mkdirSync(shop, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  put('a.txt', 'alpha\n');
  put('deep/er/b.bin', BINARY);
  put('empty', '');
  // What a source says of itself takes nothing from what is seen.
  put('.gitattributes', '* export-ignore\n*.txt text eol=crlf ident\n');
  first = commit('one');
  put('a.txt', 'changed\n');
  commit('two');
});
afterAll(async () => {
  await prepared.close();
  rmSync(folder, { recursive: true, force: true });
});

const look = (hex: string, checkout = 'shop') =>
  prepared.use({ orgId: ORG, source: { digest: digestFrom(`gitCommit:${hex}`), checkout } }, (source) =>
    Promise.resolve({
      files: source.files,
      read: Object.fromEntries(source.files.map((file) => [file, readFileSync(join(source.folder, file))])),
    }),
  );
const problemOf = async (hex: string, checkout?: string): Promise<unknown> => {
  const found = await look(hex, checkout);
  return found.ok ? found.value.files : found.problem;
};

describe('a commit of a checkout', () => {
  it('is all that it holds, byte for byte, whatever its attributes say and whatever lies in the folder', async () => {
    put('not-committed.txt', 'x');
    const found = await look(first);
    if (!found.ok) throw new Error(JSON.stringify(found));
    expect(found.value.files).toEqual(['.gitattributes', 'a.txt', 'deep/er/b.bin', 'empty']);
    expect(found.value.read['a.txt']?.toString()).toBe('alpha\n');
    expect(found.value.read['deep/er/b.bin']?.equals(BINARY)).toBe(true);
    rmSync(join(shop, 'not-committed.txt'));
  });

  it('is the same from a bare repository', async () => {
    git('clone', '--quiet', '--bare', shop, join(checkouts, 'bare.git'));
    expect(await problemOf(first, 'bare.git')).toEqual(['.gitattributes', 'a.txt', 'deep/er/b.bin', 'empty']);
  });

  it('is not replaced by another', async () => {
    git('replace', first, git('rev-parse', 'main'));
    const found = await look(first);
    expect(found.ok && found.value.read['a.txt']?.toString()).toBe('alpha\n');
    git('replace', '--delete', first);
  });

  it('is missing when it, or its repository, is not there, and nothing is fetched', async () => {
    expect(await problemOf('a'.repeat(40))).toEqual({ kind: 'missing' });
    expect(await problemOf(first, 'other')).toEqual({ kind: 'missing' });
    mkdirSync(join(checkouts, 'plain'));
    expect(await problemOf(first, 'plain')).toEqual({ kind: 'missing' });
  });

  it.each(['..', '.', 'shop/../shop', '/etc', '-shop', ''])('is in no folder called "%s"', async (name) => {
    expect(await problemOf(first, name)).toEqual({ kind: 'missing' });
  });

  it('is a commit, and not a tree or a file', async () => {
    expect(await problemOf(git('rev-parse', 'HEAD^{tree}'))).toEqual({ kind: 'altered' });
  });

  it('is refused when a link leads out of it', async () => {
    execFileSync('ln', ['-s', '../../outside', join(shop, 'link')]);
    const hex = commit('link');
    expect(await problemOf(hex)).toMatchObject({ kind: 'refused', fault: { kind: 'outside', name: 'link' } });
    rmSync(join(shop, 'link'));
  });

  it('is refused when part of it is in another repository', async () => {
    git('update-index', '--add', '--cacheinfo', `160000,${first},inner`);
    git('commit', '--quiet', '-m', 'submodule');
    expect(await problemOf(git('rev-parse', 'HEAD'))).toMatchObject({
      kind: 'refused',
      fault: { kind: 'submodule', name: 'inner' },
    });
    git('reset', '--quiet', '--hard', first);
  });

  it('is refused when an object is not what its name says', async () => {
    put('a.txt', 'to be altered\n');
    const hex = commit('altered');
    const [good, other] = [git('rev-parse', 'HEAD:a.txt'), git('rev-parse', `${first}:a.txt`)];
    const pathOf = (oid: string): string => join(shop, '.git/objects', oid.slice(0, 2), oid.slice(2));
    const bytes = readFileSync(pathOf(other));
    rmSync(pathOf(good));
    writeFileSync(pathOf(good), bytes);
    expect(await problemOf(hex)).toMatchObject({ kind: expect.stringMatching(/^(?:altered|missing)$/) });
  });
});
