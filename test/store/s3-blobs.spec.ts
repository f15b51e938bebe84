import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { S3BlobStore } from '../../src/app/blob/s3-blob.io.js';
import type { S3Settings } from '../../src/app/blob/s3-bucket.io.js';
import { S3Sources } from '../../src/app/blob/s3-sources.io.js';
import { sha256 } from '../../src/kernel/digest.js';
import { blobStoreContract } from '../support/blob.contract.js';
import { sourceArchivesContract } from '../support/sources.contract.js';

/**
 * A program that serves S3 on the port it is told: gofakes3, a server in Go that keeps everything in memory.
 * `npm run test:s3` builds it and runs this file with it.
 */
const program = process.env['ASSAY_TEST_S3_SERVER'];
if (program === undefined)
  it('S3 was skipped: ASSAY_TEST_S3_SERVER names no S3-compatible server', () => {
    expect(program).toBeUndefined();
  });

(program === undefined ? describe.skip : describe)('an S3-compatible service', () => {
  let server: ChildProcess;
  let settings: S3Settings;
  let raw: S3Client;
  const bucket = 'evidence';

  beforeAll(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${String(port)}`;
    server = spawn(program ?? '', ['-backend', 'memory', '-host', `127.0.0.1:${String(port)}`], {
      stdio: 'ignore',
    });
    settings = { bucket, prefix: 'assay/', endpoint, region: 'eu-central-1', pathStyle: true };
    raw = new S3Client({ endpoint, region: settings.region, forcePathStyle: true });
    await untilMade();
  }, 60_000);
  afterAll(() => {
    raw.destroy();
    server.kill();
  });

  async function untilMade(): Promise<void> {
    for (let tried = 0; ; tried += 1) {
      try {
        await raw.send(new CreateBucketCommand({ Bucket: bucket }));
        return;
      } catch (error) {
        if (tried > 100) throw error;
        await pause(100);
      }
    }
  }

  const keys = async (): Promise<readonly string[]> => {
    const { Contents = [] } = await raw.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  };

  blobStoreContract('a bucket', () => Promise.resolve(new S3BlobStore(settings)));
  sourceArchivesContract('a bucket', () => Promise.resolve(new S3Sources(settings)));

  it('streams what is larger than one part', async () => {
    const blobs = new S3BlobStore(settings);
    const org = randomUUID();
    const chunks = Array.from({ length: 20 }, () => randomBytes(1024 * 1024));
    const stored = await blobs.putStream(org, streamOf(chunks));
    expect(stored).toEqual({ digest: sha256(Buffer.concat(chunks)), sizeBytes: 20 * 1024 * 1024 });
    expect((await blobs.get(org, stored.digest))?.equals(Buffer.concat(chunks))).toBe(true);
  }, 60_000);

  it('lays a blob where its digest says, and leaves no draft, also of what broke off', async () => {
    const blobs = new S3BlobStore(settings);
    const org = randomUUID();
    const { digest } = await blobs.putStream(org, streamOf([Buffer.from('evidence')]));
    await expect(blobs.putStream(org, broken())).rejects.toThrow('connection lost');
    const hex = digest.slice('sha256:'.length);
    expect((await keys()).filter((key) => key.includes(org))).toEqual([
      `assay/${org}/sha256/${hex.slice(0, 2)}/${hex}`,
    ]);
  });

  it('lays sources apart from blobs, and leaves no draft of them', async () => {
    const sources = new S3Sources(settings);
    const org = randomUUID();
    const staged = await sources.stage(org, streamOf([Buffer.from('source')]));
    await staged.keep();
    await (await sources.stage(org, streamOf([Buffer.from('other')]))).discard();
    await expect(sources.stage(org, broken())).rejects.toThrow('connection lost');
    const hex = staged.digest.slice('sha256:'.length);
    expect((await keys()).filter((key) => key.includes(org))).toEqual([`assay/${org}/sources/${hex}`]);
    expect(await new S3BlobStore(settings).get(org, staged.digest)).toBeUndefined();
  });

  it('refuses an organisation that would leave its folder', async () => {
    await expect(new S3BlobStore(settings).put('../x', Buffer.from('x'))).rejects.toThrow(/organisation/);
  });

  it('does not take a service that cannot be reached for a blob that is not there', async () => {
    const nowhere = new S3BlobStore({ ...settings, endpoint: 'http://127.0.0.1:1' });
    await expect(nowhere.get(randomUUID(), sha256('x'))).rejects.toThrow();
  }, 30_000);
});

async function* streamOf(chunks: readonly Buffer[]): AsyncIterable<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function* broken(): AsyncIterable<Buffer> {
  yield await Promise.resolve(randomBytes(9 * 1024 * 1024));
  throw new Error('connection lost');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
