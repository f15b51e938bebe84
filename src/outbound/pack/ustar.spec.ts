import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drained } from '../../../test/support/pack.js';
import { smallFile, type PackFile } from './pack.js';
import { ustar } from './ustar.js';

async function* files(...given: readonly PackFile[]): AsyncGenerator<PackFile> {
  for (const file of given) yield await Promise.resolve(file);
}

const archive = (...given: readonly PackFile[]): Promise<Buffer> => drained(ustar(files(...given)));

describe('the archive of a pack', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-ustar-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read by the system tar, file by file, whatever the lengths', async () => {
    const contents = [0, 1, 511, 512, 513, 10_000].map((length) =>
      Buffer.alloc(length, `${String(length)} `),
    );
    const tar = join(folder, 'pack.tar');
    writeFileSync(
      tar,
      await archive(...contents.map((bytes, i) => smallFile(`some/folder/${String(i)}.bin`, bytes))),
    );
    execFileSync('tar', ['-xf', tar, '-C', folder]);
    for (const [i, bytes] of contents.entries()) {
      expect(readFileSync(join(folder, `some/folder/${String(i)}.bin`)).equals(bytes)).toBe(true);
    }
    const listing = execFileSync('tar', ['--utc', '--full-time', '-tvf', tar], { encoding: 'utf8' });
    expect(listing.split('\n')[0]).toMatch(/^-rw-r--r-- 0\/0 +0 1970-01-01 00:00:00 some\/folder\/0\.bin$/);
  });

  it('says nothing of the machine: header of one file, byte by byte', async () => {
    const tar = await archive(smallFile('checkpoint', 'x\n'));
    expect(tar.length).toBe(512 + 512 + 1024);
    const header = tar.subarray(0, 512).toString('latin1').replace(/\0+/g, '|');
    expect(header).toBe(
      'checkpoint|0000644|0000000|0000000|00000000002|00000000000|011247| 0|ustar|00|0000000|0000000|',
    );
    expect(tar.subarray(514).every((byte) => byte === 0)).toBe(true);
  });

  it.each(['', 'x'.repeat(101), 'a b', 'ä'])('refuses the name "%s"', async (name) => {
    await expect(archive(smallFile(name, ''))).rejects.toThrow(RangeError);
  });

  it('refuses a file whose length is not the one announced', async () => {
    await expect(archive({ ...smallFile('a', 'abc'), size: 2 })).rejects.toThrow('not as announced');
  });

  it('refuses what eleven octal digits cannot say', async () => {
    await expect(archive({ ...smallFile('a', ''), size: 8 ** 11 })).rejects.toThrow('too many');
  });
});
