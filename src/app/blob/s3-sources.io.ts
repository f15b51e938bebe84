import { hexOf, type Digest } from '../../kernel/digest.js';
import type { SourceArchives, StagedSource } from '../../scan/source-archives.port.js';
import { S3Bucket, type S3Settings } from './s3-bucket.io.js';

/**
 * Source archives in a bucket, for workers that share no disk with the API: `<prefix><orgId>/sources/<hex>`, apart from
 * the blobs, so that a rule of the bucket can keep people away. What a killed upload left lies below
 * `<prefix><orgId>/incoming/`, as with blobs.
 */
export class S3Sources implements SourceArchives {
  private readonly bucket: S3Bucket;

  constructor(settings: S3Settings) {
    this.bucket = new S3Bucket(settings);
  }

  async stage(orgId: string, bytes: AsyncIterable<Uint8Array>): Promise<StagedSource> {
    const draft = await this.bucket.draft(`${this.bucket.folderOf(orgId)}/incoming`, bytes);
    const { digest, sizeBytes } = draft;
    const keep = async (): Promise<void> => {
      await draft.copyTo(this.keyOf(orgId, digest));
      await draft.discard();
    };
    return { digest, sizeBytes, keep, discard: () => draft.discard() };
  }

  async open(orgId: string, digest: Digest): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.bucket.open(this.keyOf(orgId, digest)))?.bytes;
  }

  remove(orgId: string, digest: Digest): Promise<void> {
    return this.bucket.remove(this.keyOf(orgId, digest));
  }

  private keyOf(orgId: string, digest: Digest): string {
    return `${this.bucket.folderOf(orgId)}/sources/${hexOf(digest)}`;
  }
}
