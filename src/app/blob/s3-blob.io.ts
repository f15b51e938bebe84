import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BlobStore, OpenBlob } from '../../kernel/blob.js';
import { algorithmOf, digestFrom, hexOf, sha256, type Digest } from '../../kernel/digest.js';

export interface S3Settings {
  readonly bucket: string;
  /** Of every key; ends in a slash where it is not empty. */
  readonly prefix: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
}

/** Two of these are held per upload; a service takes 10,000 of them, so this is enough for 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

/**
 * Blobs in a bucket of an S3-compatible service: `<prefix><orgId>/sha256/ab/<hex>`. What is streamed gets its
 * name by a copy within the service once all of it is there; what a killed put left lies below
 * `<prefix><orgId>/incoming/`, for a rule of the bucket to remove. Credentials are found the way AWS tools find
 * them (environment, profile, role of the machine); none is held or logged here.
 */
export class S3BlobStore implements BlobStore {
  private readonly client: S3Client;

  constructor(private readonly settings: S3Settings) {
    const { region, endpoint, pathStyle } = settings;
    this.client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      ...(endpoint !== undefined && { endpoint }),
      // Servers other than Amazon's may not know its newer checksums; ours is the digest.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async put(orgId: string, bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const key = this.keyOf(orgId, digest);
    if ((await this.sizeOf(key)) === bytes.length) return digest;
    await this.client.send(
      new PutObjectCommand({ ...this.at(key), Body: bytes, ContentLength: bytes.length }),
    );
    return digest;
  }

  async putStream(
    orgId: string,
    source: AsyncIterable<Uint8Array>,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    const draft = `${this.folderOf(orgId)}/incoming/${randomUUID()}`;
    const tap = new Tap(source);
    try {
      await new Upload({
        client: this.client,
        params: { ...this.at(draft), Body: Readable.from(tap.bytes(), { objectMode: false }) },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      }).done();
      tap.rethrow();
      const { digest, sizeBytes } = tap.result();
      await this.client.send(
        new CopyObjectCommand({
          ...this.at(this.keyOf(orgId, digest)),
          CopySource: encodeURI(`${this.settings.bucket}/${draft}`),
        }),
      );
      return { digest, sizeBytes };
    } catch (error) {
      tap.rethrow(); // what the source said, not what the upload made of it
      throw error;
    } finally {
      await this.remove(draft);
    }
  }

  async get(orgId: string, digest: Digest): Promise<Buffer | undefined> {
    const opened = await this.open(orgId, digest);
    if (!opened) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async open(orgId: string, digest: Digest): Promise<OpenBlob | undefined> {
    if (algorithmOf(digest) !== 'sha256') return undefined;
    try {
      const answer = await this.client.send(new GetObjectCommand(this.at(this.keyOf(orgId, digest))));
      return { sizeBytes: answer.ContentLength ?? 0, bytes: answer.Body as Readable };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  private async sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await this.client.send(new HeadObjectCommand(this.at(key)))).ContentLength;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** A draft that stays is no harm but its price. */
  private async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key))).catch(() => undefined);
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: key };
  }

  private keyOf(orgId: string, digest: Digest): string {
    const hex = hexOf(digest);
    return `${this.folderOf(orgId)}/sha256/${hex.slice(0, 2)}/${hex}`;
  }

  private folderOf(orgId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(orgId)) throw new Error('not an organisation id'); // it becomes part of a key
    return `${this.settings.prefix}${orgId}`;
  }
}

/** Hashes and counts what goes by, and remembers why it ended before its end. */
class Tap {
  private failure: Error | undefined;
  private readonly hash = createHash('sha256');
  private sizeBytes = 0;

  constructor(private readonly source: AsyncIterable<Uint8Array>) {}

  async *bytes(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.source) {
        this.hash.update(chunk);
        this.sizeBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /** Throws what the source threw, if it did. */
  rethrow(): void {
    if (this.failure) throw this.failure;
  }

  result(): { digest: Digest; sizeBytes: number } {
    return { digest: digestFrom(`sha256:${this.hash.digest('hex')}`), sizeBytes: this.sizeBytes };
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.name === 'NoSuchKey' || error.name === 'NotFound' || error.$metadata.httpStatusCode === 404);
