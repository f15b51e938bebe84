import type { BlobPart, BlobStore, OpenBlob } from '../../kernel/blob.js';
import { algorithmOf, hexOf, sha256, type Digest } from '../../kernel/digest.js';
import { S3Bucket, type S3Settings } from './s3-bucket.io.js';

/**
 * Blobs in a bucket of an S3-compatible service: `<prefix><orgId>/sha256/ab/<hex>`. What is streamed gets its
 * name by a copy within the service once all of it is there; what a killed put left lies below
 * `<prefix><orgId>/incoming/`, for a rule of the bucket to remove.
 */
export class S3BlobStore implements BlobStore {
  private readonly bucket: S3Bucket;

  constructor(settings: S3Settings) {
    this.bucket = new S3Bucket(settings);
  }

  async put(orgId: string, bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const key = this.keyOf(orgId, digest);
    if ((await this.bucket.sizeOf(key)) !== bytes.length) await this.bucket.put(key, bytes);
    return digest;
  }

  async putStream(
    orgId: string,
    source: AsyncIterable<Uint8Array>,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    const draft = await this.bucket.draft(`${this.bucket.folderOf(orgId)}/incoming`, source);
    const { digest, sizeBytes } = draft;
    try {
      await draft.copyTo(this.keyOf(orgId, digest));
    } finally {
      await draft.discard();
    }
    return { digest, sizeBytes };
  }

  async get(orgId: string, digest: Digest): Promise<Buffer | undefined> {
    const opened = await this.open(orgId, digest);
    if (!opened) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async open(orgId: string, digest: Digest, part?: BlobPart): Promise<OpenBlob | undefined> {
    return algorithmOf(digest) === 'sha256' ? this.bucket.open(this.keyOf(orgId, digest), part) : undefined;
  }

  private keyOf(orgId: string, digest: Digest): string {
    const hex = hexOf(digest);
    return `${this.bucket.folderOf(orgId)}/sha256/${hex.slice(0, 2)}/${hex}`;
  }
}
