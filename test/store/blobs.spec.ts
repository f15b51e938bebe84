import { afterAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBlobStore } from '../../src/app/blob/local-blob.io.js';
import { blobStoreContract } from '../support/blob.contract.js';
import { MemoryBlobStore } from '../support/memory-blobs.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-blobs-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

blobStoreContract('the local disk', () => Promise.resolve(new LocalBlobStore(folder)));
blobStoreContract('memory', () => Promise.resolve(new MemoryBlobStore()));

it('lays a blob where its digest says, readable by its owner alone, and leaves no draft', async () => {
  const org = randomUUID();
  const digest = await new LocalBlobStore(folder).put(org, Buffer.from('evidence'));
  const hex = digest.slice('sha256:'.length);
  expect(statSync(join(folder, org, 'sha256', hex.slice(0, 2), hex)).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, org, 'incoming'))).toEqual([]);
});

it('does not write again what is there, and mends what was cut short', async () => {
  const [org, bytes] = [randomUUID(), Buffer.from('a page that did not change')];
  const blobs = new LocalBlobStore(folder);
  const hex = (await blobs.put(org, bytes)).slice('sha256:'.length);
  const path = join(folder, org, 'sha256', hex.slice(0, 2), hex);
  const { ino } = statSync(path);
  await blobs.put(org, bytes);
  expect(statSync(path).ino).toBe(ino);
  writeFileSync(path, bytes.subarray(0, 5));
  await blobs.put(org, bytes);
  expect(statSync(path).size).toBe(bytes.length);
});

it('refuses an organisation that would leave the folder', async () => {
  await expect(new LocalBlobStore(folder).put('../../../etc', Buffer.from('x'))).rejects.toThrow(
    /organisation/,
  );
});

it('removes what a killed put left a day ago, and nothing younger', async () => {
  const org = randomUUID();
  const incoming = join(folder, org, 'incoming');
  mkdirSync(incoming, { recursive: true });
  writeFileSync(join(incoming, 'draft'), 'half');
  const blobs = new LocalBlobStore(folder);
  expect(await blobs.removeAbandoned(Date.now())).toBe(0);
  expect(await blobs.removeAbandoned(Date.now() + 25 * 3_600_000)).toBe(1);
  expect(readdirSync(incoming)).toEqual([]);
});
