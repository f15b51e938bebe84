import { Readable } from 'node:stream';
import type { BlobStore, BlobPart, OpenBlob } from '../../src/kernel/blob.js';
import { sha256, type Digest } from '../../src/kernel/digest.js';

/** Held to the same contract as the real one by test/store/blobs.spec.ts. */
export class MemoryBlobStore implements BlobStore {
  private readonly blobs = new Map<string, Buffer>();

  put(orgId: string, bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    this.blobs.set(`${orgId} ${digest}`, Buffer.from(bytes));
    return Promise.resolve(digest);
  }

  async putStream(
    orgId: string,
    source: AsyncIterable<Uint8Array>,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    return { digest: await this.put(orgId, bytes), sizeBytes: bytes.length };
  }

  get(orgId: string, digest: Digest): Promise<Buffer | undefined> {
    return Promise.resolve(this.blobs.get(`${orgId} ${digest}`));
  }

  async open(orgId: string, digest: Digest, part?: BlobPart): Promise<OpenBlob | undefined> {
    const blob = await this.get(orgId, digest);
    return (
      blob && {
        sizeBytes: blob.length,
        bytes: Readable.from([part ? blob.subarray(part.start, part.end + 1) : blob]),
      }
    );
  }
}
