import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { sha256, type Digest } from '../../src/kernel/digest.js';
import type { SourceArchives } from '../../src/scan/source-archives.port.js';

/** What every store of source archives must do, whatever it stores on. */
export function sourceArchivesContract(name: string, open: () => Promise<SourceArchives>): void {
  describe(`${name} keeps the contract of source archives`, () => {
    const org = randomUUID();
    let archives: SourceArchives;
    beforeEach(async () => {
      archives = await open();
    });

    const read = async (digest: Digest, of = org): Promise<Buffer | undefined> => {
      const bytes = await archives.open(of, digest);
      if (!bytes) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      return Buffer.concat(chunks);
    };

    it('hands out what was kept, by its digest, to its organisation alone', async () => {
      const chunks = [randomBytes(300_000), Buffer.from('end')];
      const whole = Buffer.concat(chunks);
      const staged = await archives.stage(org, streamOf(chunks));
      expect([staged.digest, staged.sizeBytes]).toEqual([sha256(whole), whole.length]);
      await staged.keep();
      expect((await read(staged.digest))?.equals(whole)).toBe(true);
      expect(await read(staged.digest, randomUUID())).toBeUndefined();
    });

    it('lets nobody read what is not kept yet, or was discarded', async () => {
      const bytes = randomBytes(1000);
      const staged = await archives.stage(org, streamOf([bytes]));
      expect(await read(staged.digest)).toBeUndefined();
      await staged.discard();
      expect(await read(staged.digest)).toBeUndefined();
      expect(await read(sha256(randomBytes(9)))).toBeUndefined();
    });

    it('keeps the same bytes twice without harm, and takes nothing at all', async () => {
      for (const bytes of [randomBytes(50), Buffer.alloc(0)]) {
        const [one, other] = [
          await archives.stage(org, streamOf([bytes])),
          await archives.stage(org, streamOf([bytes])),
        ];
        await Promise.all([one.keep(), other.keep()]);
        expect((await read(one.digest))?.equals(bytes)).toBe(true);
      }
    });

    it('removes what is there and what is not', async () => {
      const staged = await archives.stage(org, streamOf([randomBytes(77)]));
      await staged.keep();
      await archives.remove(org, staged.digest);
      expect(await read(staged.digest)).toBeUndefined();
      await archives.remove(org, staged.digest);
    });

    it('keeps nothing of a stream that broke off, and says what broke it', async () => {
      await expect(archives.stage(org, broken())).rejects.toThrow('connection lost');
    });

    it('refuses an organisation that would leave its folder', async () => {
      await expect(archives.stage('../x', streamOf([]))).rejects.toThrow(/organisation/);
      await expect(archives.open('../x', sha256('x'))).rejects.toThrow(/organisation/);
    });
  });
}

async function* streamOf(chunks: readonly Buffer[]): AsyncIterable<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function* broken(): AsyncIterable<Buffer> {
  yield await Promise.resolve(randomBytes(100_000));
  throw new Error('connection lost');
}
