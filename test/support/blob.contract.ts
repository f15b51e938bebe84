import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { BlobStore } from '../../src/kernel/blob.js';
import { digestFrom, sha256 } from '../../src/kernel/digest.js';

/** What every blob store must do, whatever it stores on. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} keeps the blob contract`, () => {
    const org = randomUUID();
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await open();
    });

    it('gives back the bytes under their SHA-256', async () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from('evidence'), randomBytes(300_000)]) {
        const digest = await blobs.put(org, bytes);
        expect(digest).toBe(sha256(bytes));
        expect((await blobs.get(org, digest))?.equals(bytes)).toBe(true); // toEqual goes byte by byte
      }
    });

    it('has equal bytes once, however often and however they come', async () => {
      const bytes = randomBytes(20_000);
      const digests = [
        await blobs.put(org, bytes),
        ...(await Promise.all([blobs.put(org, bytes), blobs.put(org, Buffer.from(bytes))])),
        (await blobs.putStream(org, streamOf([bytes.subarray(0, 9), bytes.subarray(9)]))).digest,
        await blobs.put(org, bytes),
      ];
      expect(new Set(digests)).toEqual(new Set([sha256(bytes)]));
      expect((await blobs.get(org, sha256(bytes)))?.equals(bytes)).toBe(true);
    });

    it('streams, and reports the digest and size of what was stored', async () => {
      const chunks = [randomBytes(70_000), Buffer.from('b'), randomBytes(10)];
      const whole = Buffer.concat(chunks);
      expect(await blobs.putStream(org, streamOf(chunks))).toEqual({
        digest: sha256(whole),
        sizeBytes: 70_011,
      });
      expect((await blobs.get(org, sha256(whole)))?.equals(whole)).toBe(true);
    });

    it('opens what may not fit into memory, and says how large it is', async () => {
      const bytes = randomBytes(700_000);
      const opened = await blobs.open(org, await blobs.put(org, bytes));
      const chunks: Uint8Array[] = [];
      for await (const chunk of opened?.bytes ?? []) chunks.push(chunk);
      expect(opened?.sizeBytes).toBe(700_000);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      expect(await blobs.open(org, sha256('never'))).toBeUndefined();
      expect(await blobs.open(randomUUID(), sha256(bytes))).toBeUndefined();
    });

    it('opens a part of it', async () => {
      const bytes = randomBytes(400_000);
      const digest = await blobs.put(org, bytes);
      for (const part of [
        { start: 0, end: 0 },
        { start: 0, end: 399_999 },
        { start: 70_000, end: 300_000 },
        { start: 399_999, end: 399_999 },
      ]) {
        const opened = await blobs.open(org, digest, part);
        const chunks: Uint8Array[] = [];
        for await (const chunk of opened?.bytes ?? []) chunks.push(chunk);
        expect(opened?.sizeBytes).toBe(400_000);
        expect(Buffer.concat(chunks).equals(bytes.subarray(part.start, part.end + 1))).toBe(true);
      }
    });

    it('answers undefined for what was never put', async () => {
      expect(await blobs.get(org, sha256('never'))).toBeUndefined();
      expect(await blobs.get(org, digestFrom(`gitCommit:${'a'.repeat(40)}`))).toBeUndefined();
    });

    it('shows no organisation the blobs of another', async () => {
      const digest = await blobs.put(org, Buffer.from('mine'));
      expect(await blobs.get(randomUUID(), digest)).toBeUndefined();
    });

    it('takes equal bytes twice, also at the same time', async () => {
      const bytes = randomBytes(50_000);
      const digests = await Promise.all([1, 2, 3, 4].map(() => blobs.put(org, bytes)));
      expect(new Set(digests)).toEqual(new Set([sha256(bytes)]));
      expect((await blobs.get(org, sha256(bytes)))?.equals(bytes)).toBe(true);
    });

    it('keeps nothing of a source that breaks off', async () => {
      const broken = brokenAfter(Buffer.from('half of it'));
      await expect(blobs.putStream(org, broken)).rejects.toThrow('connection lost');
      expect(await blobs.get(org, sha256('half of it'))).toBeUndefined();
    });
  });
}

async function* streamOf(chunks: readonly Buffer[]): AsyncIterable<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function* brokenAfter(chunk: Buffer): AsyncIterable<Buffer> {
  yield await Promise.resolve(chunk);
  throw new Error('connection lost');
}
