import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ThreadedNormaliser, NORMALISER_LIMITS } from '../../src/evidence/large/threaded-normaliser.io.js';
import { decodePage } from '../../src/formats/model/finding-page.js';
import { encodeDocument } from '../../src/formats/model/document.js';
import { digestFrom, sha256 } from '../../src/kernel/digest.js';
import { MemoryBlobStore } from '../support/memory-blobs.js';

const scratch = mkdtempSync(join(tmpdir(), 'assay-normalise-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});
const orgId = randomUUID();
const threadFile = pathToFileURL(
  join(import.meta.dirname, '../../dist/src/evidence/large/normalise-thread.io.js'), // built by global-setup
);

const sarif = (count: number, message = 'm'): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'T' } },
          results: Array.from({ length: count }, (_, n) => ({
            ruleId: `r${String(n % 5)}`,
            message: { text: `${message} ${String(n)}` },
            locations: [{ physicalLocation: { artifactLocation: { uri: `src/${String(n % 90)}.ts` } } }],
          })),
        },
      ],
    }),
  );

const normaliser = (blobs: MemoryBlobStore, limits: object = {}): ThreadedNormaliser =>
  new ThreadedNormaliser(blobs, { ...NORMALISER_LIMITS, threadFile, scratch, ...limits });

async function stored(blobs: MemoryBlobStore, bytes: Buffer) {
  return { orgId, digest: await blobs.put(orgId, bytes), sizeBytes: bytes.length };
}

describe('a thread that normalises', () => {
  it('makes the document and the pages that are made in place', async () => {
    for (const count of [3, 9000]) {
      const [one, other] = [new MemoryBlobStore(), new MemoryBlobStore()];
      const bytes = sarif(count);
      const inThread = await normaliser(one, { threadAboveBytes: 0 }).normalise(await stored(one, bytes), {});
      const inPlace = await normaliser(other, { threadAboveBytes: Infinity }).normalise(
        await stored(other, bytes),
        {},
      );
      if (!inThread.ok || !inPlace.ok) throw new Error('not normalised');
      const { value: document } = inThread;
      expect(sha256(encodeDocument(document))).toBe(sha256(encodeDocument(inPlace.value)));
      let found = document.findings.length;
      for (const { digest } of document.pages) {
        const page = await one.get(orgId, digestFrom(digest));
        found += decodePage(page ?? Buffer.alloc(0)).length;
      }
      expect(found).toBe(count);
    }
    expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]);
  });

  it('reads several files at the same time, one after the other', async () => {
    const blobs = new MemoryBlobStore();
    const one = normaliser(blobs, { threadAboveBytes: 0 });
    const files = await Promise.all(['a', 'b', 'c'].map((text) => stored(blobs, sarif(20, text))));
    const documents = await Promise.all(files.map((file) => one.normalise(file, {})));
    expect(documents.map((each) => each.ok && each.value.findings[0]?.message)).toEqual([
      'a 0',
      'b 0',
      'c 0',
    ]);
  });

  it('says when the bytes are gone or are others', async () => {
    const blobs = new MemoryBlobStore();
    const file = { ...(await stored(blobs, sarif(3))), digest: sha256('gone') };
    const one = normaliser(blobs, { threadAboveBytes: 0 });
    expect(await one.normalise(file, {})).toEqual({ ok: false, problem: { kind: 'BytesMissing' } });
    const altered = Object.assign(new MemoryBlobStore(), { open: () => blobs.open(orgId, sha256(sarif(3))) });
    expect(await normaliser(altered, { threadAboveBytes: 0 }).normalise(file, {})).toEqual({
      ok: false,
      problem: { kind: 'BytesAltered', actual: sha256(sarif(3)) },
    });
  });

  it.each([
    ['time', { timeLimitMs: 1 }],
    ['memory', { heapMb: 1 }],
  ])('that runs out of %s leaves a document that says so', async (_, limit) => {
    const blobs = new MemoryBlobStore();
    const beside = Array.from({ length: 300_000 }, (_, n) => [String(n)]);
    const bytes = Buffer.from(JSON.stringify({ version: '2.1.0', beside, runs: [] }));
    const file = await stored(blobs, bytes);
    const outcome = await normaliser(blobs, { threadAboveBytes: -1, ...limit }).normalise(
      { ...file, sizeBytes: 0 },
      { declaredFormat: 'sarif' },
    );
    expect(outcome).toMatchObject({
      ok: true,
      value: { state: 'ERROR', format: 'sarif', kinds: ['sast'], reasons: [{ code: 'format.exhausted' }] },
    });
  });
});
