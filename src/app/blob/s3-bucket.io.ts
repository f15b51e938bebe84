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
import type { BlobPart, OpenBlob } from '../../kernel/blob.js';
import { digestFrom, type Digest } from '../../kernel/digest.js';

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

/** Streamed bytes that lie under a name of their own until it is known where they belong. */
export interface S3Draft {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** A copy within the service. The draft stays until it is discarded. */
  copyTo(key: string): Promise<void>;
  discard(): Promise<void>;
}

/**
 * One bucket of an S3-compatible service. Credentials are found the way AWS tools find them (environment, profile, role
 * of the machine); none is held or logged here.
 */
export class S3Bucket {
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

  /** `<prefix><orgId>`; refuses what would leave its folder. */
  folderOf(orgId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(orgId)) throw new Error('not an organisation id'); // it becomes part of a key
    return `${this.settings.prefix}${orgId}`;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.client.send(
      new PutObjectCommand({ ...this.at(key), Body: bytes, ContentLength: bytes.length }),
    );
  }

  /** Below `folder`, under a fresh name. A draft that breaks off is discarded, and what `source` threw is thrown. */
  async draft(folder: string, source: AsyncIterable<Uint8Array>): Promise<S3Draft> {
    const key = `${folder}/${randomUUID()}`;
    const tap = new Tap(source);
    try {
      await new Upload({
        client: this.client,
        params: { ...this.at(key), Body: Readable.from(tap.bytes(), { objectMode: false }) },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      }).done();
      tap.rethrow();
    } catch (error) {
      await this.discard(key);
      tap.rethrow(); // what the source said, not what the upload made of it
      throw error;
    }
    return {
      ...tap.result(),
      copyTo: async (to) => {
        const CopySource = encodeURI(`${this.settings.bucket}/${key}`);
        await this.client.send(new CopyObjectCommand({ ...this.at(to), CopySource }));
      },
      discard: () => this.discard(key),
    };
  }

  /** Of a `part` only its bytes; `sizeBytes` is of the whole. Undefined when absent. */
  async open(key: string, part?: BlobPart): Promise<OpenBlob | undefined> {
    const Range = part && `bytes=${String(part.start)}-${String(part.end)}`;
    try {
      const answer = await this.client.send(
        new GetObjectCommand({ ...this.at(key), ...(Range !== undefined && { Range }) }),
      );
      const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
      if (part && whole === undefined) throw new Error('the service does not know parts of an object');
      return { sizeBytes: Number(whole ?? answer.ContentLength ?? 0), bytes: answer.Body as Readable };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await this.client.send(new HeadObjectCommand(this.at(key)))).ContentLength;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** Removing what is absent is harmless. */
  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key)));
  }

  /** A draft that stays is no harm but its price. */
  private async discard(key: string): Promise<void> {
    await this.remove(key).catch(() => undefined);
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: key };
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
